//! Errors: an HTTP status, with a `message` where there is one (protocol section 2).

use serde_json::json;

use crate::wire::Response;

/// Why an operation is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A value is missing or wrong: 415, the vendor's own choice.
    Value(String),
    /// No agent is available yet, or no more chats can be started just now: 503 without a body.
    NotNow,
    /// There is no such service: 404, where no source says what a real server answers.
    NoService,
    /// The service has no chat yet: 400, as above.
    NoChat,
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Value(message) => failed(415, &message),
            Refusal::NotNow => Self::empty(503),
            Refusal::NoService => failed(404, "There is no such service."),
            Refusal::NoChat => failed(400, "The service has no chat yet."),
        }
    }
}

/// Answers a request for a path that nothing is served at.
pub fn not_found() -> Response {
    failed(404, "There is no such resource.")
}

/// Answers a method that is not served at a path; `allow` lists those that are.
pub fn wrong_method(allow: &str) -> Response {
    failed(405, "This method is not served here.").header("Allow", allow)
}

/// Answers a body that is larger than any form.
pub fn too_large() -> Response {
    failed(413, "The body is too large.")
}

/// Answers a body that cannot be read.
pub fn broken_body() -> Response {
    failed(400, "The body is broken.")
}

/// Answers that the operation was not done, but may be the next time.
pub fn try_again() -> Response {
    Response::empty(503)
}

/// Answers that the operation was not done and never will be.
pub fn never() -> Response {
    failed(400, "The operation has failed.")
}

fn failed(status: u16, message: &str) -> Response {
    Response::json(status, &json!({"message": message}))
}
