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
    let reply = json::parse(body)?;
    let has = |key| reply.get(key).is_some();
    // Other servers' errors have a path, too; of no chat.
    let is_sign = |sign| has(sign) && (sign != "path" || has("id"));
    let (_, other) = SIGNS.iter().find(|(sign, _)| is_sign(sign))?;
    (own.polled() != *other).then_some(*other)
}

/// Tells whether a reply of version 1 has a list of events, and does not say where they are pushed.
#[cfg(feature = "cometd")]
pub(crate) fn shows_transcript(body: &str) -> bool {
    json::parse(body).is_some_and(|reply| {
        reply.get("transcriptToShow").is_some() && reply.get("comet_channel").is_none()
    })
}

impl DialectKind {
    /// Names the dialect as a tenant's file does.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GmsV2 => "gms-v2",
            Self::GmsV2Cometd => "gms-v2-cometd",
            Self::GmsV1 => "gms-v1",
            Self::GmsV1Cometd => "gms-v1-cometd",
            Self::Gws => "gws",
        }
    }

    /// Names the dialect that differs only in that nothing is pushed.
    pub(crate) fn polled(self) -> Self {
        match self {
            Self::GmsV2Cometd => Self::GmsV2,
            Self::GmsV1Cometd => Self::GmsV1,
            other => other,
        }
    }
}
