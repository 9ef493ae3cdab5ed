//! What goes into a session and what comes out of it.

use core::fmt;
use core::time::Duration;

use crate::mask::Mask;
use crate::model::{FileHandle, NewFile, TabRole};
use crate::session::Session;
use crate::settings::DialectKind;
use crate::state::State;
use crate::time::Moment;
use crate::timeline::{Change, EntryId, Item};

/// An input, for [`Session::handle`](crate::Session::handle).
#[derive(Clone, Debug)]
pub enum Input {
    /// The visitor (or the page on their behalf) wants something.
    Command(Command),
    /// A request was answered, whatever its status.
    Reply {
        /// The request's id.
        id: RequestId,
        /// The answer.
        response: Response,
    },
    /// A request got no answer.
    Failed {
        /// The request's id.
        id: RequestId,
        /// What is known about why.
        failure: Failure,
    },
    /// Some of a request's upload, or of its answer, has moved.
    Progress {
        /// The request's id.
        id: RequestId,
        /// Bytes so far.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
    /// Time has passed: the wake-up asked for is due (or may be).
    Tick,
    /// The page was hidden or shown.
    Visibility(Visibility),
    /// The browser went offline or came back.
    Network(Network),
    /// This tab leads or follows. Until told otherwise, it does as [`Settings::role`](crate::Settings::role) says.
    TabRole(TabRole),
    /// Another tab of the same visitor said something.
    TabMessage(TabMessage),
    /// The records as the storage has them now: the answer to [`Output::ReadRecords`].
    Records(Vec<Record>),
    /// A record could not be stored. The chat goes on in memory, and the next change tries again.
    StorageFailed(RecordName),
}

/// A visitor's command.
#[derive(Clone, Debug)]
pub enum Command {
    /// Start a chat with the pre-chat form's answers.
    Start(FormAnswers),
    /// Start another chat with the answers of the one that is over, where this page has asked for that one; else
    /// dismiss it.
    StartAgain,
    /// The text in the composer is now this.
    Draft(String),
    /// Send a message, behind the files that were attached to it; without words they go alone. Clears the draft.
    /// A message that is too long is refused and becomes the draft.
    Say(String),
    /// Do what can be wanted only once there is a chat.
    Chat(CarriedCommand),
    /// Ask the server now, where the next try after a failure is still to come.
    TryNow,
    /// End the chat.
    End,
    /// Dismiss an ended chat: forget its timeline, be ready for a new one.
    Reset,
    /// The panel was opened or closed: decides what counts as read.
    Panel(Panel),
}

/// A command that there is only once there is a chat.
#[derive(Clone, Debug)]
pub enum ChatCommand {
    /// Try a failed message or upload again.
    Retry(EntryId),
    /// Take a failed message or upload off the timeline.
    Discard(EntryId),
    /// Put a failed message's text back into the composer and take it off the timeline.
    Edit(EntryId),
    /// Offer the agent a page.
    PushUrl(String),
    /// Change the visitor's name.
    Rename(String),
    /// Tell the agent's desktop something of the integrator's own.
    CustomNotice {
        /// Free text.
        message: Option<String>,
        /// A JSON object, as text (`eventAttributes`).
        attributes: Option<String>,
    },
    /// Attach files to the next message: nothing of them leaves before.
    Attach(Vec<NewFile>),
    /// Take a file off the next message.
    Detach(FileHandle),
    /// Give up an upload that is under way.
    CancelUpload(EntryId),
    /// Save a file of the timeline.
    Download(EntryId),
    /// Delete a file that the visitor sent.
    DeleteFile(EntryId),
    /// Answer an idle warning: "I'm still here".
    StayAwake,
    /// Send a message for the page. The draft, and what is attached to it, stay.
    Send(String),
    /// Send a file at once, for the page. What is attached to the draft stays.
    SendFile(NewFile),
    /// Attach or change user data: of the chat that goes on, where the server takes it, and of those that
    /// this page starts later.
    UpdateData(Vec<(String, String)>),
}

/// A command, together with what carries it out: a build that is split loads both when they are needed.
#[derive(Clone, Debug)]
pub struct CarriedCommand {
    pub(crate) command: ChatCommand,
    pub(crate) carry_out: fn(&mut Session, ChatCommand),
}

impl CarriedCommand {
    /// Returns the command itself.
    #[must_use]
    pub fn command(&self) -> &ChatCommand {
        &self.command
    }
}

/// The answers of a pre-chat form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormAnswers {
    /// The name to show; wins over first and last name.
    pub nickname: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
    /// What the visitor has asked in words of their own, to be shown as the first line. It is not sent as such.
    pub question: Option<String>,
    /// Everything else.
    pub user_data: Vec<(String, String)>,
}

impl FormAnswers {
    /// Masks numbers in what the visitor has written. An address for e-mails is no free text.
    pub(crate) fn mask(&mut self, mask: Mask) {
        let texts = [
            &mut self.nickname,
            &mut self.first_name,
            &mut self.last_name,
            &mut self.subject,
            &mut self.question,
        ];
        for text in texts.into_iter().flatten() {
            mask.apply(text);
        }
        for (_, value) in &mut self.user_data {
            mask.apply(value);
        }
    }

    /// Returns the name to show where a server takes one name only: the nickname, or else first and last name.
    pub(crate) fn name(&self) -> String {
        if let Some(nickname) = &self.nickname {
            return nickname.clone();
        }
        let first = self.first_name.as_deref().unwrap_or_default();
        let last = self.last_name.as_deref().unwrap_or_default();
        [first, " ", last].concat().trim().into()
    }
}

