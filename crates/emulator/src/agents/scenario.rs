//! The parts of a scenario.

use std::sync::Arc;

use crate::model::{Event, EventKind, ParticipantId, Role};

/// A script of what agents do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scenario {
    /// Its name, for logs.
    pub name: String,
    /// Tells this text of a scenario from another, so that a chat does not go on in the middle of a changed one.
    pub fingerprint: u64,
    /// Who appears.
    pub people: Vec<Person>,
    /// What happens, in order.
    pub story: Vec<Step>,
    /// What happens whenever the visitor does something that the story is not waiting for. The first that matches wins.
    pub rules: Vec<Rule>,
}

impl Scenario {
    /// Lists the files that agents may send.
    pub fn attachments(&self) -> impl Iterator<Item = &Arc<Attachment>> {
        let answers = self.rules.iter().flat_map(|rule| &rule.steps);
        self.story
            .iter()
            .chain(answers)
            .filter_map(|step| match &step.action {
                Action::SendFile { file, .. } => Some(file),
                _ => None,
            })
    }
}

/// A person on the agents' side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// How the scenario calls them.
    pub key: String,
    /// How the visitor sees them.
    pub nickname: String,
    /// The part they play.
    pub role: Role,
}

/// One step: wait for an event, wait a while, act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Wait until the visitor does this.
    pub when: Option<Trigger>,
    /// Then wait so long (ms).
    pub after_ms: u64,
    /// Then do this.
    pub action: Action,
}

/// An answer to something that the visitor does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What it answers.
    pub when: Trigger,
    /// How often at most in one chat.
    pub times: Option<u32>,
    /// The answer. None of its steps has a trigger.
    pub steps: Vec<Step>,
}

/// Something that the visitor does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// Writes a message that has one of these words in it (case does not matter); of none: any message.
    Says(Vec<String>),
    /// Sends a file.
    Uploads,
    /// Starts typing.
    Types,
    /// Offers a page.
    PushesUrl,
    /// Takes another name.
    Renames,
}

/// A reference to the person who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Whichever agent is in the chat.
    AnyAgent,
    /// A person of the scenario, by place in the list.
    Person(usize),
}

/// Something that a person does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Joins.
    Join(Who),
    /// Writes, after typing for a while.
    Say {
        /// Who.
        who: Who,
        /// The words; `{visitor}`, `{message}` and `{agent}` are filled in.
        text: String,
        /// How long to be seen typing first (ms).
        typing_ms: u64,
    },
    /// Types for a while and stops without a word.
    Type {
        /// Who.
        who: Who,
        /// How long (ms).
        for_ms: u64,
    },
    /// Puts the chat on hold.
    Hold(Who),
    /// Comes back from hold.
    Return(Who),
    /// Hands over to a colleague, who joins a while later.
    Transfer {
        /// Who leaves.
        who: Who,
        /// Who comes.
        to: Who,
        /// How long that takes (ms).
        joins_after_ms: u64,
    },
    /// Offers a page.
    PushUrl {
        /// Who.
        who: Who,
        /// Its address.
        url: String,
    },
    /// Sends a file.
    SendFile {
        /// Who.
        who: Who,
        /// What.
        file: Arc<Attachment>,
    },
    /// Writes a notice.
    Notice {
        /// Who.
        who: Who,
        /// The words.
        text: String,
    },
    /// Warns that the chat will be closed.
    IdleAlert {
        /// How long the visitor has to answer (ms).
        close_after_ms: u64,
    },
    /// Leaves for good.
    Leave(Who),
    /// Ends the chat.
    End,
}

/// A file that a scenario sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The name shown.
    pub name: String,
    /// Media type.
    pub content_type: String,
    /// What the agent says about it.
    pub description: Option<String>,
    /// The contents.
    pub bytes: Vec<u8>,
}

impl Action {
    /// Returns who must be in the chat for this action.
    pub(super) fn actor(&self) -> Option<&Who> {
        match self {
            Self::Say { who, .. }
            | Self::Type { who, .. }
            | Self::Hold(who)
            | Self::Transfer { who, .. }
            | Self::PushUrl { who, .. }
            | Self::SendFile { who, .. }
            | Self::Notice { who, .. }
            | Self::Leave(who) => Some(who),
            Self::Join(_) | Self::Return(_) | Self::IdleAlert { .. } | Self::End => None,
        }
    }
}

impl Trigger {
    /// Returns whether an event is what this trigger waits for.
    pub(super) fn meets(&self, event: &Event) -> bool {
        if event.from.participant != ParticipantId::VISITOR {
            return false;
        }
        match (self, &event.kind) {
            (Self::Says(words), EventKind::Message { text, .. }) => {
                let text = text.to_lowercase();
                words.is_empty() || words.iter().any(|word| text.contains(&word.to_lowercase()))
            }
            (Self::Uploads, EventKind::FileUploaded { .. })
            | (Self::Types, EventKind::TypingStarted)
            | (Self::PushesUrl, EventKind::PushUrl { .. })
            | (Self::Renames, EventKind::NicknameUpdated) => true,
            _ => false,
        }
    }
}
