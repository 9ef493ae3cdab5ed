//! Pushes to clients of `gms-v1` (protocol section 2, CometD): the header `gms_user` ties a service's chat to the sessions
//! of its user, and nothing else does.
//!
//! A push that no later connect of its session has confirmed is repeated to the next session: the wire has no other way to
//! ask for it again. Positions count without gaps, so that a client can tell what it has had.

use serde_json::{Value, json};

use super::broker::Broker;
use super::message::pushed;
use super::options::{GENESYS, MAX_CHATS};
use super::session::{Cursor, Delivered, FollowedChat, SessionKey};
use crate::gms_v1;
use crate::model::{Chat, ChatId, EndReason, ServiceId, World};
use crate::rng::Rng;

const HEX: &[u8] = b"0123456789abcdef";
/// How long a chat's last words are kept for a session that comes back (ms).
const LAST_WORDS_MS: i64 = 60_000;

impl Broker {
    /// Notes whose session it is, if a request says so, and pushes the news of that user's chats to it.
    pub(super) fn set_user(
        &mut self,
        world: &mut World,
        key: SessionKey,
        user: Option<&str>,
        now_ms: i64,
    ) {
        let (Some(user), Some(session)) = (user, self.sessions.get_mut(&key)) else {
            return;
        };
        if session.user.as_deref() == Some(user) {
            return;
        }
        let before = session.user.replace(user.to_owned());
        let mut dropped = Vec::new();
        session.followed.retain(|follow| {
            if !follow.is_v2() {
                dropped.push(follow.chat.clone());
            }
            follow.is_v2()
        });
        self.leave_user(key, before.as_deref());
        for chat in dropped {
            self.unwatch(world, key, &chat);
        }
        let sessions = self.users.entry(user.to_owned()).or_default();
        sessions.insert(key);
        let sessions = sessions.clone();
        self.evict_oldest(world, &sessions, key, now_ms);
        let chats: Vec<ChatId> = world
            .services_of_user(user)
            .filter_map(|service| service.chat().cloned())
            .collect();
        for chat in chats {
            self.offer_chat(world, &chat, now_ms);
        }
    }

    /// Pushes a chat's news to the sessions of its user, if it is a chat that is pushed to a user.
    pub(super) fn offer_chat(&mut self, world: &mut World, chat: &ChatId, now_ms: i64) {
        let Some(service) = world.service_of(chat).filter(|s| s.push().is_some()) else {
            return;
        };
        let keys = service.user().and_then(|user| self.users.get(user));
        let Some(keys) = keys.cloned() else {
            return;
        };
        let id = service.id().clone();
        let heard = self.arrived.get(&id).copied().unwrap_or(Delivered::NOTHING);
        if world
            .chat(chat)
            .is_none_or(|record| is_old_news(record, heard, now_ms))
        {
            return;
        }
        for key in keys {
            self.attach(world, key, chat, &id, heard);
        }
    }

    /// Counts what was pushed to a session as arrived: the session has connected again since.
    pub(super) fn confirm_pushed(&mut self, key: SessionKey) {
        let Some(session) = self.sessions.get_mut(&key) else {
            return;
        };
        for follow in &mut session.followed {
            if let Cursor::V1 {
                service,
                pushed,
                arrived,
                ..
            } = &mut follow.cursor
                && arrived != pushed
            {
                *arrived = *pushed;
                let known = self
                    .arrived
                    .entry(service.clone())
                    .or_insert(Delivered::NOTHING);
                known.up_to = known.up_to.max(arrived.up_to);
                known.end |= arrived.end;
            }
        }
    }

    /// Returns the advice for a session that is done: all of its chats have ended, and it was told so.
    pub(super) fn final_advice(&self, key: SessionKey) -> Option<Value> {
        let session = self.sessions.get(&key)?;
        let over = |follow: &FollowedChat| match &follow.cursor {
            Cursor::V2 { .. } => None,
            Cursor::V1 { pushed, lived, .. } => pushed.end.then_some(*lived),
        };
        let states: Option<Vec<bool>> = session.followed.iter().map(over).collect();
        states?
            .contains(&true)
            .then(|| json!({"reconnect": "none"}))
    }

    pub(super) fn leave_user(&mut self, key: SessionKey, user: Option<&str>) {
        let Some(user) = user else {
            return;
        };
        if let Some(keys) = self.users.get_mut(user) {
            keys.remove(&key);
            if keys.is_empty() {
                self.users.remove(user);
            }
        }
    }

    fn attach(
        &mut self,
        world: &mut World,
        key: SessionKey,
        chat: &ChatId,
        service: &ServiceId,
        heard: Delivered,
    ) {
        let Some(session) = self.sessions.get_mut(&key) else {
            return;
        };
        if session
            .followed
            .iter()
            .any(|follow| follow.chat == *chat && !follow.is_v2())
        {
            return;
        }
        let left_out = find_evictable(&session.followed);
        session
            .followed
            .retain(|follow| follow.is_v2() || Some(&follow.chat) != left_out.as_ref());
        let lived = world.chat(chat).is_some_and(|chat| chat.end().is_none());
        session.followed.push(FollowedChat {
            chat: chat.clone(),
            cursor: Cursor::V1 {
                service: service.clone(),
                pushed: heard,
                arrived: heard,
                lived,
            },
        });
        self.watch(world, key, chat);
        if let Some(left_out) = left_out {
            self.unwatch(world, key, &left_out);
        }
    }
}

/// Returns whether a chat need not be pushed to a new session: it has ended, and that was delivered, or is long ago.
fn is_old_news(chat: &Chat, heard: Delivered, now_ms: i64) -> bool {
    chat.end().is_some_and(|end| {
        let long_ago = now_ms.saturating_sub(end.at_ms) > LAST_WORDS_MS;
        heard.end || long_ago || end.reason == EndReason::Disconnected
    })
}

/// Finds the chat that makes room for another one: one that has ended, or else the first. If there is news of it, it is
/// offered again.
fn find_evictable(followed: &[FollowedChat]) -> Option<ChatId> {
    let goes_on = |follow: &FollowedChat| match &follow.cursor {
        Cursor::V2 { .. } => None,
        Cursor::V1 { pushed, .. } => Some((!pushed.end, follow.chat.clone())),
    };
    let theirs: Vec<_> = followed.iter().filter_map(goes_on).collect();
    let full = theirs.len() >= MAX_CHATS;
    let first = theirs.into_iter().min_by_key(|(goes_on, _)| *goes_on);
    first.filter(|_| full).map(|(_, chat)| chat)
}

/// Reads on in a service's chat.
pub(super) fn news(
    world: &World,
    service: &ServiceId,
    heard: &mut Delivered,
    rng: &mut Rng,
) -> Option<Value> {
    if heard.end {
        return None;
    }
    let news = gms_v1::news_after(world, service, heard.up_to)?;
    if news.events == 0 && !news.ended {
        return None;
    }
    *heard = Delivered {
        up_to: news.position,
        end: news.ended,
    };
    let data = json!({
        "id": rng.word(HEX, 32),
        "message": news.message,
        "tag": gms_v1::tag(service),
    });
    Some(pushed(GENESYS, data))
}
