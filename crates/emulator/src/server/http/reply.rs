//! Replies in axum's types.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response as HttpResponse, StatusCode};
use axum::response::Response;
use serde_json::Value;

use crate::server::store::NotDurable;
use crate::wire;

/// Turns a reply of the pure part into axum's.
pub(super) fn from_wire(reply: wire::Response) -> Response {
    let mut response = HttpResponse::new(Body::from(reply.body));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in &reply.headers {
        // The pure part writes valid headers; an invalid one would be a bug, and is left out.
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// Creates a reply with a JSON body.
pub(super) fn json(status: u16, body: &Value) -> Response {
    from_wire(wire::Response::json(status, body))
}

/// Creates a reply with a line of text.
pub(super) fn text(status: u16, text: &str) -> Response {
    let kind = "text/plain;charset=UTF-8";
    from_wire(wire::Response::with_body(
        status,
        kind,
        text.as_bytes().to_vec(),
    ))
}

/// Creates a reply with a page.
pub(super) fn html(page: &str) -> Response {
    from_wire(wire::Response::html(200, page))
}

/// Answers that the disk did not take it: nothing is acknowledged then.
pub(super) fn not_durable(error: NotDurable) -> Response {
    let reply = wire::Response::with_body(503, "text/plain", format!("{error}\n").into_bytes());
    from_wire(reply.header("Retry-After", "5"))
}
