//! Connections that are kept open: whatever is asked on one is answered in order, long polls included.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use serde_json::{Value, json};

use crate::emulator::{Emulator, nothing, wait_for};
use crate::http::{connect, read_reply, write_head};

/// Asks for what changed after now, and leaves the reply on the line.
fn hold(emulator: &Emulator, stream: &mut TcpStream, headers: &[(&str, &str)]) {
    let seq = emulator.desk("GET", "/changes", &nothing())["seq"].to_string();
    let path = format!("/desk/api/changes?after={seq}");
    write_head(stream, "GET", &path, headers, 0).unwrap();
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
        hold(&emulator, &mut stream, &[]);
        let chat = news(&emulator);
        assert_eq!(changed(&mut stream)[0]["id"], chat);
    }
}

#[test]
fn requests_that_come_together_are_answered_in_order() {
    let emulator = Emulator::start();
    let mut stream = connect(emulator.address).unwrap();
    let body = "nickname=Maria";
    let start = format!(
        "POST /genesys/2/chat/support HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let health = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
    let all = format!("{start}{health}{start}{health}");
    // Cut in every place: what was read of the next request is not lost while nothing is being answered.
    for cut in (1..all.len()).step_by(7) {
        let (first, rest) = all.split_at(cut);
        stream.write_all(first.as_bytes()).unwrap();
        stream.flush().unwrap();
        stream.write_all(rest.as_bytes()).unwrap();
        for _ in 0..2 {
            let reply = read_reply(&mut stream).unwrap().json();
            assert_eq!(reply["statusCode"], 0, "cut at {cut}");
            let reply = read_reply(&mut stream).unwrap().json();
            assert_eq!(reply["status"], "ok", "cut at {cut}");
        }
    }
}

#[test]
fn what_is_asked_behind_a_long_poll_waits_for_it() {
    let emulator = Emulator::start();
    let mut stream = connect(emulator.address).unwrap();
    hold(&emulator, &mut stream, &[]);
    write_head(&mut stream, "GET", "/health", &[], 0).unwrap();
    hold(&emulator, &mut stream, &[]);
    let chat = news(&emulator);
    assert_eq!(changed(&mut stream)[0]["id"], chat);
    assert_eq!(read_reply(&mut stream).unwrap().json()["status"], "ok");
    // It had been told of before this one asked, or not: either way it is answered.
    assert_eq!(changed(&mut stream)[0]["id"], chat);
}

#[test]
fn who_wants_the_connection_closed_after_a_long_poll_finds_it_closed() {
    let emulator = Emulator::start();
    let close = ("Connection", "close");
    for wishes in [&[close][..], &[("Connection", "keep-alive"), close]] {
        let mut stream = connect(emulator.address).unwrap();
        hold(&emulator, &mut stream, wishes);
        let chat = news(&emulator);
        assert_eq!(changed(&mut stream)[0]["id"], chat);
        assert_eq!(stream.read(&mut [0]).unwrap(), 0, "{wishes:?}");
    }

    let mut stream = connect(emulator.address).unwrap();
    let seq = emulator.desk("GET", "/changes", &nothing())["seq"].to_string();
    let old = format!("GET /desk/api/changes?after={seq} HTTP/1.0\r\nHost: localhost\r\n\r\n");
    stream.write_all(old.as_bytes()).unwrap();
    let chat = news(&emulator);
    assert_eq!(changed(&mut stream)[0]["id"], chat);
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
}

#[test]
fn a_rule_that_cuts_holds_for_connections_that_rest_or_wait_too() {
    let emulator = Emulator::start();
    let mut rests = connect(emulator.address).unwrap();
    write_head(&mut rests, "GET", "/health", &[], 0).unwrap();
    assert_eq!(read_reply(&mut rests).unwrap().status, 200);
    let mut waits = connect(emulator.address).unwrap();
    hold(&emulator, &mut waits, &[]);
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
fn under_a_rule_that_cuts_nothing_is_waited_for_at_the_end() {
    let emulator = Emulator::start();
    emulator.fault(&json!({"operation": "requestChat", "kind": "cut_after"}));
    let mut bare = connect(emulator.address).unwrap();
    let mut waits = connect(emulator.address).unwrap();
    hold(&emulator, &mut waits, &[]);
    // Connections are taken in order: with this answered, the others are there.
    assert_eq!(emulator.get("/health").status, 200);
    let (status, log) = emulator.stop();
    assert!(status.success(), "{log}");
    assert!(!log.contains("WARN"), "{log}");
    assert_eq!(bare.read(&mut [0]).unwrap(), 0);
    assert_eq!(read_reply(&mut waits).unwrap().status, 200);
    assert_eq!(waits.read(&mut [0]).unwrap(), 0);
}

/// Reads what the emulator has in memory, where the system tells.
fn resident_kb(emulator: &Emulator) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", emulator.pid())).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[test]
fn a_connection_on_which_nothing_happens_takes_next_to_nothing() {
    const LINES: u64 = 300;
    let emulator = Emulator::start();
    let open = || {
        let mut stream = connect(emulator.address).unwrap();
        write_head(&mut stream, "GET", "/health", &[], 0).unwrap();
        assert_eq!(read_reply(&mut stream).unwrap().status, 200);
        stream
    };
    // What the first requests of all need is not theirs.
    for _ in 0..LINES {
        open();
    }
    let Some(before) = resident_kb(&emulator) else {
        println!("skipped: this system does not tell how much memory a process has");
        return;
    };
    let lines: Vec<TcpStream> = (0..LINES).map(|_| open()).collect();
    let each = resident_kb(&emulator).unwrap().saturating_sub(before) / LINES;
    // Buffers to read and write with would be three times as much.
    assert!(each <= 4, "{each} kB a connection");
    drop(lines);
}

#[test]
fn who_closes_their_half_after_the_last_request_hears_the_replies() {
    let emulator = Emulator::start();
    for _ in 0..20 {
        let mut stream = connect(emulator.address).unwrap();
        let body = "nickname=Maria";
        let start = format!(
            "POST /genesys/2/chat/support HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(start.repeat(3).as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        for _ in 0..3 {
            assert_eq!(read_reply(&mut stream).unwrap().json()["statusCode"], 0);
        }
        // And then it is over.
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    }
}

#[test]
fn whoever_goes_away_while_a_poll_is_held_is_missed() {
    let emulator = Emulator::start();
    for (version, headers) in [("1.1", ""), ("1.1", "Connection: close\r\n"), ("1.0", "")] {
        let post = |messages: &Value| {
            let body = messages.to_string();
            let size = body.len();
            let head = format!(
                "POST /genesys/cometd HTTP/{version}\r\nHost: a\r\n{headers}Content-Length: {size}"
            );
            let mut stream = connect(emulator.address).unwrap();
            let request = format!("{head}\r\n\r\n{body}");
            stream.write_all(request.as_bytes()).unwrap();
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
        wait_for("it to be missed", || (polls() == Some(0)).then_some(()));
        // Who stays hears of it, and nothing more where the connection was to be closed.
        let connect =
            json!([{"channel": "/meta/connect", "clientId": session, "advice": {"timeout": 50}}]);
        let mut stream = post(&connect);
        assert_eq!(
            read_reply(&mut stream).unwrap().json()[0]["successful"],
            true
        );
        if (version, headers) != ("1.1", "") {
            assert_eq!(stream.read(&mut [0]).unwrap(), 0);
        }
    }
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
