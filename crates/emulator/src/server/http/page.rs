//! Pages that are compiled in, under the strictest Content-Security-Policy that they work with.

use std::sync::Arc;

use axum::Router;
use axum::response::{Redirect, Response};
use axum::routing::get;

use super::reply::from_wire;
use crate::server::app::App;
use crate::wire;

/// What such a page may do: load its own scripts, styles and pictures, and talk to where it came from. Nobody may frame
/// it, and no text can become markup or code.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// A file of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// Its name in the page's folder; the page itself has none.
    pub(super) name: &'static str,
    /// What is in it.
    pub(super) text: &'static str,
}

/// Routes a page and its parts under `folder`, which has no slash at its end; without the slash it leads to the page.
pub(super) fn router(folder: &'static str, parts: &'static [Part]) -> Router<Arc<App>> {
    let home = format!("{folder}/");
    let to_home = home.clone();
    let router = Router::new().route(folder, get(async move || Redirect::permanent(&to_home)));
    parts.iter().fold(router, |router, part| {
        let path = format!("{home}{}", part.name);
        router.route(&path, get(async move || serve(part)))
    })
}

fn serve(part: &Part) -> Response {
    let reply = wire::Response::with_body(200, kind(part.name), part.text.as_bytes().to_vec())
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .header("Cross-Origin-Opener-Policy", "same-origin")
        .header("Cross-Origin-Resource-Policy", "same-origin");
    from_wire(reply)
}

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css;charset=UTF-8",
        Some("js") => "text/javascript;charset=UTF-8",
        Some("svg") => "image/svg+xml",
        _ => "text/html;charset=UTF-8",
    }
}
