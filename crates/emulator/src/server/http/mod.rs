//! What is served where.

mod client;
mod cometd;
mod cors;
mod desk;
mod fault;
mod gms_v1;
mod gms_v2;
mod gws;
mod health;
mod operation;
mod page;
mod panic;
mod receive;
mod reply;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{any, get};

use super::app::App;

/// Routes every path that is served. `bound` is the address that is listened on.
pub(super) fn router(app: &Arc<App>, bound: IpAddr) -> Router {
    let router = Router::new()
        .route("/", get(client::index))
        .route("/health", get(health::health))
        .route("/genesys/2/chat/{*operation}", any(gms_v2::handle))
        .route("/genesys/1/service/{*operation}", any(gms_v1::handle))
        .route("/genesys/2/chat-ntf", any(cometd::files))
        .route("/genesys/2/chat-ntf/", any(cometd::files))
        .route("/genesys/cometd", any(cometd::handle))
        .route("/genesys/cometd/", any(cometd::handle))
        .route("/genesys/cometd/{*path}", any(cometd::handle))
        .route("/api/v2/{*operation}", any(gws::handle))
        .merge(desk::router(bound));
    client::serve(router, app.client.as_deref())
        .fallback(|| async { reply::text(404, "no such page\n") })
        .with_state(Arc::clone(app))
        .layer(from_fn(panic::contain))
        .layer(from_fn(cors::allow))
}
