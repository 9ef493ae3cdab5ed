//! The broker's tables of sessions, held polls and followed chats.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::broker::Broker;
use super::held::{HeldPoll, Ticket};
use super::message::{self, Message};
use super::session::{Session, SessionKey};
use crate::model::{ChatId, World};
use crate::wire::{Request, Response, allow_origin};

/// No visitor has more sessions, nor a chat more that follow it: each is told all that happens, while everybody waits.
const MAX_SESSIONS: usize = 100;

impl Broker {
    /// Finds the session that a message belongs to.
    pub(super) fn key(&self, message: &Message) -> Option<SessionKey> {
        self.by_client.get(message.client_id()).copied()
    }

    /// Takes in a new session; it must connect soon.
    pub(super) fn add_session(&mut self, session: Session, now_ms: i64) -> SessionKey {
        self.keys = self.keys.saturating_add(1);
        let key = SessionKey(self.keys);
        self.by_client.insert(session.client_id.clone(), key);
        self.sessions.insert(key, session);
        self.schedule(key, now_ms.saturating_add(self.forget_after_ms()));
        key
    }

    /// Forgets a session. Its chats go on.
    pub(super) fn forget(&mut self, world: &mut World, key: SessionKey, now_ms: i64) {
        let Some(session) = self.sessions.remove(&key) else {
            return;
        };
        self.by_client.remove(&session.client_id);
        self.leave_user(key, session.user.as_deref());
        self.deadlines.remove(&(session.deadline_ms, key));
        if let Some(held) = &session.held {
            self.polls.remove(&held.ticket);
            for follow in &session.followed {
                world.note_sign_of_life(&follow.chat, now_ms);
            }
        }
        for follow in &session.followed {
            self.unwatch(world, key, &follow.chat);
        }
    }

    /// Forgets the oldest of sessions that all listen to the same, if there are more than anybody needs; never `newest`.
    pub(super) fn evict_oldest(
        &mut self,
        world: &mut World,
        sessions: &BTreeSet<SessionKey>,
        newest: SessionKey,
        now_ms: i64,
    ) {
        let surplus = sessions.len().saturating_sub(MAX_SESSIONS);
        let oldest = sessions.iter().filter(|key| **key != newest);
        for key in oldest.take(surplus) {
            let advice = json!({"reconnect": "handshake"});
            self.answer_poll(world, *key, Vec::new(), Some(advice), now_ms);
            self.forget(world, *key, now_ms);
        }
    }

    /// Holds a session's poll until there is news, or until `until_ms`.
    pub(super) fn hold(
        &mut self,
        world: &mut World,
        key: SessionKey,
        id: Option<String>,
        origin: Option<&str>,
        until_ms: i64,
    ) -> Ticket {
        self.tickets = self.tickets.saturating_add(1);
        let ticket = Ticket(self.tickets);
        if let Some(session) = self.sessions.get_mut(&key) {
            session.held = Some(HeldPoll {
                ticket,
                id,
                origin: origin.map(str::to_owned),
            });
            self.polls.insert(ticket, key);
        }
        self.schedule(key, until_ms);
        self.note_waiting_visitors(world, key);
        ticket
    }

    /// Answers a session's poll; tells whether one was held.
    pub(super) fn answer_poll(
        &mut self,
        world: &mut World,
        key: SessionKey,
        mut messages: Vec<Value>,
        advice: Option<Value>,
        now_ms: i64,
    ) -> bool {
        let held = self.sessions.get_mut(&key).and_then(|s| s.held.take());
        let Some(held) = held else {
            return false;
        };
        self.polls.remove(&held.ticket);
        let reply = message::reply(held.id, Some("/meta/connect"), true);
        messages.push(self.advised(key, reply, advice));
        let mut response = Response::json(200, &Value::Array(messages));
        let asked = Request {
            headers: held
                .origin
                .map(|origin| ("Origin".to_owned(), origin))
                .into_iter()
                .collect(),
            ..Request::default()
        };
        allow_origin(&asked, &mut response);
        self.answered.push((held.ticket, response));
        self.await_reconnect(world, key, now_ms);
        true
    }

    /// Starts the time in which a session must connect again.
    pub(super) fn await_reconnect(&mut self, world: &mut World, key: SessionKey, now_ms: i64) {
        self.schedule(key, now_ms.saturating_add(self.forget_after_ms()));
        self.note_sign_of_life(world, key, now_ms);
        self.note_waiting_visitors(world, key);
    }

    /// Counts as a sign of life in all chats that a session follows.
    pub(super) fn note_sign_of_life(&self, world: &mut World, key: SessionKey, now_ms: i64) {
        for follow in self
            .sessions
            .get(&key)
            .into_iter()
            .flat_map(|s| &s.followed)
        {
            world.note_sign_of_life(&follow.chat, now_ms);
        }
    }

    /// Pushes a chat's news to a session from now on.
    pub(super) fn watch(&mut self, world: &mut World, key: SessionKey, chat: &ChatId) {
        self.watchers.entry(chat.clone()).or_default().insert(key);
        self.note_waiting(world, chat);
    }

    /// Stops pushing a chat's news to a session, unless it still follows the chat.
    pub(super) fn unwatch(&mut self, world: &mut World, key: SessionKey, chat: &ChatId) {
        let followed = self.sessions.get(&key).map(|session| &session.followed);
        if followed.is_some_and(|followed| followed.iter().any(|follow| follow.chat == *chat)) {
            return;
        }
        if let Some(keys) = self.watchers.get_mut(chat) {
            keys.remove(&key);
            if keys.is_empty() {
                self.watchers.remove(chat);
            }
        }
        self.note_waiting(world, chat);
    }

    /// Tells the world how long the visitors of a session's chats hold a poll: they are not dropped for silence meanwhile.
    fn note_waiting_visitors(&self, world: &mut World, key: SessionKey) {
        for follow in self
            .sessions
            .get(&key)
            .into_iter()
            .flat_map(|s| &s.followed)
        {
            self.note_waiting(world, &follow.chat);
        }
    }

    fn note_waiting(&self, world: &mut World, chat: &ChatId) {
        let until = self
            .watchers
            .get(chat)
            .into_iter()
            .flatten()
            .filter_map(|key| self.sessions.get(key))
            .filter(|session| session.held.is_some())
            .map(|session| session.deadline_ms)
            .max();
        world.note_held_poll(chat, until);
    }

    fn schedule(&mut self, key: SessionKey, at_ms: i64) {
        if let Some(session) = self.sessions.get_mut(&key) {
            self.deadlines.remove(&(session.deadline_ms, key));
            session.deadline_ms = at_ms;
            self.deadlines.insert((at_ms, key));
        }
    }

    pub(super) fn longest_poll_ms(&self) -> i64 {
        i64::try_from(self.options.longest_poll.as_millis()).unwrap_or(i64::MAX)
    }

    fn forget_after_ms(&self) -> i64 {
        i64::try_from(self.options.forget_after.as_millis()).unwrap_or(i64::MAX)
    }
}
