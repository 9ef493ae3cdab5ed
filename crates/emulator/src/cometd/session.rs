//! One push session.

use serde_json::Value;

use super::held::Held;
use crate::model::{ChatId, EventIndex};

/// Numbers the sessions of one broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key(pub(super) u64);

/// Is what the broker knows of one client between a handshake and its end.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) client_id: String,
    /// Whose session it is, by the header `gms_user`.
    pub(super) user: Option<String>,
    /// Whether it has connected before.
    pub(super) greeted: bool,
    /// Whether the next reply to a connect says again how to go on.
    pub(super) advise: bool,
    /// What has come of publishes and waits for a connect to carry it.
    pub(super) results: Vec<Value>,
    pub(super) follows: Vec<Follow>,
    pub(super) held: Option<Held>,
    /// When the held poll is over, or else the session forgotten (Unix ms).
    pub(super) deadline_ms: i64,
}

/// Ties a session to a chat.
#[derive(Debug)]
pub(super) struct Follow {
    pub(super) chat: ChatId,
    pub(super) channel: String,
    /// The first event that has not been pushed yet.
    pub(super) next: EventIndex,
}

impl Session {
    pub(super) fn new(client_id: String, user: Option<String>) -> Self {
        Self {
            client_id,
            user,
            greeted: false,
            advise: false,
            results: Vec::new(),
            follows: Vec::new(),
            held: None,
            deadline_ms: 0,
        }
    }

    pub(super) fn follow(&self, chat: &ChatId) -> Option<&Follow> {
        self.follows.iter().find(|follow| follow.chat == *chat)
    }

    pub(super) fn follow_mut(&mut self, chat: &ChatId) -> Option<&mut Follow> {
        self.follows.iter_mut().find(|follow| follow.chat == *chat)
    }
}
