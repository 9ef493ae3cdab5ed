//! A fault rule.

use crate::model::ChatId;

/// The operations that rules can be bound to, besides any.
pub(super) const OPERATIONS: &[&str] = &[
    "requestChat",
    "getChat",
    "createService",
    "status",
    "send",
    "startTyping",
    "stopTyping",
    "refresh",
    "disconnect",
    "pushUrl",
    "updateNickname",
    "customNotice",
    "updateData",
    "readReceipt",
    "limits",
    "upload",
    "download",
    "delete",
    "requestNotifications",
    "cometdHandshake",
    "cometdConnect",
    "cometdSubscribe",
    "cometdPublish",
    "cometdDisconnect",
];

/// A fault rule: which requests go wrong, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Only this operation.
    pub operation: Option<&'static str>,
    /// Only this chat.
    pub chat: Option<ChatId>,
    /// How.
    pub kind: Kind,
    /// Let so many matching requests pass first.
    pub skip: u32,
    /// Rest after so many.
    pub count: Option<u32>,
    /// Break a matching request with this probability, 0 to 1.
    pub probability: f64,
}

/// How a request goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Wait before processing.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// Process, wait, reply.
    DelayReply {
        /// Milliseconds.
        ms: u64,
    },
    /// Move the chat to another host (alias and key change), then process.
    AliasChange,
    /// No good reply comes back.
    Broken(Broken),
}

/// What comes back instead of a good reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// Nothing: the connection is cut, the request not processed.
    CutBefore,
    /// Nothing: the connection is cut, but the request was processed.
    CutAfter,
    /// An HTTP status without a useful body.
    Status {
        /// The status.
        status: u16,
        /// Seconds for `Retry-After`.
        retry_after: Option<u32>,
        /// Whether the request was processed all the same.
        processed: bool,
    },
    /// A page of HTML instead of JSON, HTTP 200.
    Html {
        /// Whether the request was processed all the same.
        processed: bool,
    },
    /// The first half of the right reply, HTTP 200; processed.
    Truncated,
    /// `statusCode` 1: try again; not processed.
    StatusCode1,
    /// `statusCode` 2: will never work; not processed.
    StatusCode2,
    /// The handler panics.
    Panic,
}

impl Rule {
    /// Creates a rule that meets every request of an operation; of an unknown one, or none: of any.
    pub fn new(operation: Option<&str>, kind: Kind) -> Self {
        Self {
            operation: operation.and_then(known_operation),
            chat: None,
            kind,
            skip: 0,
            count: None,
            probability: 1.0,
        }
    }

    pub(super) fn matches(&self, operation: &str, chat: Option<&ChatId>) -> bool {
        self.operation.is_none_or(|wanted| wanted == operation)
            && self.chat.as_ref().is_none_or(|wanted| Some(wanted) == chat)
    }

    pub(super) fn cuts(&self) -> bool {
        matches!(
            self.kind,
            Kind::Broken(Broken::CutBefore | Broken::CutAfter)
        )
    }
}

impl Broken {
    /// Returns whether the request is processed before its reply is broken.
    pub fn processes(self) -> bool {
        match self {
            Self::CutAfter | Self::Truncated => true,
            Self::Status { processed, .. } | Self::Html { processed } => processed,
            Self::CutBefore | Self::StatusCode1 | Self::StatusCode2 | Self::Panic => false,
        }
    }
}

pub(super) fn known_operation(name: &str) -> Option<&'static str> {
    OPERATIONS
        .iter()
        .copied()
        .find(|operation| *operation == name)
}
