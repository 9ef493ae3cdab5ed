//! Panics in handlers: a panic in one request harms no other.

use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt;
use tracing::error;

use super::reply;

/// Answers 500 for a request whose handler panicked. What it had changed until then is whole steps, and stays.
pub(super) async fn contain(request: Request, next: Next) -> Response {
    let path = family(request.uri().path()).to_owned();
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            error!(path, "a request panicked");
            reply::text(500, "the emulator has a bug: see its log\n")
        }
    }
}

/// Cuts a path before what names a service or a chat: with some dialects that is all a caller has to show.
fn family(path: &str) -> &str {
    let end = path.match_indices('/').nth(3).map(|(at, _)| at);
    end.map_or(path, |end| &path[..end])
}
