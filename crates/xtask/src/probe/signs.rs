//! How each API answers when it is asked for a chat that is not there.

use serde_json::{Map, Value};

use super::finding::{Finding, Nowhere, Remark, Verdict, status};
use super::reply::{Content, Reply};

/// Returns the id of the session that a handshake's reply opens, if it does.
pub(super) fn client(reply: &Reply) -> Option<&str> {
    shaken(reply)?.get("clientId")?.as_str()
}

/// Version 2 answers in its envelope (`docs/servers.md`), whatever the HTTP status.
pub(super) fn version_2(reply: &Reply, nowhere: &Nowhere<'_>) -> Option<Finding> {
    let object = reply.object().filter(|_| !nowhere.is_like(reply))?;
    let code = object.get("statusCode").and_then(number);
    // GWS has a statusCode, too, and says in words what it means.
    let is_code = code.is_some_and(|code| code <= 2) && !object.contains_key("statusMessage");
    if !(object.contains_key("chatEnded") || is_code) {
        return None;
    }
    Some(if has_error(object, 306) {
        let evidence = format!("{}, error 306: the service is unknown", status(reply));
        Finding::answers(evidence).with(Remark::UnknownService)
    } else {
        Finding::answers(format!("{}, the reply of a chat server", status(reply)))
    })
}

/// Nobody documents what Version 1 answers for an unknown service: JSON with a `message`, or nothing but a status.
pub(super) fn version_1(reply: &Reply, nowhere: &Nowhere<'_>) -> Option<Finding> {
    if let Some(object) = reply.object() {
        let has = |key: &str| object.contains_key(key);
        if has("chatIxnState") || has("_id") {
            return Some(Finding::answers(format!(
                "{}, a chat's state",
                status(reply)
            )));
        }
        // What other servers have beside it.
        let foreign = ["path", "timestamp", "statusCode", "chatEnded", "requestId"];
        let own =
            object.get("message").is_some_and(Value::is_string) && !foreign.into_iter().any(has);
        return (own && is_refusal(reply.status) && nowhere.differs_from(reply))
            .then(|| Finding::answers(format!("{}, an error with a message", status(reply))));
    }
    // Where nothing is, 404 may be empty as well.
    let refuses = reply.status == 503 || reply.status != 404 && is_refusal(reply.status);
    let empty = reply.content == Content::Empty;
    (refuses && empty && nowhere.differs_from(reply)).then(|| {
        Finding::answers(format!(
            "{}, empty, which is said nowhere else",
            status(reply)
        ))
    })
}

/// CometD answers with a list of messages.
pub(super) fn handshake(reply: &Reply, _: &Nowhere<'_>) -> Option<Finding> {
    let shaken = shaken(reply)?;
    Some(if shaken.get("clientId").is_some_and(Value::is_string) {
        Finding::answers(format!("{}, a handshake", status(reply)))
    } else {
        let evidence = format!("{}, CometD, which refuses the handshake", status(reply));
        Finding::new(Verdict::CannotTell, evidence)
    })
}

/// GWS answers in JSON with a `statusCode`, which is no HTTP status, or with HTTP 400 for a chat that is not there.
pub(super) fn web_services(reply: &Reply, nowhere: &Nowhere<'_>) -> Option<Finding> {
    if nowhere.is_like(reply) {
        return None;
    }
    if let Some(object) = reply.object() {
        let code = object.get("statusCode").and_then(number);
        let of_gws = code.is_some_and(|code| code < 100) || object.contains_key("chat");
        if of_gws && !object.contains_key("chatEnded") && !matches!(reply.status, 401 | 403) {
            let evidence = format!("{}, JSON with a statusCode", status(reply));
            return Some(Finding::answers(evidence));
        }
    }
    if !nowhere.differs_from(reply) {
        return None;
    }
    match reply.status {
        400 => Some(Finding::answers("HTTP 400, as for an unknown chat")),
        401 | 403 => {
            let evidence = format!(
                "{}: there, but the request's headers are refused",
                status(reply)
            );
            Some(Finding::answers(evidence).with(Remark::RefusedHeaders))
        }
        _ => None,
    }
}

/// Tells a status that an API gives for something that is not there from those that gateways give by themselves.
fn is_refusal(status: u16) -> bool {
    (400..500).contains(&status) && !matches!(status, 401 | 403 | 405 | 407 | 408 | 429)
}

fn shaken(reply: &Reply) -> Option<&Map<String, Value>> {
    let Content::Json(Value::Array(messages)) = &reply.content else {
        return None;
    };
    let mut messages = messages.iter().filter_map(Value::as_object);
    messages.find(|message| {
        let channel = message.get("channel").and_then(Value::as_str);
        channel == Some("/meta/handshake")
    })
}

/// Reads a number, which may come as a text.
fn number(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

fn has_error(object: &Map<String, Value>, wanted: u64) -> bool {
    let errors = object.get("errors").and_then(Value::as_array);
    errors.into_iter().flatten().any(|error| {
        let code = error.get("code").and_then(number);
        code == Some(wanted)
    })
}
