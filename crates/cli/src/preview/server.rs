//! The preview's own small server, on this machine only.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context as _, Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server};

use super::shown::Shown;

const INDEX: &str = include_str!("index.html");
const STYLES: &str = include_str!("preview.css");
const SCRIPT: &str = include_str!("preview.js");

/// An answer: status, media type, body.
type Answer = (u16, &'static str, Vec<u8>);

/// Serves what is shown, from threads of its own, and returns the address.
pub(crate) fn start(port: u16, shown: Arc<Mutex<Shown>>) -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("cannot listen on port {port}: choose another with --port"))?;
    let address = listener.local_addr()?;
    let server = Server::from_listener(listener, None)
        .map_err(|error| anyhow!("cannot serve the preview: {error}"))?;
    let server = Arc::new(server);
    for _ in 0..4 {
        let (server, shown) = (Arc::clone(&server), Arc::clone(&shown));
        thread::spawn(move || {
            while let Ok(request) = server.recv() {
                respond(request, &shown);
            }
        });
    }
    Ok(address)
}

fn respond(request: Request, shown: &Mutex<Shown>) {
    let (status, kind, body) = match request.method() {
        Method::Get | Method::Head => answer(request.url(), shown),
        // The chat, where no server was named.
        _ => no_server(),
    };
    let mut response = Response::from_data(body).with_status_code(status);
    // What is shown changes under the same names.
    for (name, value) in [("Content-Type", kind), ("Cache-Control", "no-store")] {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    // A browser that has gone away needs no answer.
    let _ = request.respond(response);
}

fn answer(url: &str, shown: &Mutex<Shown>) -> Answer {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
    let text = |kind, text: &str| (200, kind, text.as_bytes().to_vec());
    match path {
        "/" => return text("text/html; charset=utf-8", INDEX),
        "/preview.css" => return text("text/css; charset=utf-8", STYLES),
        "/preview.js" => return text("text/javascript; charset=utf-8", SCRIPT),
        "/state.json" => return text("application/json", &shown.state().to_string()),
        _ => {}
    }
    let path = path.trim_start_matches('/');
    if let Some(page) = path.strip_prefix("site/").and_then(|path| shown.page(path)) {
        return text("text/html; charset=utf-8", &page);
    }
    match shown.file(path) {
        Some(bytes) => (200, kind(path), bytes.to_vec()),
        None => no_server(),
    }
}

fn no_server() -> Answer {
    let words =
        "There is nothing here. The preview is no chat server: name one with --server-url.\n";
    (404, "text/plain; charset=utf-8", words.into())
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "html" => "text/html; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    }
}
