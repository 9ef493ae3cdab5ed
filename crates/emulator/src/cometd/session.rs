//! A push session.

use serde_json::Value;

use super::held::HeldPoll;
use crate::gms_v1::Position;
use crate::model::{ChatId, EventIndex, ServiceId};

/// The number of a session, unique in its broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SessionKey(pub(super) u64);

/// A client's session, from its handshake to its end.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) client_id: String,
    /// Whose session it is, by the header `gms_user`.
    pub(super) user: Option<String>,
    /// Whether it has said that it wants no more of `/_genesys`.
    pub(super) muted: bool,
    /// Whether it has connected before.
    pub(super) greeted: bool,
    /// Whether the next reply to a connect says again how to go on.
    pub(super) advise: bool,
    /// What has come of publishes and waits for a connect to carry it.
    pub(super) results: Vec<Value>,
    pub(super) followed: Vec<FollowedChat>,
    pub(super) held: Option<HeldPoll>,
    /// When the held poll is over, or else the session forgotten (Unix ms).
    pub(super) deadline_ms: i64,
}

/// A chat whose news is pushed to a session.
#[derive(Debug)]
pub(super) struct FollowedChat {
    pub(super) chat: ChatId,
    pub(super) cursor: Cursor,
}

/// How far a chat's news was pushed to a session, by the rules of its dialect.
#[derive(Debug)]
pub(super) enum Cursor {
    /// As a client of `gms-v2`: because it asked to.
    V2 {
        channel: String,
        /// The first event that has not been pushed yet.
        next: EventIndex,
    },
    /// As a client of `gms-v1`: because it goes by the name of the service's user.
    V1 {
        service: ServiceId,
        /// What has been pushed.
        pushed: Delivered,
        /// What has arrived, as a later connect has shown.
        arrived: Delivered,
        /// Whether the session has seen the chat going on.
        lived: bool,
    },
}

/// How much of a service's chat was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Delivered {
    pub(super) up_to: Position,
    /// Whether the end has been heard of.
    pub(super) end: bool,
}

impl Delivered {
    pub(super) const NOTHING: Self = Self {
        up_to: Position::START,
        end: false,
    };
}

impl Session {
    pub(super) fn new(client_id: String) -> Self {
        Self {
            client_id,
            user: None,
            muted: false,
            greeted: false,
            advise: false,
            results: Vec::new(),
            followed: Vec::new(),
            held: None,
            deadline_ms: 0,
        }
    }

    /// Returns from which event on a chat is new to it, if it has asked to hear of that chat.
    pub(super) fn next(&self, chat: &ChatId) -> Option<EventIndex> {
        let mut followed = self.followed.iter().filter(|follow| follow.chat == *chat);
        followed.find_map(|follow| match &follow.cursor {
            Cursor::V2 { next, .. } => Some(*next),
            Cursor::V1 { .. } => None,
        })
    }

    /// Advances the position up to which a chat was pushed.
    pub(super) fn advance(&mut self, chat: &ChatId, to: EventIndex) {
        for follow in self
            .followed
            .iter_mut()
            .filter(|follow| follow.chat == *chat)
        {
            if let Cursor::V2 { next, .. } = &mut follow.cursor {
                *next = to.max(*next);
            }
        }
    }
}

impl FollowedChat {
    pub(super) fn is_v2(&self) -> bool {
        matches!(self.cursor, Cursor::V2 { .. })
    }
}
