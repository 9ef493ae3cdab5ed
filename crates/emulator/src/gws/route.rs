//! Which operation a request means: its path, and for a post the `operationName` in its body (protocol section 3).

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde_json::{Map, Value};

use super::error::{bad, not_allowed, not_found};
use crate::model::ChatId;
use crate::wire::{Form, Request, Response, decode};

/// An operation, and who asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// What to do.
    pub operation: Operation,
    /// The address that the request came from, if known.
    pub address: Option<IpAddr>,
}

/// An operation that a client can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// To start a chat.
    RequestChat(ChatRequest),
    /// Something in a chat.
    InChat(ChatId, Action),
}

/// An operation in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the names are the vendor's operations, one row of the table each"
)]
pub enum Action {
    SendStartTypingNotification,
    SendStopTypingNotification,
    SendMessage(String),
    Complete,
    GetChat,
    GetTranscript(EventRange),
}

/// What a visitor gives to start a chat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChatRequest {
    /// The name that everybody sees.
    pub nickname: String,
    /// What it is about.
    pub subject: String,
    /// Anything else.
    pub user_data: BTreeMap<String, String>,
}

/// Which events a caller wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventRange {
    /// Those that callers without an `index` have not had.
    News,
    /// This one and all later ones. 0 means 1.
    From(u64),
    /// None: what was given is no index.
    Nothing,
}

impl Operation {
    /// Returns the operation's name for fault rules and logs. The same operation has the same name in every dialect.
    pub fn name(&self) -> &'static str {
        match self {
            Self::RequestChat(_) => "requestChat",
            Self::InChat(_, action) => match action {
                Action::SendStartTypingNotification => "startTyping",
                Action::SendStopTypingNotification => "stopTyping",
                Action::SendMessage(_) => "send",
                Action::Complete => "disconnect",
                Action::GetChat => "getChat",
                Action::GetTranscript(_) => "refresh",
            },
        }
    }

    /// Returns the id of the chat that it is about; none for one that is yet to start.
    pub fn chat(&self) -> Option<&ChatId> {
        match self {
            Self::RequestChat(_) => None,
            Self::InChat(chat, _) => Some(chat),
        }
    }
}

/// Reads what a request asks for.
///
/// # Errors
/// When it asks for nothing that is served, or is wrong in itself: the reply.
pub fn read(request: &Request) -> Result<Call, Response> {
    let method = request.method.as_str();
    if method == "OPTIONS" {
        return Err(Response::empty(204));
    }
    let operation = match (method, resource(&request.path).ok_or_else(not_found)?) {
        ("POST", Resource::Chats) => Operation::RequestChat(words(&request.body)?),
        ("POST", Resource::Chat(chat)) => Operation::InChat(chat, action(&request.body)?),
        ("GET", Resource::Chat(chat) | Resource::Mine(chat)) => {
            Operation::InChat(chat, Action::GetChat)
        }
        ("GET", Resource::Messages(chat)) => {
            Operation::InChat(chat, Action::GetTranscript(reading(request)))
        }
        (_, resource) => return Err(not_allowed(resource.methods(), "no such method here")),
    };
    Ok(Call {
        operation,
        address: None,
    })
}

const CHATS: &str = "POST, OPTIONS";
const CHAT: &str = "GET, POST, OPTIONS";

#[derive(Debug, Clone, PartialEq, Eq)]
enum Resource {
    Chats,
    Chat(ChatId),
    /// The name of the Web Services document for reading a chat.
    Mine(ChatId),
    Messages(ChatId),
}

impl Resource {
    fn methods(&self) -> &'static str {
        match self {
            Self::Chats => CHATS,
            Self::Chat(_) => CHAT,
            Self::Mine(_) | Self::Messages(_) => "GET, OPTIONS",
        }
    }
}

