//! The desk: a page for a person who plays the agent, and the control API, which the page and tests use.
//! `docs/emulator.md` has the table.

mod act;
mod changes;
mod chats;
mod faults;
mod files;
mod guard;
mod page;
mod settings;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{delete, get, post};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::reply;
use crate::model::DeskError;
use crate::server::app::App;

/// Routes `/desk` and everything under it. `bound` is the address that is listened on.
pub(super) fn router(bound: IpAddr) -> Router<Arc<App>> {
    page::router()
        .nest("/desk/api", api())
        .layer(from_fn_with_state(bound, guard::check))
}

fn api() -> Router<Arc<App>> {
    Router::new()
        .route("/changes", get(changes::changes))
        .route("/chats", get(chats::list))
        .route("/chats/{chat}", get(chats::read))
        .merge(act::router())
        .route("/chats/{chat}/files", post(files::send))
        .route("/chats/{chat}/files/{file}", get(files::read))
        .route(
            "/faults",
            get(faults::list).post(faults::add).delete(faults::clear),
        )
        .route("/faults/{id}", delete(faults::remove))
        .route("/settings", get(settings::read).put(settings::change))
        .fallback(|| async { problem(404, "no such call") })
}

/// Says what is wrong.
fn problem(status: u16, message: &str) -> Response {
    reply::json(status, &json!({"error": message}))
}

fn refused(error: DeskError) -> Response {
    let status = match error {
        DeskError::UnknownChat | DeskError::UnknownParticipant => 404,
        DeskError::ChatEnded | DeskError::Taken | DeskError::NotPresent | DeskError::NotOnHold => {
            409
        }
    };
    problem(status, &error.to_string())
}

/// Reads a JSON body; none counts as `{}`.
fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}
