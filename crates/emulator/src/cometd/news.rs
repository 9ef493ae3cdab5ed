//! The news for a session, read from the world.

use serde_json::Value;

use super::broker::Broker;
use super::message::pushed;
use super::services;
use super::session::{Cursor, SessionKey};
use crate::gms_v2;
use crate::model::{ChatId, EventIndex, World};

impl Broker {
    /// Collects what is to be pushed to a session: the results of its publishes, then the news of its chats. It counts as
    /// pushed from then on.
    pub(super) fn collect(
        &mut self,
        world: &mut World,
        key: SessionKey,
        now_ms: i64,
    ) -> Vec<Value> {
        let Some(session) = self.sessions.get_mut(&key) else {
            return Vec::new();
        };
        let mut out = std::mem::take(&mut session.results);
        let mut over = Vec::new();
        let (muted, rng) = (session.muted, &mut self.rng);
        session
            .followed
            .retain_mut(|follow| match &mut follow.cursor {
                Cursor::V2 { channel, next } => {
                    let data = news(world, &follow.chat, next, now_ms);
                    out.extend(data.map(|data| pushed(channel, data)));
                    let chat = world.chat(&follow.chat);
                    let goes_on = chat.is_some_and(|chat| chat.end().is_none());
                    if !goes_on {
                        over.push(follow.chat.clone());
                    }
                    goes_on
                }
                Cursor::V1 {
                    service, pushed, ..
                } => {
                    if !muted {
                        out.extend(services::news(world, service, pushed, rng));
                    }
                    true
                }
            });
        for chat in over {
            self.unwatch(world, key, &chat);
        }
        out
    }
}

/// Reads on in a chat: there is news when something that the visitor may see has happened, or the chat has ended.
fn news(world: &mut World, id: &ChatId, next: &mut EventIndex, now_ms: i64) -> Option<Value> {
    let chat = world.chat(id)?;
    let shows = chat.transcript_from(*next).next().is_some();
    if !shows && chat.end().is_none() {
        return None;
    }
    let first = std::mem::replace(next, chat.next_index());
    gms_v2::news(world, id, first, now_ms)
}
