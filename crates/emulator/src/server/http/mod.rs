//! The routes.

mod absent;
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
mod run;
mod slow;

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, any, get};
use clap::ValueEnum;

use super::app::App;
use super::args::Api;

/// Routes every path that is served. `bound` is the address that is listened on, `slow_after` how long a body may make no
/// progress; `serves` tells which APIs this server has.
pub(super) fn router(
    app: &Arc<App>,
    bound: IpAddr,
    slow_after: Duration,
    serves: impl Fn(Api) -> bool,
) -> Router {
    let apis: Vec<Api> = Api::value_variants().to_vec();
    let (served, missing): (Vec<Api>, Vec<Api>) = apis.into_iter().partition(|api| serves(*api));
    // Two APIs may share a path.
    let there: BTreeSet<&str> = served.iter().flat_map(|api| paths(*api)).copied().collect();
    let all = missing.iter().flat_map(|api| paths(*api)).copied();
    let absent: BTreeSet<&str> = all.filter(|path| !there.contains(path)).collect();
    let has_gws = served.contains(&Api::Gws);
    let mut router = Router::new()
        .route("/", get(async move || client::index(&served)))
        .route("/health", get(health::health))
        .merge(desk::router(bound));
    for path in there {
        router = router.route(path, handler(path));
    }
    for path in absent {
        router = router.route(path, any(absent::handle));
    }
    client::serve(router, app.client.as_deref(), has_gws)
        .fallback(|| async { reply::text(404, "no such page\n") })
        .with_state(Arc::clone(app))
        .layer(from_fn(panic::contain))
        .layer(from_fn_with_state(slow_after, slow::limit))
        .layer(from_fn(cors::allow))
}

const CHAT_V2: &str = "/genesys/2/chat/{*operation}";
const SERVICES_V1: &str = "/genesys/1/service/{*operation}";
const GWS: &str = "/api/v2/{*operation}";
const FILES: [&str; 2] = ["/genesys/2/chat-ntf", "/genesys/2/chat-ntf/"];
const COMETD: [&str; 3] = [
    "/genesys/cometd",
    "/genesys/cometd/",
    "/genesys/cometd/{*path}",
];

/// Lists where an API is.
fn paths(api: Api) -> &'static [&'static str] {
    match api {
        Api::GmsV2 => &[CHAT_V2],
        Api::GmsV2Cometd => &[FILES[0], FILES[1], COMETD[0], COMETD[1], COMETD[2]],
        Api::GmsV1 => &[SERVICES_V1],
        Api::GmsV1Cometd => &[SERVICES_V1, COMETD[0], COMETD[1], COMETD[2]],
        Api::Gws => &[GWS],
    }
}

fn handler(path: &str) -> MethodRouter<Arc<App>> {
    match path {
        CHAT_V2 => any(gms_v2::handle),
        SERVICES_V1 => any(gms_v1::handle),
        GWS => any(gws::handle),
        path if FILES.contains(&path) => any(cometd::files),
        _ => any(cometd::handle),
    }
}
