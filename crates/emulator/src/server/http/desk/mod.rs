//! The desk: a page for a person who plays the agent, and the control API, which the page and tests use.
//! `docs/emulator.md` has the table.

mod act;
mod changes;
mod chats;
mod faults;
mod files;
mod guard;
mod page;
mod reply;
mod settings;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};

use self::reply::problem;
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
