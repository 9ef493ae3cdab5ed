//! Each fault does what its rule says, over real connections.

use std::io::Write;

use serde_json::json;

use crate::emulator::{Emulator, Folder, Visitor, nothing};
use crate::http::{connect, read_reply, write_head};

fn started() -> (Emulator, Visitor) {
    let emulator = Emulator::start();
    let visitor = emulator.visitor("Maria");
    (emulator, visitor)
}

#[test]
fn a_connection_is_cut_before_or_after_processing() {
    for (kind, processed) in [("cut_before", false), ("cut_after", true)] {
        let (emulator, visitor) = started();
        emulator.fault(&json!({"operation": "send", "kind": kind, "count": 1}));
        assert!(
            visitor.raw("send", &[("message", "hello")]).is_err(),
            "{kind}"
        );
        assert_eq!(visitor.texts().len(), usize::from(processed), "{kind}");
        visitor.say("again");
    }
}

#[test]
fn no_connection_is_used_twice_while_one_may_be_cut() {
    // A browser silently repeats a request that got no answer on a connection it has used before.
    let (emulator, visitor) = started();
    let refresh = |stream: &mut std::net::TcpStream| {
        let body = format!("secureKey={}", visitor.key);
        let path = visitor.path("refresh");
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        write_head(stream, "POST", &path, &[kind], body.len())?;
        stream.write_all(body.as_bytes())?;
        read_reply(stream)
    };
    let mut stream = connect(emulator.address).unwrap();
    for _ in 0..3 {
        assert_eq!(refresh(&mut stream).unwrap().status, 200);
    }
    emulator.fault(&json!({"operation": "send", "kind": "cut_after", "count": 1}));
    // The connection that was open is given up …
    assert!(refresh(&mut stream).is_err());
    // … and a new one serves a single request.
    let mut stream = connect(emulator.address).unwrap();
    assert_eq!(
        refresh(&mut stream).unwrap().header("connection"),
        Some("close")
    );
    assert!(refresh(&mut stream).is_err());
    // Once the rule is spent all is as before.
    assert!(visitor.raw("send", &[("message", "hello")]).is_err());
    let mut stream = connect(emulator.address).unwrap();
    for _ in 0..2 {
        assert_eq!(refresh(&mut stream).unwrap().status, 200);
    }
}

#[test]
fn a_status_may_say_when_to_come_back() {
    let (emulator, visitor) = started();
    let rule =
        json!({"operation": "send", "kind": "status", "status": 503, "retry_after": 2, "count": 1});
    emulator.fault(&rule);
    let reply = visitor.raw("send", &[("message", "hello")]).unwrap();
    assert_eq!(
        (reply.status, reply.header("retry-after")),
        (503, Some("2"))
    );
    assert!(visitor.texts().is_empty());

    let rule = json!({"operation": "send", "kind": "status", "status": 500, "processed": true, "count": 1});
    emulator.fault(&rule);
    assert_eq!(
        visitor.raw("send", &[("message", "hello")]).unwrap().status,
        500
    );
    assert_eq!(visitor.texts(), ["hello"]);
}

#[test]
fn bodies_can_be_broken() {
    let (emulator, visitor) = started();
    emulator.fault(&json!({"operation": "refresh", "kind": "html", "count": 1}));
    let reply = visitor.raw("refresh", &[]).unwrap();
    assert!(reply.text().starts_with("<!DOCTYPE html>"));
    assert_eq!(reply.status, 200);

    emulator.fault(&json!({"operation": "send", "kind": "truncated", "count": 1}));
    let reply = visitor.raw("send", &[("message", "hello")]).unwrap();
    assert_eq!(reply.status, 200);
    assert!(reply.text().starts_with('{'));
    assert!(serde_json::from_slice::<serde_json::Value>(&reply.body).is_err());
    assert_eq!(visitor.texts(), ["hello"]);
}

