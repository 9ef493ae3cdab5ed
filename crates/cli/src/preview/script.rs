//! The states of a chat that the preview shows, and what happens in each.

use serde_json::{Value, json};

/// A state of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Waiting,
    Talking,
    OnHold,
    Transferred,
    Ended,
    Refused,
    Lost,
}

impl State {
    /// Lists the states in the order in which visitors may meet them.
    pub(super) const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Talking,
        Self::OnHold,
        Self::Transferred,
        Self::Lost,
        Self::Ended,
        Self::Refused,
    ];

    /// Returns the name in addresses, and in what a frame sends with its chat.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Talking => "talking",
            Self::OnHold => "on-hold",
            Self::Transferred => "transferred",
            Self::Ended => "ended",
            Self::Refused => "refused",
            Self::Lost => "lost",
        }
    }

    /// Finds a state by its name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Describes it to people.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Waiting => "waiting for an agent",
            Self::Talking => "a conversation",
            Self::OnHold => "on hold",
            Self::Transferred => "handed over to a colleague",
            Self::Ended => "the chat is over",
            Self::Refused => "the server refuses the chat",
            Self::Lost => "the connection is lost",
        }
    }

    /// Lists what happens after the visitor has come. The lines are English in every language: they are what people say.
    pub(super) fn script(self) -> Vec<Line> {
        let said = [
            joined(),
            agent("Hello! My name is Mia. How can I help you?"),
            visitor("Hello! A parcel of my order is missing."),
            agent("It is on its way. This page follows it:"),
            of_agent(
                "PushUrl",
                json!({"text": "https://parcels.example/2026-117"}),
            ),
            of_agent("FileUploaded", json!({"userData": FILE.user_data()})),
        ];
        let left = |reason: &str| {
            let attributes = json!({"general-properties": {"reason-for-leave": reason}});
            of_agent("ParticipantLeft", json!({"eventAttributes": attributes}))
        };
        let mut script = said.to_vec();
        match self {
            Self::Waiting | Self::Refused => script.clear(),
            Self::Talking | Self::Lost => {}
            Self::OnHold => script.extend([
                agent("I will ask in our depot. This takes a minute."),
                left("HOLD"),
            ]),
            Self::Transferred => script.extend([
                agent("My colleague in the depot knows more. I hand you over."),
                left("TRANSFER"),
            ]),
            Self::Ended => script.extend([
                visitor("Thank you! That is all I wanted to know."),
                agent("You are welcome. Have a nice day!"),
                of_agent("ParticipantLeft", json!({})),
                Line::new(Speaker::Visitor, "ParticipantLeft", json!({})),
            ]),
        }
        script
    }
}

/// The one who does something.
#[derive(Debug, Clone, Copy)]
pub(super) enum Speaker {
    Visitor,
    Agent,
}

/// Something that happens in a chat, without its place and time.
#[derive(Debug, Clone)]
pub(super) struct Line {
    speaker: Speaker,
    kind: &'static str,
    /// Fields of an event besides those that all have.
    more: Value,
}

impl Line {
    pub(super) fn new(speaker: Speaker, kind: &'static str, more: Value) -> Self {
        Self {
            speaker,
            kind,
            more,
        }
    }

    /// Writes an event as servers do.
    pub(super) fn event(&self, index: u64, at_ms: u64) -> Value {
        let from = match self.speaker {
            Speaker::Visitor => json!({"nickname": "Ada", "participantId": 1, "type": "Client"}),
            Speaker::Agent => json!({"nickname": "Mia", "participantId": 2, "type": "Agent"}),
        };
        let mut event = self.more.clone();
        event["from"] = from;
        event["index"] = index.into();
        event["type"] = self.kind.into();
        event["utcTime"] = at_ms.into();
        event
    }
}

/// The file that the agent sends.
pub(super) struct SentFile {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

pub(super) const FILE: SentFile = SentFile {
    id: "label",
    name: "return-label.txt",
    text: "A file of the preview: there is nothing to return.\n",
};

impl SentFile {
    fn user_data(&self) -> Value {
        let size = self.text.len().to_string();
        json!({"file-id": self.id, "file-name": self.name, "file-size": size})
    }
}

/// Says something as the visitor.
pub(super) fn visitor(text: &str) -> Line {
    let more = json!({"text": text, "messageType": "text"});
    Line::new(Speaker::Visitor, "Message", more)
}

/// Has the agent begin to type.
pub(super) fn typing() -> Line {
    of_agent("TypingStarted", json!({}))
}

fn joined() -> Line {
    of_agent("ParticipantJoined", json!({}))
}

fn agent(text: &str) -> Line {
    of_agent("Message", json!({"text": text, "messageType": "text"}))
}

fn of_agent(kind: &'static str, more: Value) -> Line {
    Line::new(Speaker::Agent, kind, more)
}
