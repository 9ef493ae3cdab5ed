//! Errors: HTTP 400 or 405 (protocol section 3), with a body that says why.

use serde_json::json;

use crate::wire::Response;

/// The `statusCode` of an operation that may go well the next time.
const TRY_AGAIN: u32 = 1;
/// The `statusCode` of an operation that will not.
const FAILED: u32 = 2;

/// Answers that the request is wrong, or wrong by now.
pub(super) fn bad(message: &str) -> Response {
    failed(400, message)
}

/// Answers that the path does not know such a method or operation.
pub(super) fn not_allowed(allow: &str, message: &str) -> Response {
    failed(405, message).header("Allow", allow)
}

/// Answers that the caller has as many chats as it may have.
pub(super) fn too_many_chats() -> Response {
    failed(429, "no more chats can be started at the moment")
}

/// Answers a request for a path that nothing is served at.
pub(super) fn not_found() -> Response {
    failed(404, "no such resource")
}

/// Answers a body that is larger than any request.
pub fn too_large() -> Response {
    failed(413, "the body is too large")
}

/// Answers a body that cannot be read.
pub fn broken_body() -> Response {
    failed(400, "the body is broken")
}

/// Answers that the operation was not done, but may be the next time.
pub fn try_again() -> Response {
    Response::json(
        200,
        &json!({"statusCode": TRY_AGAIN, "statusMessage": "try again"}),
    )
}

/// Answers that the operation was not done and never will be.
pub fn never() -> Response {
    Response::json(
        200,
        &json!({"statusCode": FAILED, "statusMessage": "the operation has failed"}),
    )
}

fn failed(status: u16, message: &str) -> Response {
    Response::json(
        status,
        &json!({"statusCode": FAILED, "statusMessage": message}),
    )
}
