//! Replies of servers that speak another dialect than the tenant's file says.

use super::json;
use crate::settings::DialectKind;

/// What only one family's replies hold (`docs/servers.md`).
const SIGNS: [(&str, DialectKind); 5] = [
    ("chatIxnState", DialectKind::GmsV1),
    ("_id", DialectKind::GmsV1),
    ("chatEnded", DialectKind::GmsV2),
    ("chat", DialectKind::Gws),
    ("path", DialectKind::Gws),
];

/// Tells whose reply this is, if it is one of another family than the dialect's.
pub(crate) fn speaker(own: DialectKind, body: &str) -> Option<DialectKind> {
    let reply = json::parse_object(body)?;
    let has = |key| reply.get(key).is_some();
    // Other servers' errors have a path, too, but no id.
    let is_sign = |sign| has(sign) && (sign != "path" || has("id"));
    let (_, other) = SIGNS.iter().find(|(sign, _)| is_sign(sign))?;
    (own.polled() != *other).then_some(*other)
}

impl DialectKind {
    /// Names the dialect that differs only in that nothing is pushed.
    pub(crate) fn polled(self) -> Self {
        match self {
            Self::GmsV2Cometd => Self::GmsV2,
            Self::GmsV1Cometd => Self::GmsV1,
            other => other,
        }
    }
}
