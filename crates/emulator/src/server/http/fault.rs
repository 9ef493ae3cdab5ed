//! Broken replies.

use axum::body::{Body, to_bytes};
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;

use super::operation::Operation;
use super::reply::{from_wire, not_durable, text};
use crate::faults::Broken;
use crate::server::app::App;
use crate::server::serve::Cut;
use crate::wire;

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Maintenance</title></head>\
                    <body><h1>We will be back soon</h1></body></html>\n";
/// More than any reply but a large download.
const MOST: usize = 16 * 1024 * 1024;

/// Replies in a broken way.
pub(super) async fn reply(app: &App, operation: &impl Operation, broken: Broken) -> Response {
    match broken {
        Broken::CutBefore | Broken::CutAfter => cut(),
        Broken::Status {
            status,
            retry_after,
            ..
        } => {
            let reply = wire::Response::with_body(status, "text/plain", b"on purpose\n".to_vec());
            from_wire(match retry_after {
                Some(seconds) => reply.header("Retry-After", seconds.to_string()),
                None => reply,
            })
        }
        Broken::Html { .. } => from_wire(wire::Response::html(200, PAGE)),
        Broken::StatusCode1 => from_wire(operation.try_again()),
        Broken::StatusCode2 => {
            let failed = app.with_world(|world, _| operation.never(world)).await;
            failed.map_or_else(not_durable, from_wire)
        }
        // Only the reply to a request that was processed can be truncated: see `after`.
        Broken::Truncated => text(200, ""),
        Broken::Panic => panic_on_purpose(),
    }
}

/// Breaks the reply to a request that was processed.
pub(super) async fn after(
    app: &App,
    operation: &impl Operation,
    broken: Broken,
    response: Response,
) -> Response {
    if broken != Broken::Truncated {
        return reply(app, operation, broken).await;
    }
    let (mut head, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MOST).await else {
        return cut();
    };
    head.headers.remove(CONTENT_LENGTH);
    let half = bytes.len() / 2;
    Response::from_parts(head, Body::from(bytes.slice(..half)))
}

fn cut() -> Response {
    let mut response = text(500, "");
    response.extensions_mut().insert(Cut);
    response
}

#[expect(
    clippy::panic,
    reason = "the rule asks for a panic, to prove that it is contained"
)]
fn panic_on_purpose() -> Response {
    panic!("a fault rule asked for this panic")
}
