//! The dialect gms-v1 over real HTTP: durability, faults, limits, and the desk and the chats that all dialects share.

use std::io;
use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::emulator::{Emulator, Folder, form, nothing};
use crate::http::{Reply, multipart, request};

const SERVICE: &str = "/genesys/1/service";

struct Visitor {
    address: SocketAddr,
    service: String,
    chat: String,
}

impl Visitor {
    fn of(emulator: &Emulator) -> Self {
        let service = service(emulator);
        let path = format!("{SERVICE}/{service}/ixn/chat");
        let reply = emulator.form(&path, &[("subject", "Help"), ("userDisplayName", "Vasya")]);
        let chat = reply.unwrap().json()["chatSessionId"]
            .as_str()
            .unwrap()
            .to_owned();
        Self {
            address: emulator.address,
            service,
            chat,
        }
    }

    fn at(self, emulator: &Emulator) -> Self {
        Self {
            address: emulator.address,
            ..self
        }
    }

    fn path(&self, operation: &str) -> String {
        format!("{SERVICE}/{}/ixn/chat{operation}", self.service)
    }

    fn raw(&self, operation: &str, fields: &[(&str, &str)]) -> io::Result<Reply> {
        form(self.address, &self.path(operation), fields)
    }

    fn call(&self, operation: &str, fields: &[(&str, &str)]) -> Value {
        let reply = self.raw(operation, fields).unwrap();
        assert_eq!(reply.status, 200, "{operation}: {}", reply.text());
        reply.json()
    }

    fn texts(&self) -> Vec<String> {
        let reply = self.call("/refresh", &[("transcriptPosition", "1")]);
        let events = reply["transcriptToShow"].as_array().unwrap().iter();
        events
            .map(|event| event[2].as_str().unwrap().to_owned())
            .collect()
    }
}

fn service(emulator: &Emulator) -> String {
    let reply = emulator
        .form(&format!("{SERVICE}/request-chat"), &[])
        .unwrap();
    reply.json()["_id"].as_str().unwrap().to_owned()
}

#[test]
fn services_and_messages_survive_a_kill_right_after_their_acknowledgement() {
    let folder = Folder::new();
    let emulator = Emulator::on(&folder);
    let early = service(&emulator);
    emulator.kill();
    let mut emulator = Emulator::on(&folder);
    let status = emulator
        .form(&format!("{SERVICE}/{early}/status"), &[])
        .unwrap();
    assert_eq!(status.json()["message"]["_status"], "available");
    let mut visitor = Visitor::of(&emulator);
    let mut sent = Vec::new();
    for round in 0..3 {
        let text = format!("message {round}");
        visitor.call("/refresh", &[("message", &text)]);
        emulator.kill();
        sent.push(text);
        emulator = Emulator::on(&folder);
        visitor = visitor.at(&emulator);
        assert_eq!(visitor.texts(), sent);
    }
    // A creation whose reply was lost with the server finds the chat.
    let again = visitor.call("", &[("subject", "again")]);
    assert_eq!(again["chatSessionId"], visitor.chat);
    assert_eq!(emulator.get("/health").json()["chats"], 1);
}