/// The panel's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// The visitor sees the timeline.
    Open,
    /// The visitor sees the launcher at most.
    Closed,
}

/// The page's visibility.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// The page is shown.
    Visible,
    /// The page is hidden, or about to freeze.
    Hidden,
}

/// The browser's word about its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// There may be a connection.
    Online,
    /// There is none.
    Offline,
}

/// A message between the tabs of one visitor: JSON text for the other tabs' sessions. It holds what is said in
/// the chat, and is not printed. It holds no key.
#[derive(Clone, PartialEq, Eq)]
pub struct TabMessage(pub String);

impl fmt::Debug for TabMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TabMessage(…)")
    }
}

/// The id of a request within a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// A header's name and value.
pub type Header = (String, String);

/// A request for the driver to make.
#[derive(Clone)]
pub struct Request {
    /// Names it in the reply.
    pub id: RequestId,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The whole URL (relative when the server is the page's own origin). Holds no key.
    pub url: String,
    /// The tenant's headers, and the one by which the server knows the visitor, if any. The content type follows
    /// from the body.
    pub headers: Vec<Header>,
    /// What to send.
    pub body: Body,
    /// How long it may take. The core keeps the time itself and asks for an abort; a driver that has
    /// a native time-out may use it as well.
    pub deadline: Duration,
    /// What to do with the answer.
    pub expect: Expect,
}

impl fmt::Debug for Request {
    /// Leaves out what headers say: keys of the operator's, and who the visitor is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("id", &self.id)
            .field("method", &self.method)
            .field("url", &self.url)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

/// A request's body. It holds the chat's keys, and shows them to nobody who prints it.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// None.
    Empty,
    /// `application/x-www-form-urlencoded`, already encoded.
    Form(String),
    /// `application/json`.
    Json(String),
    /// `multipart/form-data` without a file: name and value of each field, in order.
    Parts(Vec<(String, String)>),
    /// `multipart/form-data`: the fields in order, then the file as part `file`.
    Upload {
        /// Name and value of each field.
        fields: Vec<(String, String)>,
        /// Contents to send.
        file: FileHandle,
        /// The file's cleaned name.
        name: String,
    },
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Form(_) => f.write_str("Form(…)"),
            Self::Json(_) => f.write_str("Json(…)"),
            Self::Parts(_) => f.write_str("Parts(…)"),
            Self::Upload { name, .. } => f
                .debug_struct("Upload")
                .field("name", name)
                .finish_non_exhaustive(),
        }
    }
}

/// The treatment of a response's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Hand it in as text.
    Text,
    /// When the status is 200 save it as a file of this name and hand in an empty body; hand it in as
    /// text otherwise.
    File {
        /// The cleaned name.
        name: String,
    },
}

/// An answer. Its body may hold the chat's keys, and is not printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After`, where the server let it be read.
    pub retry_after: Option<Duration>,
    /// The body as text.
    pub body: String,
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}

/// The reason why there is no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The connection failed before or in the middle; whether the server got the request is unknown.
    Unreachable,
    /// The deadline passed; whether the server got the request is unknown.
    TimedOut,
    /// The file to send can no longer be read; nothing was sent.
    FileGone,
}

/// An output: something for the driver to do. Carry outputs out in order.
#[derive(Clone, Debug)]
pub enum Output {
    /// Make this request.
    Request(Request),
    /// Give up this request; no answer is wanted.
    Abort(RequestId),
    /// Hand in a [`Input::Tick`] at this moment, and forget the wake-up before. `None` = none needed.
    Wake(Option<Moment>),
    /// Store or erase a record before going on.
    Store(Record),
    /// Tell the visitor's other tabs.
    TellTabs(TabMessage),
    /// Make this tab the one that leads, whichever does now. [`Input::TabRole`] says that it is done.
    TakeLead,
    /// Read the records anew, and hand them in as [`Input::Records`]: another tab may have changed them.
    ReadRecords,
    /// The timeline changed so.
    Timeline(Change),
    /// The rest of what a view shows is now this.
    State(Box<State>),
    /// The composer's text must become this (after a restore, an edit or a refused message).
    Draft(String),
    /// The contents behind this handle are no longer needed.
    Release(FileHandle),
    /// No chat can be had with a server of another kind. For whoever keeps the tenant's file; the visitor sees
    /// that the chat is not set up.
    WrongDialect {
        /// The dialect of the settings.
        spoken: DialectKind,
        /// What the server speaks instead, where its replies tell.
        likely: Option<DialectKind>,
    },
    /// Something new for the visitor to hear of: what others said, that they came or went, that the server ended
    /// the chat. Each tab tells it once, whichever leads, and not again after a restore.
    Incoming(Box<Item>),
}

/// The name of a record in the visitor's storage: `session`, `draft`, `transcript`, `outbox/…`, `starting`
/// or `ended`.
/// Names are unique within one [`Settings::scope`](crate::Settings::scope).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordName(pub String);

/// A record's storage area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// For the visitor: every tab of the site, until erased (`localStorage`).
    ForVisitor,
    /// For this tab only, over its reloads (`sessionStorage`).
    ForTab,
}

/// A record's new value; `None` erases it. It may hold the chat's keys, and is not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// Which.
    pub name: RecordName,
    /// Where.
    pub keep: Keep,
    /// JSON text.
    pub value: Option<String>,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("name", &self.name)
            .field("keep", &self.keep)
            .finish_non_exhaustive()
    }
}
