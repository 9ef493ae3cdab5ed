//! The preview's own small server, on this machine only: a thread for each connection, which ends with its reply. A browser
//! asks for dozens of files at once, and none of them must wait for another.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};

use super::chats::{self, Chats, Reply};
use super::script::FILE;
use super::shown::Shown;

const INDEX: &str = include_str!("index.html");
const STYLES: &str = include_str!("preview.css");
const SCRIPT: &str = include_str!("preview.js");
const CHAT_SCRIPT: &str = include_str!("chat.js");

/// The size limits of a request's head and body, in bytes.
const HEAD: u64 = 64 * 1024;
const BODY: u64 = 1024 * 1024;
/// How long a browser may take for a request that it has begun.
const PATIENCE: Duration = Duration::from_secs(10);

/// An answer: status, media type, body.
type Answer = (&'static str, &'static str, Vec<u8>);

const OK: &str = "200 OK";

/// Serves what is shown, from threads of its own, and returns the address.
pub(crate) fn start(port: u16, shown: Arc<Mutex<Shown>>) -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("cannot listen on port {port}: choose another with --port"))?;
    let address = listener.local_addr()?;
    let chats = Arc::new(Chats::default());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (shown, chats) = (Arc::clone(&shown), Arc::clone(&chats));
            // A browser that has gone away needs no answer.
            thread::spawn(move || drop(respond(&stream, &shown, &chats)));
        }
    });
    Ok(address)
}

/// Reads one request and answers it.
fn respond(mut stream: &TcpStream, shown: &Mutex<Shown>, chats: &Chats) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream);
    let mut lines = reader.by_ref().take(HEAD).lines();
    let Some(first) = lines.next().transpose()? else {
        return Ok(());
    };
    let mut length = 0;
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    // Unread, it would have the connection reset before the reply is read.
    let mut sent = Vec::new();
    reader.take(BODY.min(length)).read_to_end(&mut sent)?;

    let mut words = first.split(' ');
    let (method, url) = (words.next(), words.next().unwrap_or_default());
    let (status, kind, body) = match method {
        Some("GET" | "HEAD") => answer(url, shown),
        Some("POST") => chat(url, &sent, chats).unwrap_or_else(no_server),
        _ => no_server(),
    };
    // What is shown changes under the same names.
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    if method != Some("HEAD") {
        stream.write_all(&body)?;
    }
    stream.flush()
}

fn answer(url: &str, shown: &Mutex<Shown>) -> Answer {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
    let text = |kind, text: &str| (OK, kind, text.as_bytes().to_vec());
    match path {
        "/" => return text("text/html; charset=utf-8", INDEX),
        "/preview.css" => return text("text/css; charset=utf-8", STYLES),
        "/preview.js" => return text("text/javascript; charset=utf-8", SCRIPT),
        "/chat.js" => return text("text/javascript; charset=utf-8", CHAT_SCRIPT),
        "/state.json" => return text("application/json", &shown.state().to_string()),
        _ => {}
    }
    let path = path.trim_start_matches('/');
    if let Some(page) = path.strip_prefix("site/").and_then(|path| shown.page(path)) {
        return text("text/html; charset=utf-8", &page);
    }
    match shown.file(path) {
        Some(bytes) => (OK, kind(path), bytes.to_vec()),
        None => no_server(),
    }
}

/// Answers for the chat server, in the frames that show a chat.
fn chat(url: &str, sent: &[u8], chats: &Chats) -> Option<Answer> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now_ms = u64::try_from(now.unwrap_or_default().as_millis()).unwrap_or_default();
    let path = url.strip_prefix(chats::ROOT)?;
    Some(match chats.answer(path, sent, now_ms)? {
        Reply::Json(body) => (OK, "application/json", body.to_string().into()),
        Reply::File => (OK, "text/plain; charset=utf-8", FILE.text.into()),
        Reply::Gone => ("503 Service Unavailable", "text/plain", Vec::new()),
    })
}

fn no_server() -> Answer {
    let words = "There is nothing here. The preview is no chat server for the form: name one with --server-url.\n";
    ("404 Not Found", "text/plain; charset=utf-8", words.into())
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "html" => "text/html; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "jpg" => "image/jpeg",
        _ => "text/plain; charset=utf-8",
    }
}
