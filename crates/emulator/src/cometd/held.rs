//! Long polls that wait.

use serde_json::Value;

/// Names a long poll that is held. Never given out twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub(super) u64);

/// Is what is needed to answer a long poll later.
#[derive(Debug)]
pub(super) struct HeldPoll {
    pub(super) ticket: Ticket,
    pub(super) id: Option<String>,
    /// The page that asked, for the reply's headers.
    pub(super) origin: Option<String>,
}

/// Is what becomes of a connect.
#[derive(Debug)]
pub(super) enum ConnectReply {
    /// Answered, with what is new before it.
    Now { news: Vec<Value>, reply: Value },
    /// Held.
    Held(Ticket),
}
