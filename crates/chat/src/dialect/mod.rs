//! What the servers' languages have in common: actions go out, replies come back.
//!
//! A dialect only translates. What to ask and what to make of the answer is the session's business.

pub(crate) mod cometd;
mod dispatch;
#[cfg(feature = "version-1")]
pub mod gms_v1;
#[cfg(feature = "gms-v1-cometd")]
pub mod gms_v1_cometd;
#[cfg(any(feature = "gms-v2", feature = "gms-v2-cometd"))]
pub mod gms_v2;
#[cfg(feature = "gms-v2-cometd")]
pub(crate) mod gms_v2_cometd;
#[cfg(feature = "gws")]
pub mod gws;
pub(crate) mod json;
mod urlencoded;
#[cfg(feature = "version-1")]
mod utc;
pub(crate) mod wrong_dialect;

pub(crate) use dispatch::{FILES, JOINS, KEEPS, PUSHES, TIMELESS, Words};

use core::time::Duration;

use crate::io::{Body, Expect, FileHandle, FormAnswers};
use crate::model::{
    EventIndex, FileId, FileLimits, LeaveReason, Participant, ReadFrom, ServerCode,
};
use crate::time::WallTime;

/// An operation to ask of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Start a chat; where a server has its chats joined in a step of its own, make one that can be.
    RequestChat(FormAnswers),
    /// Join the chat that was made.
    Join(FormAnswers),
    /// Ask whether an agent is there for a chat that could not be joined yet.
    AwaitAgent,
    /// Ask whether the chat goes on, and what the server takes from the visitor now.
    Status,
    /// Say something, and read the transcript.
    Send {
        /// What.
        text: String,
        /// From where to read.
        from: ReadFrom,
    },
    /// The visitor began to type; with the text so far if the agent may see it.
    StartTyping(Option<String>),
    /// The visitor stopped typing.
    StopTyping,
    /// Read the transcript; with the text so far if the agent may see it.
    Refresh {
        /// From where to read.
        from: ReadFrom,
        /// Typing preview.
        preview: Option<String>,
    },
    /// Read the next page of the transcript.
    ReadBack(ReadFrom),
    /// End the chat.
    Disconnect,
    /// Offer the agent a page.
    PushUrl(String),
    /// Change the visitor's name.
    UpdateNickname(String),
    /// Tell the agent's desktop something.
    CustomNotice {
        /// Free text.
        message: Option<String>,
        /// A JSON object as text.
        attributes: Option<String>,
    },
    /// Attach or change user data.
    UpdateData(Vec<(String, String)>),
    /// Acknowledge having read up to an event.
    ReadReceipt(EventIndex),
    /// Ask what is allowed of files.
    FileLimits,
    /// Upload a file.
    Upload {
        /// The contents.
        file: FileHandle,
        /// The cleaned name.
        name: String,
        /// What the visitor says about it.
        description: Option<String>,
    },
    /// Download a file.
    Download {
        /// Which.
        id: FileId,
        /// The cleaned name to save it under.
        name: String,
    },
    /// Delete a file.
    DeleteFile(FileId),
}

/// The kinds of requests, as far as the kind must be known to read the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyKind {
    /// To start a chat.
    Start,
    /// To join it.
    Join,
    /// For the transcript: the reply brings the events from the position that was sent.
    Transcript,
    /// For something else, of whose reply no events count.
    Else,
    /// To a push session, which the reply tells of.
    PushSession,
}

/// An action in a server's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// What the reply will be an answer to.
    pub reply_kind: ReplyKind,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path from the server's root; holds no key.
    pub path: String,
    /// What to send.
    pub body: Body,
    /// What to do with the answer's body.
    pub expect: Expect,
}

/// The keys that identify and open a chat. Never shown, logged or put into a URL, but for the chat's id.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Keys {
    /// The chat (`chatId`).
    pub chat: String,
    /// The visitor (`userId`; `gms_user` where that is the widget's to choose).
    pub user: String,
    /// The secret (`secureKey`).
    pub secure: String,
    /// The server's node (`alias`).
    pub alias: String,
    /// Paths from the server's root by the server's name for them, where it told some.
    pub links: Vec<(String, String)>,
}

impl core::fmt::Debug for Keys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// Adopts each key that a newer reply brought, except for the chat's id: with another id, a mistaken
    /// reply would lead away from the chat.
    pub(crate) fn renew(&mut self, news: Self) {
        for (mine, new) in [
            (&mut self.user, news.user),
            (&mut self.secure, news.secure),
            (&mut self.alias, news.alias),
        ] {
            if !new.is_empty() {
                *mine = new;
            }
        }
        if JOINS && !news.links.is_empty() {
            self.links = news.links;
        }
    }

    /// Tells whether the chat's id can be a segment of a path: dots alone would change the path.
    pub(crate) fn name_a_chat(&self) -> bool {
        !self.chat.chars().all(|c| c == '.')
    }
}

