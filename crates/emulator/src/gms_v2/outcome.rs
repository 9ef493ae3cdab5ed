//! A reply, and what its caller has to do with the contents of a file.

use crate::model::FileId;
use crate::wire::Response;

/// A description of the form's part `file`. Its bytes stay with the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// As the sender gave it.
    pub name: String,
    /// Media type as the sender gave it.
    pub content_type: Option<String>,
    /// Bytes. May be less than the real size once that is over the limit.
    pub size: u64,
}

/// A reply, and what the caller has to do with the contents of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The reply, whole but for a download's body.
    pub response: Response,
    /// What to do before it is sent.
    pub contents: Contents,
}

/// What to do with the contents of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contents {
    /// Nothing.
    Untouched,
    /// Keep what was uploaded under this id.
    Keep(FileId),
    /// Send what is kept under this id as the reply's body.
    Send(FileId),
    /// Forget what is kept under this id.
    Remove(FileId),
}

impl From<Response> for Outcome {
    fn from(response: Response) -> Self {
        Self {
            response,
            contents: Contents::Untouched,
        }
    }
}