#[test]
fn one_chat_is_seen_from_two_dialects_and_at_the_desk() {
    let emulator = Emulator::start();
    let visitor = Visitor::of(&emulator);
    visitor.call("/send", &[("message", "from version 1")]);
    let verbose = visitor.call("/refresh", &[("_verbose", "true")]);
    let keys = ["secureKey", "userId"].map(|name| (name, verbose[name].as_str().unwrap()));
    let path = |operation: &str| format!("/genesys/2/chat/any/{}/{operation}", visitor.chat);
    let mut fields = vec![("message", "from version 2")];
    fields.extend(keys);
    assert_eq!(
        emulator.form(&path("send"), &fields).unwrap().json()["statusCode"],
        0
    );
    let desk = format!("/chats/{}", visitor.chat);
    emulator.desk("POST", &format!("{desk}/join"), &json!({"nickname": "Mia"}));
    emulator.desk(
        "POST",
        &format!("{desk}/say"),
        &json!({"text": "from the desk"}),
    );
    let said = ["from version 1", "from version 2", "from the desk"];
    let seen = visitor.texts();
    assert_eq!([&seen[0], &seen[1], &seen[3]], said);
    let events = emulator.form(&path("refresh"), &keys).unwrap().json();
    let texts: Vec<&str> = events["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|event| event["text"].as_str())
        .collect();
    assert_eq!(texts, said);
    let chat = emulator.desk("GET", &desk, &nothing());
    assert_eq!(
        (&chat["dialect"], &chat["service"], &chat["nickname"]),
        (&json!("gms-v1"), &json!("request-chat"), &json!("Vasya"))
    );
    // The visitor's end in one is the end in the other.
    visitor.call("/disconnect", &[]);
    assert_eq!(
        emulator.form(&path("refresh"), &keys).unwrap().json()["chatEnded"],
        true
    );
}

#[test]
fn the_automatic_agent_answers_in_this_dialect_too() {
    let emulator = Emulator::with(&["--data", ":memory:", "--pace", "200"]);
    let visitor = Visitor::of(&emulator);
    visitor.call("/send", &[("message", "echo me")]);
    crate::emulator::wait_for("an echo", || {
        let echoes = visitor
            .texts()
            .iter()
            .filter(|text| *text == "echo me")
            .count();
        (echoes == 2).then_some(())
    });
}

#[test]
fn multipart_and_json_that_says_it_is_a_form_are_taken() {
    let emulator = Emulator::start();
    let visitor = Visitor::of(&emulator);
    let path = visitor.path("/send");
    let (kind, body) = multipart(&[("message", "as parts"), ("file", "@a.txt")], b"ignored");
    let kinds = [
        (kind.as_str(), body),
        (
            "application/x-www-form-urlencoded",
            br#"{"message": "as JSON"}"#.to_vec(),
        ),
    ];
    for (kind, body) in kinds {
        let headers = [("Content-Type", kind)];
        let reply = emulator.request("POST", &path, &headers, &body).unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    assert_eq!(visitor.texts(), ["as parts", "as JSON"]);
    let kind = [("Content-Type", "application/json")];
    for (body, status) in [
        (b"{\"message\"".to_vec(), 415),
        (vec![b'{'; 5 * 1024 * 1024], 413),
    ] {
        let reply = emulator.request("POST", &path, &kind, &body).unwrap();
        assert_eq!(reply.status, status);
        assert!(reply.json()["message"].is_string());
    }
    assert_eq!(emulator.get(&path).status, 405);
    assert_eq!(emulator.get(&format!("{SERVICE}/by-get")).status, 200);
}

#[test]
fn faults_meet_the_same_things_by_the_same_names() {
    let emulator = Emulator::start();
    let visitor = Visitor::of(&emulator);
    let other = Visitor::of(&emulator);
    let rule = json!({"operation": "send", "kind": "cut_after", "chat": visitor.chat, "count": 1});
    emulator.fault(&rule);
    other.call("/send", &[("message", "passes")]);
    assert!(visitor.raw("/send", &[("message", "hello")]).is_err());
    assert_eq!(visitor.texts(), ["hello"]);

    for (operation, path) in [
        ("createService", format!("{SERVICE}/request-chat")),
        ("status", format!("{SERVICE}/{}/status", visitor.service)),
        ("requestChat", visitor.path("")),
        ("refresh", visitor.path("/refresh")),
        ("startTyping", visitor.path("/startTyping")),
        ("customNotice", visitor.path("/customNotice")),
        ("disconnect", visitor.path("/disconnect")),
    ] {
        for (kind, status) in [
            ("status_code_1", 503),
            ("status_code_2", 400),
            ("panic", 500),
        ] {
            emulator.fault(&json!({"operation": operation, "kind": kind, "count": 1}));
            let reply = emulator.form(&path, &[("subject", "s")]).unwrap();
            assert_eq!(reply.status, status, "{operation} {kind}");
        }
    }
    // None of it was done.
    assert_eq!(visitor.texts(), ["hello"]);
    assert_eq!(visitor.call("/refresh", &[])["chatIxnState"], "TRANSCRIPT");

    emulator.fault(&json!({"operation": "refresh", "kind": "alias_change", "count": 1}));
    let alias = |reply: &Value| {
        reply["chatServerLoadBalancerAlias"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let before = alias(&visitor.call("/send", &[("message", "m"), ("_verbose", "true")]));
    let after = alias(&visitor.call("/refresh", &[("_verbose", "true")]));
    assert_ne!(before, after);
}

#[test]
fn an_address_with_enough_chats_hears_not_now() {
    let emulator = Emulator::with(&[
        "--data",
        ":memory:",
        "--no-agent",
        "--chats-per-address",
        "1",
    ]);
    let visitor = Visitor::of(&emulator);
    let path = format!("{SERVICE}/{}/ixn/chat", service(&emulator));
    let reply = emulator.form(&path, &[("subject", "s")]).unwrap();
    assert_eq!((reply.status, reply.body.len()), (503, 0));
    // One's own chat is no second one.
    visitor.call("", &[("subject", "s")]);
    visitor.call("/disconnect", &[]);
    assert_eq!(
        emulator.form(&path, &[("subject", "s")]).unwrap().status,
        200
    );
}

#[test]
fn a_page_of_another_origin_may_send_the_users_header() {
    let emulator = Emulator::start();
    let origin = ("Origin", "https://shop.example");
    let path = format!("{SERVICE}/request-chat");
    let ask = ("Access-Control-Request-Headers", "gms_user");
    let reply = emulator
        .request("OPTIONS", &path, &[origin, ask], b"")
        .unwrap();
    let allowed = reply.header("access-control-allow-headers").unwrap();
    assert!(allowed.contains("gms_user"));
    for (path, status) in [(path.clone(), 200), (format!("{path}/nowhere"), 404)] {
        let headers = [origin, ("gms_user", "BuzzBrain")];
        let reply = request(emulator.address, "POST", &path, &headers, b"").unwrap();
        assert_eq!(
            (
                reply.status,
                reply.header("access-control-allow-credentials")
            ),
            (status, Some("true"))
        );
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
}
