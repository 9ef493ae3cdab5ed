//! Bayeux' meta channels: handshake, connect, subscribe, disconnect.

use serde_json::{Map, Value, json};

use super::broker::{Broker, Requester};
use super::held::ConnectReply;
use super::message::Message;
use super::options::GENESYS;
use super::session::{Session, SessionKey};
use crate::model::World;

const LONG_POLLING: &str = "long-polling";
const ALPHABET: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// How long the loser of two connects at a time is asked to wait (ms).
const PAUSE_MS: u32 = 1_000;
/// When to try again while there is no room for more sessions (ms).
const FULL_FOR_MS: u32 = 5_000;

impl Broker {
    /// Opens a session. Only long polling is served, and only that is offered.
    pub(super) fn handshake(
        &mut self,
        world: &mut World,
        message: &Message,
        visit: &Requester<'_>,
        now_ms: i64,
    ) -> Value {
        let speaks = message
            .field("supportedConnectionTypes")
            .and_then(Value::as_array)
            .is_none_or(|types| types.iter().any(|kind| kind == LONG_POLLING));
        let refusal = if !speaks {
            Some((
                "400::Only long-polling is served",
                json!({"reconnect": "none"}),
            ))
        } else if self.sessions.len() >= self.options.max_sessions {
            let advice = json!({"reconnect": "handshake", "interval": FULL_FOR_MS});
            Some(("503::Too many clients", advice))
        } else {
            None
        };
        if let Some((error, advice)) = refusal {
            let mut reply = message.failed(error);
            describe(&mut reply);
            reply.insert("advice".into(), advice);
            return Value::Object(reply);
        }
        let client_id = self.rng.word(ALPHABET, 26);
        let mut reply = message.done();
        describe(&mut reply);
        reply.insert("clientId".into(), json!(client_id));
        let key = self.add_session(Session::new(client_id), now_ms);
        self.set_user(world, key, visit.user, now_ms);
        Value::Object(reply)
    }

    /// Brings news, or waits for some if it `may_wait`.
    pub(super) fn connect(
        &mut self,
        world: &mut World,
        message: &Message,
        visit: &Requester<'_>,
        may_wait: bool,
        now_ms: i64,
    ) -> ConnectReply {
        let at_once = |reply| ConnectReply::Now {
            news: Vec::new(),
            reply,
        };
        let Some(key) = self.key(message) else {
            return at_once(message.unknown_client());
        };
        if message
            .text("connectionType")
            .is_some_and(|kind| kind != LONG_POLLING)
        {
            let reply = message.failed("400::Only long-polling is served");
            return at_once(Value::Object(reply));
        }
        let pause = json!({"reconnect": "retry", "interval": PAUSE_MS});
        let doubled = self.answer_poll(world, key, Vec::new(), Some(pause), now_ms);
        self.note_sign_of_life(world, key, now_ms);
        let mut first = false;
        self.set_user(world, key, visit.user, now_ms);
        self.confirm_pushed(key);
        if let Some(session) = self.sessions.get_mut(&key) {
            first = !session.greeted;
            session.greeted = true;
            session.advise |= first || doubled;
        }
        let news = self.collect(world, key, now_ms);
        let farewell = news.is_empty().then(|| self.final_advice(key)).flatten();
        let longest = self.longest_poll_ms();
        let wanted = message.timeout_ms().unwrap_or(longest).min(longest);
        let nothing_to_say = news.is_empty() && farewell.is_none() && !first;
        if may_wait && nothing_to_say && wanted > 0 && !self.closing {
            let until_ms = now_ms.saturating_add(wanted);
            let ticket = self.hold(world, key, message.id(), visit.origin, until_ms);
            return ConnectReply::Held(ticket);
        }
        self.await_reconnect(world, key, now_ms);
        let reply = self.advised(key, message.done(), farewell);
        ConnectReply::Now { news, reply }
    }

    /// Completes the reply to a connect: with the given advice, or the usual one if the session has to hear it.
    pub(super) fn advised(
        &mut self,
        key: SessionKey,
        mut reply: Map<String, Value>,
        advice: Option<Value>,
    ) -> Value {
        let timeout = self.longest_poll_ms();
        let session = self.sessions.get_mut(&key);
        let advice = advice.or_else(|| {
            std::mem::take(&mut session?.advise)
                .then(|| json!({"interval": 0, "reconnect": "retry", "timeout": timeout}))
        });
        reply.extend(advice.map(|advice| ("advice".to_owned(), advice)));
        Value::Object(reply)
    }

    /// Answers a subscription or its end. News goes to whoever has a part in a chat, subscribed or not: some clients never
    /// subscribe (protocol section 1b). Whoever says so hears no more of `/_genesys`.
    pub(super) fn subscribe(&mut self, message: &Message) -> Value {
        let Some(key) = self.key(message) else {
            return message.unknown_client();
        };
        let subscription = message.field("subscription").filter(|named| match named {
            Value::String(name) => name.starts_with('/'),
            Value::Array(names) => !names.is_empty() && names.iter().all(Value::is_string),
            _ => false,
        });
        let Some(subscription) = subscription else {
            return Value::Object(message.failed("400::Missing or wrong subscription"));
        };
        if named(subscription, GENESYS)
            && let Some(session) = self.sessions.get_mut(&key)
        {
            session.muted = message.channel() == Some("/meta/unsubscribe");
        }
        let mut reply = message.done();
        reply.insert("subscription".into(), subscription.clone());
        Value::Object(reply)
    }

    /// Ends a session. Its chats go on: a phone that goes to sleep says so, too.
    pub(super) fn disconnect(
        &mut self,
        world: &mut World,
        message: &Message,
        now_ms: i64,
    ) -> Value {
        let Some(key) = self.key(message) else {
            return message.unknown_client();
        };
        let advice = json!({"reconnect": "none"});
        self.answer_poll(world, key, Vec::new(), Some(advice), now_ms);
        self.forget(world, key, now_ms);
        Value::Object(message.done())
    }

    /// Creates the cookie by which balancers tie a browser to a server. Without `Secure`, which plain HTTP on loopback
    /// does not take; pages of the same machine are the same site whatever their port, and `Lax` is enough for them.
    pub(super) fn cookie(&mut self) -> String {
        let browser = self.rng.word(ALPHABET, 26);
        format!("BAYEUX_BROWSER={browser}; Path=/genesys/cometd; HttpOnly; SameSite=Lax")
    }
}

/// Says what every reply to a handshake says.
fn describe(reply: &mut Map<String, Value>) {
    reply.insert("version".into(), json!("1.0"));
    reply.insert("minimumVersion".into(), json!("1.0"));
    reply.insert("supportedConnectionTypes".into(), json!([LONG_POLLING]));
}

fn named(subscription: &Value, channel: &str) -> bool {
    match subscription {
        Value::Array(names) => names.iter().any(|name| name == channel),
        name => name == channel,
    }
}
