//! The signs of each API in its reply to a request for a chat that does not exist.

use serde_json::{Map, Value};

use super::finding::{Finding, NoApi, Presence, Remark, status};
use super::reply::{Content, Reply};

/// Returns the client id in a successful handshake's reply.
pub(super) fn client_id(reply: &Reply) -> Option<&str> {
    handshake_message(reply)?.get("clientId")?.as_str()
}

/// Recognises GMS Version 2 by its envelope (`docs/servers.md`), whatever the HTTP status.
pub(super) fn version_2(reply: &Reply, no_api: &NoApi<'_>) -> Option<Finding> {
    let object = reply.object().filter(|_| !no_api.is_like(reply))?;
    let code = object.get("statusCode").and_then(number);
    // GWS has a `statusCode` too, but always with a `statusMessage`.
    let is_code = code.is_some_and(|code| code <= 2) && !object.contains_key("statusMessage");
    if !(object.contains_key("chatEnded") || is_code) {
        return None;
    }
    Some(if has_error(object, 306) {
        let evidence = format!("{}, error 306: the service is unknown", status(reply));
        Finding::present(evidence).with(Remark::UnknownService)
    } else {
        Finding::present(format!("{}, the reply of a chat server", status(reply)))
    })
}

/// Recognises GMS Version 1. Its reply for an unknown service is not documented: JSON with a `message`, or only a status.
pub(super) fn version_1(reply: &Reply, no_api: &NoApi<'_>) -> Option<Finding> {
    if let Some(object) = reply.object() {
        let has = |key: &str| object.contains_key(key);
        if has("chatIxnState") || has("_id") {
            return Some(Finding::present(format!(
                "{}, a chat's state",
                status(reply)
            )));
        }
        // Fields that other servers have beside `message`.
        let foreign = ["path", "timestamp", "statusCode", "chatEnded", "requestId"];
        let own =
            object.get("message").is_some_and(Value::is_string) && !foreign.into_iter().any(has);
        return (own && is_refusal(reply.status) && no_api.differs_from(reply))
            .then(|| Finding::present(format!("{}, an error with a message", status(reply))));
    }
    // An empty 404 may also mean that nothing is there.
    let refuses = reply.status == 503 || reply.status != 404 && is_refusal(reply.status);
    let empty = reply.content == Content::Empty;
    (refuses && empty && no_api.differs_from(reply))
        .then(|| Finding::present(format!("{}, empty, unlike for other paths", status(reply))))
}

/// Recognises CometD by its list of messages.
pub(super) fn handshake(reply: &Reply, _: &NoApi<'_>) -> Option<Finding> {
    let handshake_message = handshake_message(reply)?;
    Some(
        if handshake_message
            .get("clientId")
            .is_some_and(Value::is_string)
        {
            Finding::present(format!("{}, a handshake", status(reply)))
        } else {
            let evidence = format!("{}, CometD, which refuses the handshake", status(reply));
            Finding::new(Presence::Unclear, evidence)
        },
    )
}

/// Recognises GWS by JSON with a `statusCode` that is no HTTP status, or by HTTP 400 for an unknown chat.
pub(super) fn web_services(reply: &Reply, no_api: &NoApi<'_>) -> Option<Finding> {
    if no_api.is_like(reply) {
        return None;
    }
    if let Some(object) = reply.object() {
        let code = object.get("statusCode").and_then(number);
        let of_gws = code.is_some_and(|code| code < 100) || object.contains_key("chat");
        if of_gws && !object.contains_key("chatEnded") && !matches!(reply.status, 401 | 403) {
            let evidence = format!("{}, JSON with a statusCode", status(reply));
            return Some(Finding::present(evidence));
        }
    }
    if !no_api.differs_from(reply) {
        return None;
    }
    match reply.status {
        400 => Some(Finding::present("HTTP 400, as for an unknown chat")),
        401 | 403 => {
            let evidence = format!(
                "{}: there, but it refuses the request's headers",
                status(reply)
            );
            Some(Finding::present(evidence).with(Remark::RefusedHeaders))
        }
        _ => None,
    }
}

/// Returns whether a status is what an API gives for an unknown chat, rather than what a gateway gives by itself.
fn is_refusal(status: u16) -> bool {
    (400..500).contains(&status) && !matches!(status, 401 | 403 | 405 | 407 | 408 | 429)
}

fn handshake_message(reply: &Reply) -> Option<&Map<String, Value>> {
    let Content::Json(Value::Array(messages)) = &reply.content else {
        return None;
    };
    let mut messages = messages.iter().filter_map(Value::as_object);
    messages.find(|message| {
        let channel = message.get("channel").and_then(Value::as_str);
        channel == Some("/meta/handshake")
    })
}

/// Reads a number, which may be a string.
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
