//! The health check.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::reply;
use crate::server::app::App;

/// Answers 200 once everything up to now is on disk, 503 if the disk does not take it.
pub(super) async fn health(State(app): State<Arc<App>>) -> Response {
    let counts = app
        .with_world(|world, _| (world.chats().count(), world.live_chats().count()))
        .await;
    let (status, well, (chats, live)) = match counts {
        Ok(counts) => (200, "ok", counts),
        Err(_) => (503, "the database cannot be written", (0, 0)),
    };
    let (sessions, polls) = app.peek_broker(|broker, _| (broker.sessions(), broker.held()));
    let body = json!({
        "status": well,
        "version": env!("CARGO_PKG_VERSION"),
        "chats": chats,
        "live": live,
        "push_sessions": sessions,
        "polls": polls,
    });
    reply::json(status, &body)
}
