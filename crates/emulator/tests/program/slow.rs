//! Clients that send, or take, next to nothing.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::emulator::{Emulator, nothing, wait_for};
use crate::http::{connect, multipart, read_reply, request, write_head};

/// Gives up slow clients as soon as can be.
fn start_impatient() -> Emulator {
    Emulator::with(&["--data", ":memory:", "--no-agent", "--slow-after", "1"])
}

/// Reads what is left and finds that the connection is closed.
fn assert_closed(mut stream: TcpStream) {
    let mut rest = Vec::new();
    // However it was closed: a reply that came before was read already.
    let _ = stream.read_to_end(&mut rest);
    assert_eq!(String::from_utf8_lossy(&rest), "");
}

#[test]
fn a_body_that_never_comes_is_given_up() {
    let emulator = start_impatient();
    let form = "nickname=Maria";
    for path in [
        "/genesys/2/chat/support",
        "/genesys/1/service/request-chat",
        "/genesys/cometd",
        "/api/v2/chats",
        "/desk/api/faults",
    ] {
        let mut stream = connect(emulator.address).unwrap();
        let origin = [("Origin", "https://shop.example")];
        let origin = if path.starts_with("/desk") {
            &[][..]
        } else {
            &origin[..]
        };
        write_head(&mut stream, "POST", path, origin, form.len() + 1).unwrap();
        stream.write_all(form.as_bytes()).unwrap();
        let reply = read_reply(&mut stream).unwrap();
        assert_eq!(reply.status, 408, "{path}: {}", reply.text());
        assert_eq!(reply.header("connection"), Some("close"), "{path}");
        // The page that sent it may read why.
        let allowed = reply.header("access-control-allow-origin");
        let asked = origin.first().map(|(_, origin)| *origin);
        assert_eq!(allowed, asked, "{path}");
        assert_closed(stream);
    }
    let chats = emulator.desk("GET", "/chats", &nothing());
    assert_eq!(chats["chats"], json!([]));
}

