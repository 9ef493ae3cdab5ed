//! Long polls that are held.

use serde_json::Value;

/// The id of a long poll that is held. No id is used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub(super) u64);

/// A long poll that is held: what is needed to answer it later.
#[derive(Debug)]
pub(super) struct HeldPoll {
    pub(super) ticket: Ticket,
    pub(super) id: Option<String>,
    /// The page that asked, for the reply's headers.
    pub(super) origin: Option<String>,
}

/// The answer to a connect.
#[derive(Debug)]
pub(super) enum ConnectReply {
    /// Answered, with what is new before it.
    Now { news: Vec<Value>, reply: Value },
    /// Held.
    Held(Ticket),
}
