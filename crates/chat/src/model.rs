//! What a chat is made of, whatever the server calls it.

/// The place of an event in the server's transcript, counted from 1. Indexes may have gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct EventIndex(pub u64);

/// An *inclusive* read position: "give me the events whose index is at least this".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReadFrom(pub u64);

impl ReadFrom {
    /// The whole transcript.
    pub const START: Self = Self(1);

    /// Returns the position right after an event.
    #[must_use]
    pub fn after(index: EventIndex) -> Self {
        Self(index.0.saturating_add(1))
    }
}

/// The id of a participant within one chat. An opaque string: servers send numbers or strings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ParticipantId(pub String);

/// The kinds of participants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParticipantKind {
    /// The visitor: the one who chats.
    Visitor,
    /// An agent of the contact centre.
    Agent,
    /// An agent's supervisor who joined in.
    Supervisor,
    /// An automatic agent (`style` = `BOT` in its party info).
    Bot,
    /// The system, or anything else that is no person.
    System,
}

impl ParticipantKind {
    /// Tells whether somebody is on the contact centre's side of the conversation: an agent, a supervisor
    /// or a bot. The system is on neither.
    #[must_use]
    pub fn is_agent_side(self) -> bool {
        match self {
            Self::Agent | Self::Supervisor | Self::Bot => true,
            Self::Visitor | Self::System => false,
        }
    }
}

/// A participant of the chat.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Participant {
    /// Who, within this chat.
    pub id: ParticipantId,
    /// The name to show; may be empty.
    pub nickname: String,
    /// What they are.
    pub kind: ParticipantKind,
}

/// Whose an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// The visitor of this widget.
    Me,
    /// Anybody else.
    Other(Participant),
}

/// The reason why a participant left the session (`general-properties` / `reason-for-leave`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeaveReason {
    /// Really left: no reason was given.
    Left,
    /// Put the chat on hold and will be back (`HOLD`).
    Hold,
    /// A transfer of the chat to a colleague (`TRANSFER`).
    Transfer,
    /// A reason this version does not know, as sent.
    Other(String),
}

/// The id of a file within one chat (`file-id`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub String);

/// The server's limits for files, as its *file limits* operation answered. `None` = it did not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileLimits {
    /// Files a visitor may upload during the session.
    pub max_files: Option<u64>,
    /// Bytes of one file.
    pub max_file_bytes: Option<u64>,
    /// Bytes of all files together.
    pub max_total_bytes: Option<u64>,
    /// Allowed extensions, lower case, without dots. Empty = any.
    pub extensions: Vec<String>,
    /// Whether an agent must have joined before an upload.
    pub needs_agent: bool,
    /// Files uploaded so far.
    pub used_files: u64,
    /// Bytes uploaded so far.
    pub used_bytes: u64,
}

/// An error code of GMS Chat v2 (`errors[].code`; known from live servers, see `docs/servers.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerCode {
    /// 102: the first name is missing. The visitor completes the form.
    FirstNameMissing,
    /// 103: the last name is missing. The visitor completes the form.
    LastNameMissing,
    /// 161: the name is invalid. The visitor corrects the form.
    NameInvalid,
    /// 364: the e-mail address is invalid. The visitor corrects the form.
    EmailInvalid,
    /// 201: too many files. No further upload in this chat.
    TooManyFiles,
    /// 202: the file is too large. The visitor picks a smaller one.
    FileTooLarge,
    /// 203: the type of file is not allowed. The visitor picks another.
    FileTypeRefused,
    /// 204: the message is too long. The visitor shortens it.
    MessageTooLong,
    /// 240: a chat cannot start now. The visitor tries later.
    CannotStartNow,
    /// 249: the operation cannot be executed for this chat.
    NotExecutable,
    /// 306: the service name is unknown. The site owner corrects the configuration.
    UnknownService,
    /// Any other code, as sent.
    Other(i64),
}

impl ServerCode {
    pub(crate) fn from_number(code: i64) -> Self {
        match code {
            102 => Self::FirstNameMissing,
            103 => Self::LastNameMissing,
            161 => Self::NameInvalid,
            364 => Self::EmailInvalid,
            201 => Self::TooManyFiles,
            202 => Self::FileTooLarge,
            203 => Self::FileTypeRefused,
            204 => Self::MessageTooLong,
            240 => Self::CannotStartNow,
            249 => Self::NotExecutable,
            306 => Self::UnknownService,
            other => Self::Other(other),
        }
    }
}

/// The reason why something the visitor wanted did not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What to tell the visitor.
    pub reason: RefusalReason,
    /// The server's number for it, for integrators and logs; never shown first.
    pub code: Option<i64>,
    /// The number that goes with a limit (files, bytes or characters), where known.
    pub limit: Option<u64>,
}

impl Refusal {
    pub(crate) fn of(reason: RefusalReason) -> Self {
        Self {
            reason,
            code: None,
            limit: None,
        }
    }

    pub(crate) fn with_limit(reason: RefusalReason, limit: u64) -> Self {
        Self {
            reason,
            code: None,
            limit: Some(limit),
        }
    }
}

/// A file that cannot be attached, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedFile {
    /// Its cleaned name.
    pub name: String,
    /// What to tell the visitor.
    pub refusal: Refusal,
}

/// The kinds of refusal a visitor can tell apart, each with something to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalReason {
    /// The server could not be reached: try again.
    Unreachable,
    /// The server has too much to do: try again in a moment.
    Busy,
    /// The server did not answer in time, or answered something that is no chat reply: try again.
    BadReply,
    /// The first name is missing.
    FirstNameMissing,
    /// The last name is missing.
    LastNameMissing,
    /// The name is not accepted.
    NameInvalid,
    /// The e-mail address is not accepted.
    EmailInvalid,
    /// No chat can start now: try later.
    CannotStartNow,
    /// The configured service does not exist: the site owner must act.
    UnknownService,
    /// The message is longer than `limit` characters.
    MessageTooLong,
    /// No more than `limit` files.
    TooManyFiles,
    /// No more than `limit` bytes a file.
    FileTooLarge,
    /// No more than `limit` bytes together.
    FilesTooLarge,
    /// This type of file is not allowed.
    FileTypeRefused,
    /// There is nothing in the file, or it is a folder.
    FileEmpty,
    /// An agent must be in the chat first.
    NeedsAgent,
    /// The file cannot be read any more (it did not survive a reload).
    FileGone,
    /// The chat ended first.
    ChatEnded,
    /// This server has no such thing.
    NotOffered,
    /// The server said no without saying why.
    Refused,
}

/// The ways in which a chat ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The visitor ended it.
    ByVisitor,
    /// The contact centre ended it.
    ByServer,
    /// The server no longer knows it: it ended while this page was away, or was dropped.
    Gone,
    /// The connection was lost for so long that the server gave the visitor up.
    Dropped,
    /// The visitor ended it, on another page than this.
    Elsewhere,
    /// The visitor ended it, and the server could not be told.
    Untold,
}

/// A file the visitor chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Where the driver keeps the contents.
    pub handle: FileHandle,
    /// Its name, as the browser gave it; cleaned by the core.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// What the visitor says about it (`userData[file-description]`).
    pub description: Option<String>,
}

/// A handle of file contents that the driver keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileHandle(pub u64);

/// A tab's part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TabRole {
    /// Talks to the server.
    #[default]
    Leads,
    /// Shows what the leader tells, and hands it what the visitor says.
    Follows,
}
