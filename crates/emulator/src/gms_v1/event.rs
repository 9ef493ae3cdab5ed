//! Events as this dialect shows them: arrays of five strings.

use serde_json::{Value, json};

use crate::model::{Chat, Event, EventKind, Role};

/// A position in a transcript: the number of the last event, which is not shown again. The visitor's own join is 1
/// (protocol section 2, positions).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(pub u32);

impl Position {
    /// The position after the visitor's own join, which is never shown: 0 means the same.
    pub const START: Self = Self(1);
}

/// Lists what is shown of a chat after a position.
pub(super) fn transcript(chat: &Chat, after: Position) -> Vec<Value> {
    let after = after.max(Position::START);
    chat.numbered_after(after.0)
        .map(|(_, event)| to_json(chat, event))
        .collect()
}

/// Returns the position after everything.
pub(super) fn last(chat: &Chat) -> Position {
    Position(chat.last_number())
}

/// Returns the position up to which events were delivered to readers who give no position.
pub(super) fn delivered(chat: &Chat) -> Position {
    Position(chat.number_up_to(chat.delivered_up_to()))
}

fn to_json(chat: &Chat, event: &Event) -> Value {
    let (name, text) = words(&event.kind).unwrap_or_default();
    let since_ms = event.at_ms.saturating_sub(chat.started_at_ms()).max(0);
    let role = match event.from.role {
        Role::Visitor => "CLIENT",
        Role::Agent | Role::Supervisor | Role::Bot => "AGENT",
        Role::External => "EXTERNAL",
    };
    let seconds = (since_ms / 1000).to_string();
    json!([name, event.from.nickname, text, seconds, role])
}

/// Returns the type and the text of an event that is shown.
fn words(kind: &EventKind) -> Option<(&'static str, &str)> {
    Some(match kind {
        EventKind::Message { text, .. } | EventKind::Notice { text } => ("Message.Text", text),
        EventKind::Joined => ("Notice.Joined", "has joined the session"),
        // The dialect has no field for the reason.
        EventKind::Left { .. } => ("Notice.Left", "has left the session"),
        EventKind::TypingStarted => ("Notice.TypingStarted", "is typing"),
        EventKind::TypingStopped => ("Notice.TypingStopped", "stopped typing"),
        EventKind::PushUrl { url } => ("Notice.PushUrl", url),
        EventKind::CustomNotice { text } => ("Notice.Custom", text.as_deref().unwrap_or_default()),
        EventKind::NicknameUpdated
        | EventKind::FileUploaded { .. }
        | EventKind::FileDeleted { .. }
        | EventKind::IdleAlert { .. }
        | EventKind::IdleClose
        | EventKind::Preview { .. }
        | EventKind::Read { .. }
        | EventKind::Hidden => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Dialect, every_kind};

    #[test]
    fn exactly_what_has_a_number_has_words() {
        for kind in every_kind() {
            let numbered = Dialect::GmsV1.shows(&kind);
            assert_eq!(words(&kind).is_some(), numbered, "{kind:?}");
        }
    }
}
