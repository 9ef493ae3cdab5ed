//! Events as the transcript shows them.

use serde_json::{Map, Value, json};

use crate::model::{Chat, Event, EventKind, FileId, LeaveReason, Role, Sender};

/// Writes an event the way the vendor's samples do.
pub(super) fn to_json(chat: &Chat, event: &Event) -> Value {
    let mut out = Map::new();
    out.insert("from".into(), from(&event.from));
    out.insert("index".into(), json!(event.index));
    out.insert("type".into(), json!(type_name(&event.kind)));
    // All times in the samples are whole seconds.
    out.insert("utcTime".into(), json!(event.at_ms.div_euclid(1000) * 1000));
    add_kind(&mut out, chat, event);
    let attributes = attributes(event);
    if !attributes.is_empty() {
        out.insert("eventAttributes".into(), Value::Object(attributes));
    }
    Value::Object(out)
}

fn from(sender: &Sender) -> Value {
    let kind = match sender.role {
        Role::Visitor => "Client",
        Role::Agent | Role::Bot => "Agent",
        Role::Supervisor => "Supervisor",
        Role::External => "External",
    };
    json!({"nickname": sender.nickname, "participantId": sender.participant, "type": kind})
}

fn type_name(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::Joined => "ParticipantJoined",
        EventKind::Left { .. } => "ParticipantLeft",
        EventKind::Message { .. } => "Message",
        EventKind::TypingStarted => "TypingStarted",
        EventKind::TypingStopped => "TypingStopped",
        EventKind::NicknameUpdated => "NicknameUpdated",
        EventKind::PushUrl { .. } => "PushUrl",
        EventKind::FileUploaded { .. } => "FileUploaded",
        EventKind::FileDeleted { .. } => "FileDeleted",
        EventKind::CustomNotice { .. } => "CustomNotice",
        EventKind::IdleAlert { .. } => "IdleAlert",
        EventKind::IdleClose => "IdleClose",
        // Hidden events are never shown; an empty notice is only a fallback.
        EventKind::Notice { .. }
        | EventKind::Preview { .. }
        | EventKind::Read { .. }
        | EventKind::Hidden => "Notice",
    }
}

fn add_kind(out: &mut Map<String, Value>, chat: &Chat, event: &Event) {
    match &event.kind {
        EventKind::Message { text, message_type } => {
            out.insert("text".into(), json!(text));
            out.insert("messageType".into(), json!(message_type));
        }
        EventKind::Notice { text } | EventKind::PushUrl { url: text } => {
            out.insert("text".into(), json!(text));
        }
        EventKind::CustomNotice { text: Some(text) } => {
            out.insert("text".into(), json!(text));
        }
        // No source says which of the two holds the new name (protocol section 5): both do.
        EventKind::NicknameUpdated => {
            out.insert("text".into(), json!(event.from.nickname));
        }
        EventKind::FileUploaded { file } | EventKind::FileDeleted { file } => {
            out.insert("userData".into(), Value::Object(file_data(chat, file)));
        }
        // The vendor's client prints the text of both.
        EventKind::IdleAlert { close_in_secs } => {
            let unit = if *close_in_secs == 1 {
                "second"
            } else {
                "seconds"
            };
            let text = format!(
                "The chat will be closed in {close_in_secs} {unit} unless you write something."
            );
            out.insert("text".into(), json!(text));
            let data = json!({
                "next-idle-timer-type": "CLOSE",
                "next-idle-timer-secs": close_in_secs.to_string(),
            });
            out.insert("userData".into(), data);
        }
        EventKind::IdleClose => {
            let text = "The chat was closed because nothing was written.";
            out.insert("text".into(), json!(text));
        }
        _ => {}
    }
}

/// Writes `file-id`, `file-name` and `file-size` as strings, after what the sender said about the file.
fn file_data(chat: &Chat, id: &FileId) -> Map<String, Value> {
    let mut data = Map::new();
    if let Some(file) = chat.file(id) {
        data.extend(
            file.user_data
                .iter()
                .map(|(key, value)| (key.clone(), json!(value))),
        );
        data.insert("file-name".into(), json!(file.name));
        data.insert("file-size".into(), json!(file.size.to_string()));
    }
    data.insert("file-id".into(), json!(id));
    data
}

fn attributes(event: &Event) -> Map<String, Value> {
    let mut out = match &event.attributes {
        Some(Value::Object(given)) => given.clone(),
        _ => Map::new(),
    };
    if let EventKind::Left { reason } = &event.kind {
        let reason = match reason {
            LeaveReason::Left => None,
            LeaveReason::Hold => Some("HOLD"),
            LeaveReason::Transfer => Some("TRANSFER"),
            LeaveReason::Other(words) => Some(words.as_str()),
        };
        if let Some(reason) = reason {
            out.insert(
                "general-properties".into(),
                json!({"reason-for-leave": reason}),
            );
        }
    }
    if event.from.role == Role::Bot {
        out.insert(
            "GCTI_SYSTEM".into(),
            json!({"party-info": {"style": "BOT"}}),
        );
    }
    out
}
