//! What must be durable, as a list that can be played again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::chat::{Chat, End};
use super::{ChatId, Event, FileId, FileMeta, NewChat, Participant};

/// Records one step of a world. A world is nothing but its changes played in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The chat that changed.
    pub chat: ChatId,
    /// How.
    pub(crate) what: What,
}

/// Tells how a chat changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum What {
    Started {
        by: NewChat,
        user_id: String,
        alias: String,
        at_ms: i64,
    },
    KeyIssued {
        key: String,
    },
    AliasChanged {
        alias: String,
    },
    ParticipantAdded {
        participant: Participant,
    },
    Happened {
        event: Event,
    },
    UserData {
        entries: BTreeMap<String, String>,
    },
    FileAdded {
        file: FileMeta,
    },
    FileFetched {
        file: FileId,
    },
    IdleDeadline {
        at_ms: Option<i64>,
    },
    Script {
        state: String,
    },
    Ended {
        end: End,
    },
}

impl Chat {
    /// Applies a change. Changes that make no sense here (a damaged journal) are skipped rather than fatal.
    pub(super) fn apply(&mut self, what: What) {
        match what {
            What::Started { .. } => {}
            What::KeyIssued { key } => self.add_key(key),
            What::AliasChanged { alias } => self.set_alias(alias),
            What::ParticipantAdded { participant } => self.add_participant(participant),
            What::Happened { event } => self.add_event(event),
            What::UserData { entries } => self.merge_user_data(entries),
            What::FileAdded { file } => self.add_file(file),
            What::FileFetched { file } => self.count_download(&file),
            What::IdleDeadline { at_ms } => self.set_idle_deadline(at_ms),
            What::Script { state } => self.set_script(state),
            What::Ended { end } => self.set_end(end),
        }
    }
}
