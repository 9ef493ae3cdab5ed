//! Events and people as this dialect shows them.

use serde_json::{Map, Value, json};

use crate::model::{Chat, Event, EventKind, ParticipantId, Role};

/// Lists what is shown of a chat, from the number `first` on.
pub(super) fn transcript(chat: &Chat, first: u64) -> Vec<Value> {
    chat.numbered(is_shown)
        .filter(|(number, _)| u64::from(*number) >= first)
        .map(|(number, event)| to_json(number, event))
        .collect()
}

/// Lists what is shown of a chat and came after readers without a position were last told.
pub(super) fn news(chat: &Chat) -> Vec<Value> {
    let told = chat.told();
    chat.numbered(is_shown)
        .filter(|(_, event)| event.index > told)
        .map(|(number, event)| to_json(number, event))
        .collect()
}

/// Names somebody as `from` and `participants` do. The id is a string, as in the vendor's samples.
pub(super) fn person(id: ParticipantId, nickname: &str, role: Role) -> Value {
    json!({"nickname": nickname, "participantId": id.0.to_string(), "type": kind(role)})
}

/// Tells whether somebody of this role counts as an agent for visitors.
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

fn is_shown(event: &Event) -> bool {
    words(&event.kind).is_some()
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

/// Gives the type and the text of an event that is shown.
fn words(kind: &EventKind) -> Option<(&'static str, Option<&str>)> {
    Some(match kind {
        EventKind::Joined => ("ParticipantJoined", None),
        // Whatever the reason: the dialect has no word for it.
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
