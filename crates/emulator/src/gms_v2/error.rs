//! Errors, with the codes of protocol section 1.

use crate::model::UploadError;

/// An entry of a reply's `errors`, and the HTTP status that it comes with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) code: u32,
    pub(super) advice: Advice,
    pub(super) status: u16,
    /// Whether the caller's chat is over (or never was).
    pub(super) chat_ended: bool,
}

/// The `advice` beside an error code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Advice {
    /// A number that programs read.
    Limit(u64),
    /// A sentence for a log; a reference is added.
    Text(&'static str),
}

impl Failure {
    /// A form that starts a chat is not filled in well: HTTP 400.
    pub(super) fn form(code: u32, advice: &'static str) -> Self {
        Self {
            code,
            advice: Advice::Text(advice),
            status: 400,
            chat_ended: true,
        }
    }

    /// No chat can be started just now.
    pub(super) fn not_now() -> Self {
        let advice = Advice::Text("No more chats can be started at the moment.");
        Self {
            code: 240,
            advice,
            status: 200,
            chat_ended: true,
        }
    }

    /// The chat is unknown, has ended, or the key is wrong.
    pub(super) fn no_chat() -> Self {
        let advice = Advice::Text("The operation cannot be executed for this chat.");
        Self {
            code: 249,
            advice,
            status: 200,
            chat_ended: true,
        }
    }

    /// The operation cannot be done so, but the chat goes on. No source says what a real server answers to a missing
    /// field (protocol section 5).
    pub(super) fn refused(advice: &'static str) -> Self {
        Self {
            code: 249,
            advice: Advice::Text(advice),
            status: 200,
            chat_ended: false,
        }
    }

    /// The text does not fit into a packet.
    pub(super) fn too_long() -> Self {
        let advice = Advice::Text("The message is too long.");
        Self {
            code: 204,
            advice,
            status: 200,
            chat_ended: false,
        }
    }

    /// There is no service of that name.
    pub(super) fn unknown_service() -> Self {
        let advice = Advice::Text("There is no chat service of this name.");
        Self {
            code: 306,
            advice,
            status: 404,
            chat_ended: true,
        }
    }
}

impl From<UploadError> for Failure {
    fn from(error: UploadError) -> Self {
        let (code, advice) = match error {
            UploadError::TooMany { max } => (201, Advice::Limit(u64::from(max))),
            UploadError::TooLarge { max } => (202, Advice::Limit(max)),
            UploadError::Type => (203, Advice::Text("Files of this type are not allowed.")),
            // No source says how a real server puts this (protocol section 5).
            UploadError::NoAgent => {
                return Self::refused("An agent must accept the chat before a file can be sent.");
            }
            UploadError::NoChat => return Self::no_chat(),
        };
        Self {
            code,
            advice,
            status: 400,
            chat_ended: false,
        }
    }
}
