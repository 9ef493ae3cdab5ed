//! Ids and positions, as types of their own so that they cannot be mixed up.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes an id as it came over the wire.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// Returns the id as it goes over the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// Names a chat.
    ChatId
}

text_id! {
    /// Names a file within the whole server.
    FileId
}

text_id! {
    /// Names a service of GMS version 1.
    ServiceId
}

/// The id of a participant within one chat: 1 is the visitor, 0 the server itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ParticipantId(pub u32);

impl ParticipantId {
    /// The server itself, which speaks without ever having joined (idle alerts).
    pub const SERVER: Self = Self(0);
    /// The visitor, who is the first to join any chat.
    pub const VISITOR: Self = Self(1);
}

/// An event's position in its chat's log: 1 is the first; hidden events count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventIndex(pub u32);

impl EventIndex {
    /// The id before the first event of any chat.
    pub(crate) const NONE: Self = Self(0);
    /// The first event of any chat.
    pub const FIRST: Self = Self(1);

    /// Returns the place after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Returns the place in a list of all events, which starts at 0.
    pub(crate) fn offset(self) -> usize {
        usize::try_from(self.0.saturating_sub(1)).unwrap_or(usize::MAX)
    }
}
