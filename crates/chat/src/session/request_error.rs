//! What went wrong with a request, and what the visitor is told of it.

use super::flights::Job;
use crate::dialect::ServerError;
use crate::io::Response;
use crate::model::{Refusal, RefusalReason, ServerCode};

/// The reasons why a request was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestError {
    /// Nobody knows whether the server did it, or is still doing it.
    Unknown(RefusalReason),
    /// The server has finished with it without doing it, and may do it another time.
    NotNow,
    /// An HTTP status that a second try will not change.
    Status(u16),
}

impl RequestError {
    pub(super) fn refusal(self) -> Refusal {
        match self {
            Self::Unknown(reason) => Refusal::of(reason),
            Self::NotNow => Refusal::of(RefusalReason::Busy),
            Self::Status(status) => {
                let reason = match status {
                    413 => RefusalReason::FileTooLarge,
                    200..=299 => RefusalReason::BadReply,
                    _ => RefusalReason::Refused,
                };
                Refusal {
                    code: Some(i64::from(status)),
                    ..Refusal::of(reason)
                }
            }
        }
    }
}

/// Tells whether an HTTP status says "not now" or worse, whatever the body says.
pub(super) fn is_busy(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..)
}

/// Returns what an HTTP status means where the body says nothing.
pub(super) fn error_of(status: u16) -> RequestError {
    match status {
        // The server did not begin to process it.
        425 | 429 | 503 => RequestError::NotNow,
        400..=499 if status != 408 => RequestError::Status(status),
        // A proxy's error, or its page with status 200: the server behind may still be working.
        _ => RequestError::Unknown(RefusalReason::BadReply),
    }
}

/// Returns what a reply means that is none of the dialect's. Whether a chat has begun is not told by a busy server,
/// unless it says when it may be asked again: a second request could call two agents.
pub(super) fn error_of_reply(job: &Job, response: &Response) -> RequestError {
    match error_of(response.status) {
        RequestError::NotNow if matches!(job, Job::Start) && response.retry_after.is_none() => {
            RequestError::Unknown(RefusalReason::BadReply)
        }
        error => error,
    }
}

/// Translates a server's error for the visitor. This is the one place that decides it.
pub(super) fn refusal(error: Option<&ServerError>) -> Refusal {
    let Some(error) = error else {
        return Refusal::of(RefusalReason::Refused);
    };
    let reason = match error.code {
        ServerCode::FirstNameMissing => RefusalReason::FirstNameMissing,
        ServerCode::LastNameMissing => RefusalReason::LastNameMissing,
        ServerCode::NameInvalid => RefusalReason::NameInvalid,
        ServerCode::EmailInvalid => RefusalReason::EmailInvalid,
        ServerCode::TooManyFiles => RefusalReason::TooManyFiles,
        ServerCode::FileTooLarge => RefusalReason::FileTooLarge,
        ServerCode::FileTypeRefused => RefusalReason::FileTypeRefused,
        ServerCode::MessageTooLong => RefusalReason::MessageTooLong,
        ServerCode::CannotStartNow => RefusalReason::CannotStartNow,
        ServerCode::UnknownService => RefusalReason::UnknownService,
        ServerCode::NotExecutable | ServerCode::Other(_) => RefusalReason::Refused,
    };
    Refusal {
        reason,
        code: Some(error.number),
        limit: error.limit,
    }
}
