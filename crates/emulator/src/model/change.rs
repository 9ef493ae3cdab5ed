//! Durable changes, for a journal that can be replayed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::chat::{Chat, End};
use super::service::Services;
use super::{ChatId, Event, FileId, FileMeta, NewChat, NewService, Participant, Push, ServiceId};

/// One durable change of a world. Replaying all changes in order gives the same world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Change(pub(crate) JournalEntry);

/// A change as the journal holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, try_from = "RawEntry")]
pub(crate) enum JournalEntry {
    Chat {
        chat: ChatId,
        what: ChatChange,
    },
    Service {
        service: ServiceId,
        step: ServiceChange,
    },
}

/// A journal entry before it is checked. Read so rather than untagged, a damaged entry's error says what is wrong with
/// it.
#[derive(Deserialize)]
struct RawEntry {
    chat: Option<ChatId>,
    what: Option<ChatChange>,
    service: Option<ServiceId>,
    step: Option<ServiceChange>,
}

impl TryFrom<RawEntry> for JournalEntry {
    type Error = &'static str;

    fn try_from(entry: RawEntry) -> Result<Self, Self::Error> {
        match entry {
            RawEntry {
                chat: Some(chat),
                what: Some(what),
                ..
            } => Ok(Self::Chat { chat, what }),
            RawEntry {
                service: Some(service),
                step: Some(step),
                ..
            } => Ok(Self::Service { service, step }),
            _ => Err("neither a chat nor a service changes"),
        }
    }
}

/// A change of a chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum ChatChange {
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

/// A change of a service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ServiceChange {
    Created {
        by: NewService,
        data_id: String,
        available_at_ms: i64,
    },
    ChatStarted {
        chat: ChatId,
        user: Option<String>,
        push: Option<Push>,
    },
}

impl Chat {
    /// Applies a change. Changes that make no sense here (a damaged journal) are skipped rather than fatal.
    pub(super) fn apply(&mut self, what: ChatChange) {
        match what {
            ChatChange::Started { .. } => {}
            ChatChange::KeyIssued { key } => self.add_key(key),
            ChatChange::AliasChanged { alias } => self.set_alias(alias),
            ChatChange::ParticipantAdded { participant } => self.add_participant(participant),
            ChatChange::Happened { event } => self.add_event(event),
            ChatChange::UserData { entries } => self.merge_user_data(entries),
            ChatChange::FileAdded { file } => self.add_file(file),
            ChatChange::FileFetched { file } => self.count_download(&file),
            ChatChange::IdleDeadline { at_ms } => self.set_idle_deadline(at_ms),
            ChatChange::Script { state } => self.set_script(state),
            ChatChange::Ended { end } => self.set_end(end),
        }
    }
}

impl Services {
    /// Applies a step. Steps that make no sense here (a damaged journal) are skipped rather than fatal.
    pub(super) fn apply(&mut self, id: ServiceId, step: ServiceChange) {
        match step {
            ServiceChange::Created {
                by,
                data_id,
                available_at_ms,
            } => self.create(id, by, data_id, available_at_ms),
            ServiceChange::ChatStarted { chat, user, push } => {
                self.start_chat(&id, chat, user, push);
            }
        }
    }
}
