//! What must be durable, as a list that can be played again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::chat::{Chat, End};
use super::service::Services;
use super::{ChatId, Event, FileId, FileMeta, NewChat, NewService, Participant, Push, ServiceId};

/// Records one step of a world. A world is nothing but its changes played in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Change(pub(crate) Step);

/// Tells what changed, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, try_from = "Entry")]
pub(crate) enum Step {
    Chat {
        chat: ChatId,
        what: What,
    },
    Service {
        service: ServiceId,
        step: ServiceStep,
    },
}

/// Is a step as a journal may hold it: read so rather than untagged, a damaged one is told with what is wrong with it.
#[derive(Deserialize)]
struct Entry {
    chat: Option<ChatId>,
    what: Option<What>,
    service: Option<ServiceId>,
    step: Option<ServiceStep>,
}

impl TryFrom<Entry> for Step {
    type Error = &'static str;

    fn try_from(entry: Entry) -> Result<Self, Self::Error> {
        match entry {
            Entry {
                chat: Some(chat),
                what: Some(what),
                ..
            } => Ok(Self::Chat { chat, what }),
            Entry {
                service: Some(service),
                step: Some(step),
                ..
            } => Ok(Self::Service { service, step }),
            _ => Err("neither a chat nor a service changes"),
        }
    }
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

/// Tells how a service changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ServiceStep {
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

impl Services {
    /// Applies a step. Steps that make no sense here (a damaged journal) are skipped rather than fatal.
    pub(super) fn apply(&mut self, id: ServiceId, step: ServiceStep) {
        match step {
            ServiceStep::Created {
                by,
                data_id,
                available_at_ms,
            } => self.create(id, by, data_id, available_at_ms),
            ServiceStep::ChatStarted { chat, user, push } => {
                self.start_chat(&id, chat, user, push);
            }
        }
    }
}