#[test]
fn a_body_that_trickles_is_given_up_however_often_something_comes() {
    let emulator = start_impatient();
    let mut stream = connect(emulator.address).unwrap();
    write_head(&mut stream, "POST", "/genesys/2/chat/support", &[], 100_000).unwrap();
    let mut writing = stream.try_clone().unwrap();
    let trickle = thread::spawn(move || {
        while writing.write_all(b"a").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let reply = read_reply(&mut stream).unwrap();
    assert_eq!(reply.status, 408);
    // It has closed for good: what still comes finds nobody.
    trickle.join().unwrap();
}

#[test]
fn a_file_that_comes_slowly_but_surely_is_taken() {
    let emulator = Emulator::with(&["--data", ":memory:", "--no-agent", "--slow-after", "2"]);
    let visitor = emulator.visitor("Maria");
    let contents = vec![b'x'; 1_000_000];
    let fields = [
        ("secureKey", visitor.key.as_str()),
        ("userId", &visitor.user),
        ("file", "@a.txt"),
    ];
    let (kind, body) = multipart(&fields, &contents);
    let mut stream = connect(emulator.address).unwrap();
    let kind = [("Content-Type", kind.as_str())];
    write_head(
        &mut stream,
        "POST",
        &visitor.path("file"),
        &kind,
        body.len(),
    )
    .unwrap();
    // In all longer than anybody waits for nothing.
    for piece in body.chunks(body.len() / 25) {
        stream.write_all(piece).unwrap();
        thread::sleep(Duration::from_millis(100));
    }
    let reply = read_reply(&mut stream).unwrap();
    assert_eq!(reply.json()["statusCode"], 0, "{}", reply.text());
}

#[test]
fn a_file_that_stops_coming_leaves_nothing() {
    let emulator = start_impatient();
    let visitor = emulator.visitor("Maria");
    let fields = [("secureKey", visitor.key.as_str()), ("file", "@a.txt")];
    let (kind, body) = multipart(&fields, &[b'x'; 100_000]);
    let mut stream = connect(emulator.address).unwrap();
    let kind = [("Content-Type", kind.as_str())];
    write_head(
        &mut stream,
        "POST",
        &visitor.path("file"),
        &kind,
        body.len(),
    )
    .unwrap();
    stream.write_all(&body[..body.len() / 2]).unwrap();
    assert_eq!(read_reply(&mut stream).unwrap().status, 408);
    assert_closed(stream);
    // The chat is none the worse for it.
    assert_eq!(visitor.types(), ["ParticipantJoined"]);
    let reply = visitor.upload("b.txt", b"whole").unwrap();
    assert_eq!(reply.json()["statusCode"], 0);
}

#[test]
fn a_request_line_that_never_ends_is_given_up() {
    let emulator = start_impatient();
    for start in ["G", "POST /genesys/2/chat/support HTTP/1.1\r\nHost: a\r\n"] {
        let mut stream = connect(emulator.address).unwrap();
        stream.write_all(start.as_bytes()).unwrap();
        let mut writing = stream.try_clone().unwrap();
        let trickle = thread::spawn(move || {
            while writing.write_all(b"X").is_ok() {
                thread::sleep(Duration::from_millis(20));
            }
        });
        assert_closed(stream);
        trickle.join().unwrap();
    }
}

#[test]
fn a_client_that_never_reads_a_reply_is_given_up() {
    let emulator = start_impatient();
    let visitor = emulator.visitor("Maria");
    emulator.desk(
        "POST",
        &format!("/chats/{}/join", visitor.chat),
        &json!({"nickname": "Mia"}),
    );
    // More than the system takes in for somebody who does not listen.
    let path = format!("/desk/api/chats/{}/files?name=a.bin", visitor.chat);
    let contents = vec![b'x'; 40_000_000];
    let sent = request(emulator.address, "POST", &path, &[], &contents).unwrap();
    let file = sent.json()["file"].as_str().unwrap().to_owned();
    let mut stream = connect(emulator.address).unwrap();
    let path = format!("/desk/api/chats/{}/files/{file}", visitor.chat);
    write_head(&mut stream, "GET", &path, &[], 0).unwrap();
    // Nobody is there any more to be written to.
    wait_for("the end of the connection", || {
        stream.write_all(b"\r\n").err()
    });
    // Who reads gets all of it.
    let whole = emulator.get(&path);
    assert_eq!(whole.body.len(), contents.len());
}

#[test]
fn a_long_poll_is_not_slow() {
    let emulator = start_impatient();
    let count = emulator.desk("GET", "/changes", &nothing())["seq"].to_string();
    // Held for longer than anybody may be slow.
    let reply = emulator.get(&format!("/desk/api/changes?after={count}&wait=3"));
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json()["reset"], false);
}

#[test]
fn a_connection_survives_a_body_that_no_handler_reads() {
    let flags = "--data :memory: --no-agent --slow-after 1 --dialect gms-v1 --dialect gms-v2 --dialect gms-v2-cometd";
    let emulator = Emulator::with(&flags.split(' ').collect::<Vec<_>>());
    let plain: &[(&str, &str)] = &[];
    let other: &[(&str, &str)] = &[("Origin", "https://shop.example")];
    let asked = [
        // No such path, no such API, no such operation.
        ("POST", "/nowhere", plain, 404),
        ("POST", "/api/v2/chats", plain, 404),
        ("POST", "/genesys/1/service/a/b/c/d/e", plain, 404),
        ("POST", "/genesys/2/chat/support/a/b/c/d", plain, 404),
        ("POST", "/desk/api/nowhere", plain, 404),
        // Not with this method.
        ("PUT", "/genesys/1/service/request-chat", plain, 405),
        ("PUT", "/genesys/2/chat/support", plain, 405),
        ("PUT", "/genesys/2/chat-ntf", plain, 405),
        ("POST", "/health", plain, 405),
        // Not for this page; and where no body is looked for.
        ("POST", "/desk/api/chats", other, 403),
        ("GET", "/health", plain, 200),
    ];
    for (method, path, headers, status) in asked {
        let mut stream = connect(emulator.address).unwrap();
        // Larger than what is read ahead.
        let body = vec![b'x'; 100_000];
        write_head(&mut stream, method, path, headers, body.len()).unwrap();
        stream.write_all(&body).unwrap();
        let reply = read_reply(&mut stream).unwrap();
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.text());
        write_head(&mut stream, "GET", "/health", &[], 0).unwrap();
        let reply = read_reply(&mut stream);
        assert_eq!(
            reply.map(|reply| reply.status).ok(),
            Some(200),
            "{method} {path}"
        );
    }
}

#[test]
fn a_body_that_no_handler_reads_is_given_up_when_it_is_slow_or_large() {
    let emulator = start_impatient();
    let mut slow = connect(emulator.address).unwrap();
    write_head(&mut slow, "POST", "/nowhere", &[], 2).unwrap();
    slow.write_all(b"a").unwrap();
    let mut large = connect(emulator.address).unwrap();
    write_head(&mut large, "POST", "/nowhere", &[], 5_000_000).unwrap();
    let reply = read_reply(&mut large).unwrap();
    assert_eq!(reply.status, 404);
    assert_closed(large);
    assert_eq!(read_reply(&mut slow).unwrap().status, 408);
    assert_closed(slow);
}
