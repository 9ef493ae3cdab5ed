//! What a view shows beside the timeline.

use crate::model::{EndReason, FileLimits, Participant, Refusal};
use crate::time::Moment;

/// Everything a view shows beside the timeline. Handed out whole whenever some of it changed.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct State {
    /// Where the chat stands.
    pub phase: Phase,
    /// Whether the server answers.
    pub connection: Connection,
    /// Who is there for the visitor.
    pub agents: Agents,
    /// Others who are in the chat now, in order of arrival.
    pub participants: Vec<Participant>,
    /// Others who are typing now.
    pub typing: Vec<Participant>,
    /// Messages, links and files that came while the visitor did not look.
    pub unread: u32,
    /// The visitor's name as the server shows it.
    pub nickname: Option<String>,
    /// What there is for the visitor to do; a view offers nothing else.
    pub offers: Offers,
    /// Whether messages can be sent now. What is said all the same waits until then.
    pub messages_taken: bool,
    /// What the server allows of files; `None` before it said so, or when the tenant has no files.
    pub limits: Option<FileLimits>,
    /// The server is about to give up on a silent visitor.
    pub idle: Option<IdleWarning>,
    /// Whether what is typed survives a reload.
    pub storage: Storage,
    /// The last thing that was refused and belongs to no entry of the timeline (a rename, a deleted
    /// file, a pushed page). Gone with the next command.
    pub refusal: Option<Refusal>,
}

/// What the server, and the tenant, let the visitor do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offers {
    /// Exchange files.
    pub files: bool,
    /// Change one's name.
    pub rename: bool,
    /// Let the agent see what is typed before it is sent.
    pub typing_preview: bool,
}

impl Default for Offers {
    fn default() -> Self {
        Self {
            files: true,
            rename: true,
            typing_preview: false,
        }
    }
}

/// Where the chat stands.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Phase {
    /// None yet.
    #[default]
    Idle,
    /// The last try to start a chat failed: show why at the form, which keeps its answers.
    Refused(Refusal),
    /// A chat was asked for.
    Starting,
    /// A chat is going on (perhaps waiting for an agent: see [`State::agents`]).
    Chatting,
    /// The visitor ended it; the server is being told.
    Ending,
    /// It is over. The timeline stays until [`Command::Reset`](crate::Command::Reset).
    Ended(EndReason),
}

/// Whether the server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Connection {
    /// It does.
    #[default]
    Up,
    /// It did not, and is being tried again.
    Reconnecting,
    /// The browser says there is no network.
    Offline,
}

/// Who is there for the visitor.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Agents {
    /// Nobody has come yet.
    #[default]
    Awaited,
    /// At least one agent, bot or supervisor is there.
    Present,
    /// This agent put the chat on hold and will be back.
    OnHold(Participant),
    /// This agent is handing the chat to a colleague.
    Transferring(Participant),
    /// Those who were there have left; the chat goes on.
    Gone,
}

/// The server is about to give up on a silent visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdleWarning {
    /// When it will close the chat, where it said so (monotonic clock).
    pub closes_at: Option<Moment>,
}

/// Whether what is typed survives a reload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Storage {
    /// It does.
    #[default]
    Works,
    /// The last attempt to store something failed: it lives in memory only.
    Fails,
}
