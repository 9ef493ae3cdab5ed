//! Pages for visitors: an index, the built widget's page, and a small one for when there is none.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::response::{Redirect, Response};
use axum::routing::get;
use tower_http::services::ServeDir;

use super::page::{self, Part};
use super::reply;
use crate::server::app::App;
use crate::server::args::Api;

const START: &str = "<!DOCTYPE html>
<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Parlour emulator</title></head><body>
<h1>Parlour emulator</h1>
<ul>
";
const END: &str = "<li><a href=\"/client/\">/client/</a>: a visitor's page</li>
<li><a href=\"/desk/\">/desk/</a>: the desk, for who plays the agent; its API is under <code>/desk/api/</code></li>
<li><a href=\"/health\">/health</a></li>
</ul>
</body></html>
";

/// A small visitor's page for when there is no build of the widget: `pages/client/`.
const PARTS: &[Part] = &[
    Part {
        name: "",
        text: include_str!("../../../pages/client/index.html"),
    },
    Part {
        name: "client.css",
        text: include_str!("../../../pages/client/client.css"),
    },
    Part {
        name: "client.js",
        text: include_str!("../../../pages/client/client.js"),
    },
    Part {
        name: "api.js",
        text: include_str!("../../../pages/client/api.js"),
    },
    Part {
        name: "icon.svg",
        text: include_str!("../../../pages/client/icon.svg"),
    },
];

/// Tells what is where.
pub(super) fn index(served: &[Api]) -> Response {
    let has = |api| served.contains(&api);
    let cometd = has(Api::GmsV2Cometd) || has(Api::GmsV1Cometd);
    let rows = [
        (
            has(Api::GmsV2),
            "/genesys/2/chat/{service}",
            "GMS Chat API Version 2",
        ),
        (
            has(Api::GmsV1) || has(Api::GmsV1Cometd),
            "/genesys/1/service/{service}",
            "GMS Chat API Version 1",
        ),
        (cometd, "/genesys/cometd", "GMS chats, pushed over CometD"),
        (has(Api::Gws), "/api/v2/chats", "GWS chat"),
    ];
    let rows = rows.iter().filter(|(served, ..)| *served);
    let rows = rows.map(|(_, path, name)| format!("<li><code>POST {path}</code>: {name}</li>\n"));
    reply::html(&format!("{START}{}{END}", rows.collect::<String>()))
}

/// Serves `/client/`: the built widget's page from a folder, or a small page of the emulator's own, which needs GWS.
pub(super) fn serve(
    router: Router<Arc<App>>,
    folder: Option<&Path>,
    has_gws: bool,
) -> Router<Arc<App>> {
    match folder {
        None if !has_gws => {
            let sorry = || async { reply::text(404, "this page needs GWS: see --dialect\n") };
            router
                .route("/client", get(sorry))
                .route("/client/", get(sorry))
        }
        None => router.merge(page::router("/client", PARTS)),
        Some(folder) => {
            let files = ServeDir::new(folder)
                .precompressed_br()
                .precompressed_gzip();
            router
                .route("/client", get(|| async { Redirect::permanent("/client/") }))
                .nest_service("/client/", files)
        }
    }
}