#[test]
fn status_codes_1_and_2_process_nothing_and_end_nothing() {
    let (emulator, visitor) = started();
    for (kind, code) in [("status_code_1", 1), ("status_code_2", 2)] {
        emulator.fault(&json!({"operation": "send", "kind": kind, "count": 1}));
        let reply = visitor.raw("send", &[("message", "hello")]).unwrap();
        assert_eq!(reply.status, 200);
        let reply = reply.json();
        assert_eq!(
            (&reply["statusCode"], &reply["chatEnded"]),
            (&json!(code), &json!(false))
        );
    }
    assert!(visitor.texts().is_empty());
}

#[test]
fn the_alias_can_change_under_way() {
    let (emulator, visitor) = started();
    emulator.fault(&json!({"operation": "send", "kind": "alias_change", "count": 1}));
    let reply = visitor.say("hello");
    assert_ne!(reply["alias"], visitor.alias.as_str());
    assert_ne!(reply["secureKey"], visitor.key.as_str());
    assert_eq!(visitor.texts(), ["hello"]);
}

#[test]
fn a_delay_lets_others_pass() {
    let (emulator, visitor) = started();
    emulator.fault(&json!({"operation": "send", "kind": "delay", "for": "2s"}));
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| visitor.say("late"));
        assert!(visitor.texts().is_empty());
        assert!(
            !slow.is_finished(),
            "the slow one was sent first and is answered last"
        );
        slow.join().unwrap();
    });
    assert_eq!(visitor.texts(), ["late"]);
}

#[test]
fn a_panic_harms_no_other_request() {
    let (emulator, visitor) = started();
    emulator.fault(&json!({"operation": "send", "kind": "panic", "count": 1}));
    assert_eq!(
        visitor.raw("send", &[("message", "boom")]).unwrap().status,
        500
    );
    visitor.say("fine");
    assert_eq!(emulator.get("/health").json()["status"], "ok");
    assert_eq!(visitor.texts(), ["fine"]);
}

#[test]
fn rules_come_from_a_file_too() {
    let folder = Folder::new();
    let rules = "[[fault]]\noperation = \"requestChat\"\nkind = \"status\"\nstatus = 500\nskip = 1\ncount = 1\n";
    let file = folder.file("faults.toml", rules);
    let emulator = Emulator::with(&["--data", ":memory:", "--no-agent", "--faults", &file]);
    let start = || {
        emulator
            .form("/genesys/2/chat/s", &[("nickname", "M")])
            .unwrap()
            .status
    };
    assert_eq!([start(), start(), start()], [200, 500, 200]);
    let list = emulator.desk("GET", "/faults", &nothing());
    assert_eq!(list["faults"][0]["done"], 1);
}

#[test]
fn rules_can_be_bound_to_a_chat_listed_and_removed() {
    let (emulator, visitor) = started();
    let other = emulator.visitor("Paul");
    emulator.fault(&json!({"kind": "status", "status": 500, "chat": visitor.chat}));
    emulator.fault(&json!({"operation": "delete", "kind": "html"}));
    assert_eq!(visitor.raw("refresh", &[]).unwrap().status, 500);
    other.say("fine");
    let list = emulator.desk("GET", "/faults", &nothing());
    assert_eq!(list["faults"].as_array().unwrap().len(), 2);
    emulator.desk(
        "DELETE",
        &format!("/faults/{}", list["faults"][0]["id"]),
        &nothing(),
    );
    visitor.say("fine");
    assert_eq!(
        emulator.raw_desk("DELETE", "/faults/99", &nothing()).status,
        404
    );
    emulator.desk("DELETE", "/faults", &nothing());
    assert_eq!(
        emulator.desk("GET", "/faults", &nothing()),
        json!({"faults": []})
    );
}

#[test]
fn a_rule_with_mistakes_is_refused_with_what_was_expected() {
    let emulator = Emulator::start();
    for (rule, expected) in [
        (json!({"kind": "explode"}), "expected one of \"delay\""),
        (
            json!({"operation": "sent", "kind": "html"}),
            "expected one of any",
        ),
        (json!({"kind": "delay"}), "fault[0].for: missing"),
        (
            json!({"kind": "html", "what": 1}),
            "fault[0].what: unknown key",
        ),
        (json!([]), "expected an object"),
    ] {
        let reply = emulator.raw_desk("POST", "/faults", &rule);
        assert_eq!(reply.status, 400);
        let error = reply.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains(expected), "{error}");
    }
}