/// A server's reply, decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// How the operation went.
    pub outcome: Outcome,
    /// Whether the chat goes on.
    pub status: ChatStatus,
    /// Keys to use from now on; blank ones were not given.
    pub keys: Keys,
    /// The position to read from next, where the server says it.
    pub next: Option<ReadFrom>,
    /// The transcript's events, ascending by index.
    pub events: Vec<Event>,
    /// Whether the list of events is missing that was asked for. It is an empty one if the position has not
    /// moved; else nobody knows which events that has passed.
    pub events_missing: bool,
    /// What is allowed of files, where given.
    pub limits: Option<FileLimits>,
    /// The uploaded file's id, where given.
    pub file: Option<FileId>,
    /// When the server closes an idle chat, where given.
    pub idle_expires: Option<Duration>,
    /// What the server takes from the visitor now, where given.
    pub accepts: Option<Accepts>,
}

/// The things a server accepts from the visitor now; they change with the status of a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepts {
    /// Messages.
    pub messages: bool,
    /// News of typing.
    pub typing: bool,
}

impl Accepts {
    /// What a server takes that does not say.
    pub(crate) const ALL: Self = Self {
        messages: true,
        typing: true,
    };
}

/// The abilities that the servers of a dialect have at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// Exchange files.
    pub files: bool,
    /// Show the agent what is typed before it is sent.
    pub typing_preview: bool,
    /// Take notice of what was read.
    pub read_receipts: bool,
    /// Change the visitor's name.
    pub rename: bool,
    /// Hand pages to the agent, notices and data to the agent's desktop.
    pub extras: Extras,
}

/// The operations for integrators that a server understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extras {
    /// Pages, notices and data.
    All,
    /// Notices.
    Notices,
    /// None.
    None,
}

impl Reply {
    /// Makes a reply that says nothing but how it went.
    #[must_use]
    pub fn of(outcome: Outcome, status: ChatStatus) -> Self {
        Self {
            outcome,
            status,
            keys: Keys::default(),
            next: None,
            events: Vec::new(),
            events_missing: false,
            limits: None,
            file: None,
            idle_expires: None,
            accepts: None,
        }
    }
}

/// A chat's status by a reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChatStatus {
    /// Replies of this kind do not tell.
    #[default]
    Unknown,
    /// It does.
    Open,
    /// It is over.
    Over,
}

/// The outcome of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was not; it may be tried again, and nothing else of the reply can be trusted.
    TryAgain,
    /// It can be done once an agent is there.
    Waiting,
    /// It will never succeed.
    Refused(Option<ServerError>),
}

/// The reason a server gave for a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerError {
    /// What.
    pub code: ServerCode,
    /// The number as sent.
    pub number: i64,
    /// The number in its advice (a limit), if that is one.
    pub limit: Option<u64>,
}

/// An answer that is no reply of this server family: HTML, broken JSON, somebody else's JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError;

/// One event of the transcript.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its place.
    pub index: EventIndex,
    /// When, by the server's clock.
    pub at: Option<WallTime>,
    /// Who.
    pub from: Participant,
    /// What.
    pub kind: EventKind,
}

/// The kinds of events.
#[derive(Clone, Debug, PartialEq)]
pub enum EventKind {
    /// Somebody came.
    Joined,
    /// Somebody went.
    Left(LeaveReason),
    /// Somebody said something.
    Message {
        /// The plain text.
        text: String,
        /// A rich message as JSON text.
        rich: Option<String>,
    },
    /// Somebody began to type.
    TypingStarted,
    /// Somebody stopped typing.
    TypingStopped,
    /// Somebody changed their name. No source says whether this is the old one or the new one, nor which of
    /// them the event's sender has.
    Renamed(String),
    /// Somebody offered a page.
    PushUrl(String),
    /// Somebody sent a file.
    FileUploaded {
        /// Which; blank if the server did not say.
        id: FileId,
        /// Its name as sent.
        name: String,
        /// Its size.
        bytes: Option<u64>,
        /// What the sender said about it.
        description: Option<String>,
    },
    /// A file was deleted; which one is not always said.
    FileDeleted(Option<FileId>),
    /// A notice between integrators' programs.
    CustomNotice,
    /// A notice to be read.
    Notice(String),
    /// The server will give up on a silent visitor.
    IdleAlert {
        /// In this time, if it is to be counted down.
        closes_in: Option<Duration>,
    },
    /// The server gave up on a silent visitor.
    IdleClose,
    /// Something this version does not know, by its type.
    Unknown(String),
}
