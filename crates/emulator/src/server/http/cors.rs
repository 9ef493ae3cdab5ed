//! Cross-origin requests (CORS): pages of other origins may use the chat APIs, and nothing else.

use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;

use super::reply::from_wire;
use crate::wire;

/// Whatever the servers that are played here have for visitors is under these.
const CHAT_API: [&str; 2] = ["/genesys/", "/api/"];

/// Answers `OPTIONS` anywhere in the chat API, and lets the page that asked read every reply of it, even that there is no
/// such path. Nothing else is open to pages of other origins, the control API least of all.
pub(super) async fn allow(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !CHAT_API.iter().any(|prefix| path.starts_with(prefix)) {
        return next.run(request).await;
    }
    let mut seen = wire::Request {
        method: request.method().to_string(),
        ..Default::default()
    };
    for name in [
        header::ORIGIN.as_str(),
        header::ACCESS_CONTROL_REQUEST_HEADERS.as_str(),
        "access-control-request-private-network",
    ] {
        let value = request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok());
        seen.headers
            .extend(value.map(|value| (name.to_owned(), value.to_owned())));
    }
    let mut granted = wire::Response::empty(204);
    wire::allow_origin(&seen, &mut granted);
    if seen.method == "OPTIONS" {
        return from_wire(granted);
    }
    // Made before the reply, which may take a minute: the request's headers need not be kept.
    let granted = from_wire(granted).into_parts().0.headers;
    drop(seen);
    let mut response = next.run(request).await;
    response.headers_mut().extend(granted);
    response
}
