//! The body of every reply and of every push of a chat (protocol section 2, reply).

use serde_json::{Map, Value, json};

use super::event::{self, Position};
use super::time::iso8601;
use crate::model::{Chat, Service, ServiceId, World};
use crate::wire::Response;

/// The channel on which news is pushed.
const CHANNEL: &str = "/_genesys";

/// How much a reply says about its chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    Usual,
    /// With keys, host and links (`_verbose=true`).
    Verbose,
}

/// The news of a service's chat.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    /// The block, with the new events in `transcriptToShow`.
    pub message: Value,
    /// The position after them.
    pub position: Position,
    /// How many events there are in it.
    pub events: usize,
    /// Whether the chat has ended: nothing comes after these then.
    pub ended: bool,
}

/// Makes what is pushed to a service: the block with the events after a position. None for a service without a chat.
pub fn news_after(world: &World, service: &ServiceId, after: Position) -> Option<News> {
    let chat = world.chat(world.service(service)?.chat()?)?;
    let ended = chat.end().is_some();
    let events = event::transcript(chat, after);
    let count = events.len();
    let mut message = block(chat, state(chat), event::last(chat));
    add_transcript(&mut message, chat, events);
    Some(News {
        message: Value::Object(message),
        position: event::last(chat),
        events: count,
        ended,
    })
}

/// Creates the `tag` of what is pushed to a service.
pub fn tag(service: &ServiceId) -> String {
    format!("service.chat.refresh.{service}")
}

/// Returns the path of a chat's operation, or with a blank one of the chat itself.
pub(super) fn path(service: &ServiceId, operation: &str) -> String {
    let slash = if operation.is_empty() { "" } else { "/" };
    format!("/genesys/1/service/{service}/ixn/chat{slash}{operation}")
}

/// Answers that there is a chat now. Its position is the visitor's own join, whatever has happened since: from there all is
/// read.
pub(super) fn connected(service: &Service, chat: &Chat, detail: Detail) -> Response {
    let mut body = block(chat, "CONNECTED", Position::START);
    add_detail(&mut body, service, chat, detail);
    Response::json(200, &Value::Object(body))
}

/// Answers with the events after a position, or, where they are pushed, with how to tell that this is so.
pub(super) fn transcript(
    service: &Service,
    chat: &Chat,
    after: Position,
    detail: Detail,
) -> Response {
    let mut body = match (service.push(), detail) {
        (Some(push), Detail::Usual) if chat.end().is_none() => {
            return Response::json(200, &json!({"_id": push.id, "comet_channel": CHANNEL}));
        }
        _ => block(chat, state(chat), event::last(chat)),
    };
    if service.push().is_none() {
        add_transcript(&mut body, chat, event::transcript(chat, after));
    } else {
        body.insert("startedAt".into(), json!(iso8601(chat.started_at_ms())));
    }
    add_detail(&mut body, service, chat, detail);
    Response::json(200, &Value::Object(body))
}

/// Answers that the visitor is gone. No events come with it, so the position is one that was before.
pub(super) fn goodbye(service: &Service, chat: &Chat, at: Position, detail: Detail) -> Response {
    let mut body = block(chat, state(chat), at);
    add_detail(&mut body, service, chat, detail);
    Response::json(200, &Value::Object(body))
}

fn state(chat: &Chat) -> &'static str {
    if chat.end().is_some() {
        "DISCONNECTED"
    } else {
        "TRANSCRIPT"
    }
}

fn block(chat: &Chat, state: &str, at: Position) -> Map<String, Value> {
    let message = if chat.end().is_some() {
        "Chat was finished"
    } else {
        "Chat service is available"
    };
    Map::from_iter([
        ("chatIxnState".to_owned(), json!(state)),
        ("chatSessionId".to_owned(), json!(chat.id())),
        // Numbers are strings in nearly all samples.
        ("transcriptPosition".to_owned(), json!(at.0.to_string())),
        ("chatServiceMessage".to_owned(), json!(message)),
    ])
}

fn add_transcript(body: &mut Map<String, Value>, chat: &Chat, events: Vec<Value>) {
    body.insert("transcriptToShow".into(), Value::Array(events));
    body.insert("startedAt".into(), json!(iso8601(chat.started_at_ms())));
}

fn add_detail(body: &mut Map<String, Value>, service: &Service, chat: &Chat, detail: Detail) {
    if detail == Detail::Usual {
        return;
    }
    let id = service.id();
    let alias = chat.alias();
    let balancer = format!(
        "/WebAPI812/SimpleSamples812/ChatHA/ChatLBServerInfo.jsp?chatServerLoadBalancerAlias={alias}"
    );
    let mut more = vec![
        ("userId", chat.user_id().to_owned()),
        ("secureKey", chat.key().to_owned()),
        ("checkChatServiceLoadBalancerPath", balancer),
        ("chatServerLoadBalancerAlias", alias.to_owned()),
        ("chatServerHost", "localhost".to_owned()),
        ("chatWebApiPort", "4856".to_owned()),
        ("isTLSrequired", "false".to_owned()),
        // The server does not know the visitor's time zone.
        ("clientTimeZoneOffset", "0".to_owned()),
        ("_chatIxnAPI_SEND_URL", path(id, "send")),
        ("_chatIxnAPI_REFRESH_URL", path(id, "refresh")),
        ("_chatIxnAPI_START_TYPING_URL", path(id, "startTyping")),
        ("_chatIxnAPI_STOP_TYPING_URL", path(id, "stopTyping")),
        ("_chatIxnAPI_DISCONNECT_URL", path(id, "disconnect")),
        (
            "_chatIxnAPI_REFRESH_FROM_START_URL",
            path(id, "refresh?transcriptPosition=1"),
        ),
    ];
    if service.push().is_some() {
        more.push(("_chatIxnAPI_SEND_CUSTOM_URL", path(id, "customNotice")));
        if chat.end().is_none() {
            more.push(("comet_channel", CHANNEL.to_owned()));
        }
    }
    body.extend(
        more.into_iter()
            .map(|(name, text)| (name.to_owned(), json!(text))),
    );
}
