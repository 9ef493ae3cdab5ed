//! *Chat API Version 1* with its notification mode on: the requests of [`gms_v1`], and the news
//! pushed on `/_genesys`. The header `gms_user` alone ties the two together.
//!
//! Each event is pushed once, and no position that is sent brings one back. A push says where it ends: its
//! events are counted back from there.
//!
//! Source: the vendor's page of that name, and `docs/servers.md` for what live servers do beyond it.

use super::gms_v1::{self, ReadAfter};
use super::{
    Action, ChatStatus, DecodeError, Encoded, Keys, Outcome, Reply, ReplyKind,
    json::{self, Object},
};
use crate::io::Body;
use crate::model::EventIndex;

/// The channel of all news.
pub(crate) const CHANNEL: &str = "/_genesys";
/// The header that names the visitor, on every request.
pub(crate) const USER: &str = "gms_user";
/// What stands before the service's id in the tag of a push.
const TAG: &str = "service.chat.refresh.";

/// Puts an action into words for a chat; `None` if these servers have no word for it.
#[must_use]
pub fn encode(action: &Action, service: &str, keys: &Keys) -> Option<Encoded> {
    let mut encoded = gms_v1::encode(action, service, keys)?;
    let more = match action {
        Action::Join(_) => "&notify_by=comet",
        // Without it the reply says nothing about the chat.
        Action::Refresh { .. } => "&_verbose=true",
        _ => "",
    };
    if let Body::Form(form) = &mut encoded.body {
        form.push_str(more);
    }
    Some(encoded)
}

/// Reads a reply. It brings no events; its position is that of the last one there is.
///
/// # Errors
/// Fails if it is not a reply of this server: the caller goes by the HTTP status then.
pub fn decode(reply_kind: ReplyKind, status: u16, body: &str) -> Result<Reply, DecodeError> {
    if let Some(outcome) = gms_v1::by_status(reply_kind, status) {
        return Ok(Reply::of(outcome, ChatStatus::Unknown));
    }
    let reply = json::parse_object(body)
        .filter(|_| status < 400)
        .ok_or(DecodeError)?;
    let pushes = reply.get("comet_channel").is_some();
    let mut news = if pushes && reply.get("chatIxnState").is_none() {
        // The outcome is pushed.
        Reply::of(Outcome::Done, ChatStatus::Unknown)
    } else {
        gms_v1::read(reply_kind, &reply, EventIndex(0))?
    };
    news.events.clear();
    news.events_missing = pushes || !gms_v1::is_listed(&reply);
    news.next = gms_v1::position(&reply).map(Into::into);
    Ok(news)
}

/// Reads what was pushed. Where it does not say how far it goes, it goes on from `last`, the last event known.
///
/// # Errors
/// Fails if it is not about a chat.
pub fn read(data: &Object, last: EventIndex) -> Result<Reply, DecodeError> {
    let message = json::object(data, "message").ok_or(DecodeError)?;
    let count = json::list(&message, "transcriptToShow").len() as u64;
    let position = gms_v1::position(&message).and_then(|ReadAfter(end)| end.checked_sub(count));
    let before = position.map_or(last, EventIndex);
    let mut news = gms_v1::read(ReplyKind::Transcript, &message, before)?;
    let tag = json::text(data, "tag").unwrap_or_default();
    news.keys.chat = tag.strip_prefix(TAG).unwrap_or_default().into();
    Ok(news)
}
