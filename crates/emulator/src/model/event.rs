//! Events of a chat, for all dialects.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{EventIndex, FileId, ParticipantId};

/// An event of a chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Place in the chat's log.
    pub index: EventIndex,
    /// Unix time in milliseconds.
    pub at_ms: i64,
    /// Who did it, under the name of that moment.
    pub from: Sender,
    /// What was done.
    #[serde(flatten)]
    pub kind: EventKind,
    /// Attributes that the sender attached (JSON object), handed on untouched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Value>,
}

impl Event {
    /// Returns whether the visitor may see this event. The others only use up an index.
    pub fn is_visible(&self) -> bool {
        !matches!(
            self.kind,
            EventKind::Preview { .. } | EventKind::Read { .. } | EventKind::Hidden
        )
    }

    /// Returns the text of a message, whoever wrote it.
    pub fn message(&self) -> Option<&str> {
        match &self.kind {
            EventKind::Message { text, .. } => Some(text),
            _ => None,
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// The sender joined.
    Joined,
    /// The sender left.
    Left {
        /// Why.
        reason: LeaveReason,
    },
    /// The sender wrote a message.
    Message {
        /// The words.
        text: String,
        /// The type that the sender gave it, if any.
        message_type: Option<String>,
    },
    /// The sender started typing.
    TypingStarted,
    /// The sender stopped typing.
    TypingStopped,
    /// The sender goes by another name from now on (the one in `from`).
    NicknameUpdated,
    /// The sender offers a page to open.
    PushUrl {
        /// Its address, as it was given.
        url: String,
    },
    /// The sender shared a file.
    FileUploaded {
        /// Which.
        file: FileId,
    },
    /// The sender took a file back.
    FileDeleted {
        /// Which.
        file: FileId,
    },
    /// A word between custom programs.
    CustomNotice {
        /// Its text, if any.
        text: Option<String>,
    },
    /// A notice for people.
    Notice {
        /// Its text.
        text: String,
    },
    /// The chat will be closed unless somebody says something.
    IdleAlert {
        /// Seconds left.
        close_in_secs: u32,
    },
    /// The chat is closed because nobody said anything.
    IdleClose,
    /// Hidden: what the visitor has typed so far, for agents' eyes.
    Preview {
        /// The whole text of the box.
        text: String,
    },
    /// Hidden: the visitor has read up to this event.
    Read {
        /// That event's own index.
        up_to: EventIndex,
    },
    /// Hidden: something of the agents' own.
    Hidden,
}

/// Why a participant left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveReason {
    /// For good.
    Left,
    /// Will come back: the chat is on hold.
    Hold,
    /// Handed the chat to somebody else.
    Transfer,
    /// For a reason in the server's own words.
    Other(String),
}

/// Who did something, as of that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// Which participant.
    pub participant: ParticipantId,
    /// The name at that moment.
    pub nickname: String,
    /// The part played.
    pub role: Role,
}

impl Sender {
    /// Creates the sender that stands for the server itself.
    pub(crate) fn server() -> Self {
        Self {
            participant: ParticipantId::SERVER,
            nickname: "system".to_owned(),
            role: Role::External,
        }
    }
}

/// The part that a participant plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Who asked for the chat.
    Visitor,
    /// Who answers.
    Agent,
    /// Who looks over an agent's shoulder and may speak.
    Supervisor,
    /// A program that answers.
    Bot,
    /// A program that announces (the `system` of the samples).
    External,
}
