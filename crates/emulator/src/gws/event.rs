//! Events and people as this dialect shows them.

use serde_json::{Map, Value, json};

use crate::model::{Chat, Event, EventKind, ParticipantId, Role};

/// Lists what is shown of a chat, from the number `first` on; 0 = from the start, too.
pub(super) fn transcript(chat: &Chat, first: u64) -> Vec<Value> {
    let before = first.saturating_sub(1);
    after(chat, u32::try_from(before).unwrap_or(u32::MAX))
}

/// Lists what is shown of a chat and came after readers without a position were last told.
pub(super) fn news(chat: &Chat) -> Vec<Value> {
    after(chat, chat.number_up_to(chat.delivered_up_to()))
}

/// Names somebody as `from` and `participants` do. The id is a string, as in the vendor's samples.
pub(super) fn person(id: ParticipantId, nickname: &str, role: Role) -> Value {
    json!({"nickname": nickname, "participantId": id.0.to_string(), "type": kind(role)})
}

/// Returns whether somebody of this role counts as an agent for visitors.
pub(super) fn is_agent(role: Role) -> bool {
    kind(role) == "Agent"
}

fn kind(role: Role) -> &'static str {
    match role {
        Role::Visitor => "Customer",
        Role::Agent | Role::Supervisor | Role::Bot => "Agent",
        Role::External => "External",
    }
}

fn after(chat: &Chat, number: u32) -> Vec<Value> {
    chat.numbered_after(number)
        .map(|(number, event)| to_json(number, event))
        .collect()
}

fn to_json(number: u32, event: &Event) -> Value {
    let mut out = Map::new();
    let from = &event.from;
    out.insert(
        "from".into(),
        person(from.participant, &from.nickname, from.role),
    );
    out.insert("index".into(), json!(number));
    if let Some((name, text)) = words(&event.kind) {
        out.insert("type".into(), json!(name));
        out.extend(text.map(|text| ("text".to_owned(), json!(text))));
    }
    Value::Object(out)
}

/// Returns the type and the text of an event that is shown.
fn words(kind: &EventKind) -> Option<(&'static str, Option<&str>)> {
    Some(match kind {
        EventKind::Joined => ("ParticipantJoined", None),
        // The dialect has no field for the reason.
        EventKind::Left { .. } => ("ParticipantLeft", None),
        EventKind::TypingStarted => ("TypingStarted", None),
        EventKind::TypingStopped => ("TypingStopped", None),
        EventKind::Message { text, .. }
        | EventKind::Notice { text }
        | EventKind::PushUrl { url: text } => ("Text", Some(text)),
        EventKind::NicknameUpdated
        | EventKind::FileUploaded { .. }
        | EventKind::FileDeleted { .. }
        | EventKind::CustomNotice { .. }
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
            let numbered = Dialect::Gws.shows(&kind);
            assert_eq!(words(&kind).is_some(), numbered, "{kind:?}");
        }
    }
}
