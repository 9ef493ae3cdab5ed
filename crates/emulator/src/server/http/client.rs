//! Pages: an index, and the built widget's demo page.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::response::{Redirect, Response};
use axum::routing::get;
use tower_http::services::ServeDir;

use super::reply;
use crate::server::app::App;

const INDEX: &str = "<!DOCTYPE html>
<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Parlour emulator</title></head><body>
<h1>Parlour emulator</h1>
<ul>
<li><code>POST /genesys/2/chat/{service}</code>: GMS Chat API Version 2</li>
<li><code>POST /genesys/1/service/{service}</code>: GMS Chat API Version 1</li>
<li><code>POST /api/v2/chats</code>: GWS chat</li>
<li><a href=\"/client/\">/client/</a>: a visitor's page</li>
<li><a href=\"/desk/\">/desk/</a>: the desk, for who plays the agent; its API is under <code>/desk/api/</code></li>
<li><a href=\"/health\">/health</a></li>
</ul>
</body></html>
";

const NO_CLIENT: &str = "<!DOCTYPE html>
<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Parlour</title></head><body>
<h1>No widget here yet</h1>
<p>The emulator runs, but it was not told where the built widget is.</p>
<p><code>cargo xtask demo</code> builds the widget and starts both. Or build it yourself and start the emulator with
<code>--client DIR</code>, the folder that holds the widget's page.</p>
</body></html>
";

/// Tells what is where.
pub(super) async fn index() -> Response {
    reply::html(INDEX)
}

/// Serves `/client/` from a folder, or says how to get one.
pub(super) fn serve(router: Router<Arc<App>>, folder: Option<&Path>) -> Router<Arc<App>> {
    let router = router.route("/client", get(|| async { Redirect::permanent("/client/") }));
    match folder {
        None => router.route("/client/", get(|| async { reply::html(NO_CLIENT) })),
        Some(folder) => {
            let files = ServeDir::new(folder)
                .precompressed_br()
                .precompressed_gzip();
            router.nest_service("/client/", files)
        }
    }
}