fn resource(path: &str) -> Option<Resource> {
    let path = path.strip_prefix("/api/v2/")?;
    let path = path.strip_suffix('/').unwrap_or(path);
    let parts: Vec<String> = path.split('/').map(decode).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if parts.contains(&"") {
        return None;
    }
    Some(match parts.as_slice() {
        ["chats"] => Resource::Chats,
        ["chats", chat] => Resource::Chat(ChatId::new(*chat)),
        ["me", "chat", chat] => Resource::Mine(ChatId::new(*chat)),
        ["chats", chat, "messages"] | ["me", "chat", chat, "messages"] => {
            Resource::Messages(ChatId::new(*chat))
        }
        _ => return None,
    })
}

fn words(body: &[u8]) -> Result<ChatRequest, Response> {
    let body = object(body)?;
    if required(&body, "operationName")? != "RequestChat" {
        return Err(not_allowed(CHATS, "no such operation here"));
    }
    Ok(ChatRequest {
        nickname: required(&body, "nickname")?.to_owned(),
        subject: required(&body, "subject")?.to_owned(),
        user_data: user_data(&body)?,
    })
}

fn action(body: &[u8]) -> Result<Action, Response> {
    let body = object(body)?;
    Ok(match required(&body, "operationName")? {
        "SendStartTypingNotification" => Action::SendStartTypingNotification,
        "SendStopTypingNotification" => Action::SendStopTypingNotification,
        "SendMessage" => Action::SendMessage(required(&body, "text")?.to_owned()),
        "Complete" => Action::Complete,
        _ => return Err(not_allowed(CHAT, "no such operation here")),
    })
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Response> {
    serde_json::from_slice(body).map_err(|_| bad("the body must be a JSON object"))
}

/// Reads a text that must be there and not blank.
fn required<'a>(body: &'a Map<String, Value>, name: &str) -> Result<&'a str, Response> {
    match body.get(name) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text),
        None | Some(Value::Null | Value::String(_)) => Err(bad(&format!("{name} is required"))),
        Some(_) => Err(bad(&format!("{name} must be a string"))),
    }
}

/// Reads `userData`: an object of plain values, kept as texts.
fn user_data(body: &Map<String, Value>) -> Result<BTreeMap<String, String>, Response> {
    let wrong = || bad("userData must be an object of plain values");
    let data = match body.get("userData") {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(data)) => data,
        Some(_) => return Err(wrong()),
    };
    let mut out = BTreeMap::new();
    for (key, value) in data {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Array(_) | Value::Object(_) => return Err(wrong()),
        };
        out.insert(key.clone(), text);
    }
    Ok(out)
}

/// Reads `index`. What is there but no number brings nothing (protocol section 3).
fn reading(request: &Request) -> EventRange {
    let query = Form::urlencoded(request.query.as_deref().unwrap_or_default().as_bytes());
    match query.present("index").map(|text| text.trim().parse()) {
        None => EventRange::News,
        Some(Ok(first)) => EventRange::From(first),
        Some(Err(_)) => EventRange::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_names_of_a_chat_and_trailing_slashes_are_known() {
        let chat = || ChatId::new("a b");
        for (path, wanted) in [
            ("/api/v2/chats", Some(Resource::Chats)),
            ("/api/v2/chats/", Some(Resource::Chats)),
            ("/api/v2/chats/a%20b/", Some(Resource::Chat(chat()))),
            ("/api/v2/me/chat/a%20b", Some(Resource::Mine(chat()))),
            (
                "/api/v2/chats/a%20b/messages",
                Some(Resource::Messages(chat())),
            ),
            (
                "/api/v2/me/chat/a%20b/messages/",
                Some(Resource::Messages(chat())),
            ),
            ("/api/v2/chats//", None),
            ("/api/v2/chats//messages", None),
            ("/api/v2/me/chats/a", None),
            ("/v2/chats", None),
            ("/api/v2/", None),
        ] {
            assert_eq!(resource(path), wanted, "{path}");
        }
    }
}
