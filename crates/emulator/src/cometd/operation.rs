//! The operation that a request asks for, for fault rules and logs, and the replies to one that is not carried out.

use serde_json::{Value, json};

use super::broker::Broker;
use super::files::some_call;
use super::message::{self, Message, pushed};
use super::publish;
use crate::gms_v2;
use crate::model::{ChatId, World};
use crate::wire::{Request, Response};

impl Broker {
    /// Names what a request asks for, and the chat that it is about: the first message decides. A publish goes by the name
    /// that its operation has in every dialect, a connect is about the chat that its session follows.
    pub fn operation(&self, world: &World, request: &Request) -> (&'static str, Option<ChatId>) {
        let messages = message::read(request).unwrap_or_default();
        let Some(first) = messages.first() else {
            return ("cometdPublish", None);
        };
        let followed = || {
            let session = self.sessions.get(&self.key(first)?)?;
            session.followed.first().map(|follow| follow.chat.clone())
        };
        match first.channel() {
            Some("/meta/handshake") => ("cometdHandshake", None),
            Some("/meta/connect") => ("cometdConnect", followed()),
            Some("/meta/subscribe" | "/meta/unsubscribe") => ("cometdSubscribe", followed()),
            Some("/meta/disconnect") => ("cometdDisconnect", followed()),
            _ => match publish::call(world, first) {
                Some((operation, Some(call))) => (operation, call.action.chat().cloned()),
                Some((operation, None)) => (operation, None),
                None => ("cometdPublish", None),
            },
        }
    }
}

/// Answers that nothing was done, but may be the next time.
pub fn try_again(request: &Request) -> Response {
    let refuse = |message: &Message| {
        let mut reply = message.failed("503::Try again");
        reply.insert("advice".into(), json!({"reconnect": "retry"}));
        Value::Object(reply)
    };
    // Clients trust no field but the status, so the call does not matter.
    instead(request, refuse, |_| gms_v2::try_again(&some_call()))
}

/// Answers that nothing was done and never will be: as a server that has forgotten its clients.
pub fn never(world: &mut World, request: &Request) -> Response {
    instead(request, Message::unknown_client, |message| {
        let call = publish::call(world, message).and_then(|(_, call)| call);
        gms_v2::never(world, &call.unwrap_or_else(some_call))
    })
}

/// Answers each message of a request: a publish by a result, anything else by `meta`.
fn instead(
    request: &Request,
    meta: impl Fn(&Message) -> Value,
    mut result: impl FnMut(&Message) -> Response,
) -> Response {
    let mut out = Vec::new();
    let mut replies = Vec::new();
    for message in &message::read(request).unwrap_or_default() {
        let channel = message.channel().filter(|name| !name.starts_with("/meta/"));
        replies.push(match channel {
            None => meta(message),
            Some(channel) => {
                out.push(pushed(channel, publish::body(&result(message))));
                Value::Object(message.done())
            }
        });
    }
    out.extend(replies);
    Response::json(200, &Value::Array(out))
}
