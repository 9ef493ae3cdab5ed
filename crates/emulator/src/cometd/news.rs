//! What is new for a session, read from the world.

use serde_json::Value;

use super::broker::Broker;
use super::message::pushed;
use super::session::{Follow, Key};
use crate::gms_v2;
use crate::model::World;

impl Broker {
    /// Collects what a session has to be told: what has come of its publishes, then what is new in its chats. It counts as
    /// told from then on.
    pub(super) fn collect(&mut self, world: &mut World, key: Key, now_ms: i64) -> Vec<Value> {
        let Some(session) = self.sessions.get_mut(&key) else {
            return Vec::new();
        };
        let mut out = std::mem::take(&mut session.results);
        let mut follows = std::mem::take(&mut session.follows);
        let mut over = Vec::new();
        follows.retain_mut(|follow| {
            out.extend(news(world, follow, now_ms));
            let goes_on = world
                .chat(&follow.chat)
                .is_some_and(|chat| chat.end().is_none());
            if !goes_on {
                over.push(follow.chat.clone());
            }
            goes_on
        });
        session.follows = follows;
        for chat in over {
            self.unwatch(world, key, &chat);
        }
        out
    }

    /// Tells a session that the server is done with it.
    pub(super) fn farewell(&self, _world: &World, _key: Key) -> Option<Value> {
        None
    }
}

/// Reads on in a chat: there is news when something that the visitor may see has happened, or the chat has ended.
fn news(world: &mut World, follow: &mut Follow, now_ms: i64) -> Option<Value> {
    let chat = world.chat(&follow.chat)?;
    let shows = chat.transcript_from(follow.next).next().is_some();
    if !shows && chat.end().is_none() {
        return None;
    }
    let next = chat.next_index();
    let first = std::mem::replace(&mut follow.next, next);
    let data = gms_v2::news(world, &follow.chat, first, now_ms)?;
    Some(pushed(&follow.channel, data))
}
