//! Connections that are kept open, and when they are closed.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::emulator::{Emulator, nothing, wait_for};
use crate::http::{connect, read_reply, write_head};

/// Asks for what changed after now, and leaves the reply on the line.
fn hold(emulator: &Emulator, stream: &mut TcpStream) {
    let seq = emulator.desk("GET", "/changes", &nothing())["seq"].to_string();
    let path = format!("/desk/api/changes?after={seq}");
    write_head(stream, "GET", &path, &[], 0).unwrap();
}

/// Makes news.
fn news(emulator: &Emulator) -> String {
    emulator.visitor("Maria").chat
}

fn changed(stream: &mut TcpStream) -> Value {
    let reply = read_reply(stream).unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(reply.header("date").is_some());
    reply.json()["chats"].clone()
}

#[test]
fn one_connection_serves_polls_and_long_polls_one_after_the_other() {
    let emulator = Emulator::start();
    let mut stream = connect(emulator.address).unwrap();
    for _ in 0..5 {
        write_head(&mut stream, "GET", "/health", &[], 0).unwrap();
        assert_eq!(read_reply(&mut stream).unwrap().json()["status"], "ok");
        hold(&emulator, &mut stream);
        let chat = news(&emulator);
        assert_eq!(changed(&mut stream)[0]["id"], chat);
    }
}

#[test]
fn a_rule_that_cuts_closes_idle_and_waiting_connections_too() {
    let emulator = Emulator::start();
    let mut rests = connect(emulator.address).unwrap();
    write_head(&mut rests, "GET", "/health", &[], 0).unwrap();
    assert_eq!(read_reply(&mut rests).unwrap().status, 200);
    let mut waits = connect(emulator.address).unwrap();
    hold(&emulator, &mut waits);
    // Held or on its way there: the rule is in force when this is answered.
    emulator.fault(&json!({"operation": "requestChat", "kind": "cut_after", "count": 1}));
    assert_eq!(rests.read(&mut [0]).unwrap(), 0);
    // The one that waits gets its reply, and is the last on its line.
    assert!(
        emulator
            .form("/genesys/2/chat/support", &[("nickname", "Maria")])
            .is_err()
    );
    let reply = read_reply(&mut waits).unwrap();
    assert_eq!(reply.header("connection"), Some("close"));
    assert_eq!(reply.json()["chats"].as_array().unwrap().len(), 1);
    assert_eq!(waits.read(&mut [0]).unwrap(), 0);
}

#[test]
fn the_emulator_stops_at_once_under_a_rule_that_cuts() {
    let emulator = Emulator::start();
    emulator.fault(&json!({"operation": "requestChat", "kind": "cut_after"}));
    let mut bare = connect(emulator.address).unwrap();
    let mut waits = connect(emulator.address).unwrap();
    hold(&emulator, &mut waits);
    // Connections are taken in order: with this answered, the others are there.
    assert_eq!(emulator.get("/health").status, 200);
    let (status, log) = emulator.stop();
    assert!(status.success(), "{log}");
    assert!(!log.contains("WARN"), "{log}");
    assert_eq!(bare.read(&mut [0]).unwrap(), 0);
    assert_eq!(read_reply(&mut waits).unwrap().status, 200);
    assert_eq!(waits.read(&mut [0]).unwrap(), 0);
}

#[test]
fn a_client_that_goes_away_while_its_poll_is_held_is_noticed() {
    let emulator = Emulator::start();
    let post = |messages: &Value| {
        let body = messages.to_string();
        let mut stream = connect(emulator.address).unwrap();
        write_head(&mut stream, "POST", "/genesys/cometd", &[], body.len()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        stream
    };
    let polls = || emulator.get("/health").json()["polls"].as_u64();
    let mut stream = post(&json!([{"channel": "/meta/handshake"}]));
    let session = read_reply(&mut stream).unwrap().json()[0]["clientId"].clone();
    let connect = json!([{"channel": "/meta/connect", "clientId": session}]);
    read_reply(&mut post(&connect)).unwrap();
    let held = post(&connect);
    wait_for("the poll to be held", || (polls() == Some(1)).then_some(()));
    drop(held);
    wait_for("the poll to be let go", || {
        (polls() == Some(0)).then_some(())
    });
}

#[test]
fn headers_without_end_are_not_collected() {
    let emulator = Emulator::start();
    let ask = |size| {
        let mut stream = connect(emulator.address)?;
        let padding = "x".repeat(size);
        write_head(&mut stream, "GET", "/health", &[("X-Padding", &padding)], 0)?;
        read_reply(&mut stream)
    };
    assert_eq!(ask(50_000).unwrap().status, 200);
    // What of them is not read any more may cut the connection before the reply is there.
    assert!(ask(200_000).map_or(true, |reply| reply.status == 431));
}

#[test]
fn a_broken_chunk_is_a_bad_request_and_not_too_large() {
    let emulator = Emulator::start();
    for path in [
        "/genesys/2/chat/support",
        "/genesys/1/service/request-chat",
        "/genesys/cometd",
        "/api/v2/chats",
    ] {
        let mut stream = connect(emulator.address).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\n",
            emulator.address
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(b"nonsense\r\nnickname=Maria\r\n").unwrap();
        let reply = read_reply(&mut stream).unwrap();
        assert_eq!(reply.status, 400, "{path}: {}", reply.text());
    }
}
