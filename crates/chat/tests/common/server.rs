//! What a server says: envelopes and events of the wire, as `docs/servers.md` has them.

use serde_json::{Value, json};

/// When the first event of these chats happened.
pub const START: i64 = 1_432_845_088_000;
pub const CHAT: &str = "00048aAPEQJ8000U";
pub const KEY: &str = "4ee15d7e1c343c8e";
pub const USER: &str = "007555677B20000A";
pub const ALIAS: &str = "alias-117";

/// The answer to *request chat*.
pub fn started() -> Value {
    json!({
        "statusCode": 0, "alias": ALIAS, "userId": USER, "secureKey": KEY, "chatId": CHAT,
        "messages": [own_join(1)], "nextPosition": 2, "chatEnded": false,
    })
}

/// The answer of operations that say nothing more.
pub fn done() -> Value {
    json!({
        "messages": null, "chatEnded": false, "statusCode": 0,
        "alias": ALIAS, "secureKey": KEY, "userId": USER,
    })
}

/// A transcript from some position on.
pub fn transcript(events: &[Value], next: u64) -> Value {
    let mut reply = done();
    reply["messages"] = json!(events);
    reply["nextPosition"] = json!(next);
    reply
}

/// The last transcript of a chat.
pub fn ended(events: &[Value]) -> Value {
    let mut reply = transcript(events, 1);
    reply["chatEnded"] = json!(true);
    reply
}

/// The answer about a chat that the server does not know (any more).
pub fn gone() -> Value {
    json!({
        "messages": [], "chatEnded": true, "statusCode": 2, "alias": ALIAS, "chatId": CHAT,
        "errors": [{"code": 249, "advice": "Chat session is not available. referenceId[8f]"}],
    })
}

/// "Try again; trust no other field."
pub fn try_again() -> Value {
    json!({
        "messages": [visitor_says(900, "not to be trusted")], "chatEnded": false, "statusCode": 1,
        "secureKey": "not-to-be-trusted", "nextPosition": 901,
    })
}

pub fn event(index: u64, kind: &str, from: Value) -> Value {
    json!({
        "from": from, "index": index, "type": kind,
        "utcTime": START + i64::try_from(index).unwrap() * 1000,
    })
}

/// Adds a field to an event or a reply.
pub fn with(mut value: Value, key: &str, field: Value) -> Value {
    value[key] = field;
    value
}

pub fn visitor() -> Value {
    json!({"nickname": "Maria", "participantId": 1, "type": "Client"})
}

pub fn system() -> Value {
    json!({"nickname": "system", "participantId": 2, "type": "External"})
}

pub fn agent() -> Value {
    json!({"nickname": "Anna", "participantId": 3, "type": "Agent"})
}

pub fn colleague() -> Value {
    json!({"nickname": "Bert", "participantId": 4, "type": "Agent"})
}

pub fn own_join(index: u64) -> Value {
    event(index, "ParticipantJoined", visitor())
}

pub fn agent_joins(index: u64) -> Value {
    event(index, "ParticipantJoined", agent())
}

pub fn agent_leaves(index: u64, reason: Option<&str>) -> Value {
    let left = event(index, "ParticipantLeft", agent());
    match reason {
        None => left,
        Some(reason) => with(
            left,
            "eventAttributes",
            json!({"general-properties": {"reason-for-leave": reason}}),
        ),
    }
}

pub fn visitor_says(index: u64, text: &str) -> Value {
    with(event(index, "Message", visitor()), "text", json!(text))
}

pub fn agent_says(index: u64, text: &str) -> Value {
    with(event(index, "Message", agent()), "text", json!(text))
}

pub fn agent_types(index: u64) -> Value {
    event(index, "TypingStarted", agent())
}

pub fn uploaded(index: u64, from: Value, id: &str, name: &str, bytes: u64) -> Value {
    let data = json!({"file-id": id, "file-name": name, "file-size": bytes.to_string()});
    with(event(index, "FileUploaded", from), "userData", data)
}

/// The answer to an upload.
pub fn upload_done(id: &str) -> Value {
    let mut reply = with(done(), "userData", json!({"file-id": id}));
    reply["messages"] = json!([]);
    reply
}

/// The answer to *file limits*: three files, 1000 bytes each, 2500 in all.
pub fn limits() -> Value {
    with(done(), "userData", limits_data())
}

pub fn limits_data() -> Value {
    json!({
        "download-attempts": "10", "upload-max-files": "3", "delete-file": "odd",
        "upload-max-file-size": "1000", "used-download-attempts": "0",
        "used-upload-max-total-size": "0", "upload-need-agent": "false",
        "used-upload-max-files": "0", "upload-max-total-size": "2500",
        "upload-file-types": "pdf:png:txt",
    })
}

pub fn visitor_leaves(index: u64) -> Value {
    event(index, "ParticipantLeft", visitor())
}
