//! The dialect gws over real HTTP: durability, faults, pages of other origins, limits, and the desk that all dialects share.

use std::io;
use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::emulator::{Emulator, Folder, nothing};
use crate::http::{Reply, request};

const CHATS: &str = "/api/v2/chats";

struct Customer {
    address: SocketAddr,
    chat: String,
}

impl Customer {
    fn of(emulator: &Emulator) -> Self {
        let reply = emulator.json("POST", CHATS, &request_chat("Chris"));
        Self {
            address: emulator.address,
            chat: reply.json()["id"].as_str().unwrap().to_owned(),
        }
    }

    fn at(&self, emulator: &Emulator) -> Self {
        Self {
            address: emulator.address,
            chat: self.chat.clone(),
        }
    }

    fn raw(&self, body: &Value) -> io::Result<Reply> {
        let path = format!("{CHATS}/{}", self.chat);
        let kind = [("Content-Type", "application/json"), ("apikey", "whatever")];
        let body = body.to_string();
        request(self.address, "POST", &path, &kind, body.as_bytes())
    }

    fn say(&self, text: &str) -> io::Result<Reply> {
        self.raw(&json!({"operationName": "SendMessage", "text": text}))
    }

    fn get(&self, path: &str) -> Value {
        let path = format!("{CHATS}/{}{path}", self.chat);
        let reply = request(self.address, "GET", &path, &[], b"").unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }

    fn texts(&self) -> Vec<String> {
        let messages = self.get("/messages?index=1")["messages"].clone();
        let messages = messages.as_array().unwrap().iter();
        messages
            .filter_map(|message| message["text"].as_str().map(str::to_owned))
            .collect()
    }
}

fn request_chat(nickname: &str) -> Value {
    json!({"operationName": "RequestChat", "nickname": nickname, "subject": "Help"})
}

#[test]
fn a_message_survives_a_kill_right_after_its_acknowledgement() {
    let folder = Folder::new();
    let mut emulator = Emulator::on(&folder);
    let mut customer = Customer::of(&emulator);
    let mut sent = Vec::new();
    for round in 0..3 {
        let text = format!("message {round}");
        assert_eq!(customer.say(&text).unwrap().status, 200);
        emulator.kill();
        sent.push(text);
        emulator = Emulator::on(&folder);
        customer = customer.at(&emulator);
        assert_eq!(customer.texts(), sent);
    }
    customer.raw(&json!({"operationName": "Complete"})).unwrap();
    emulator.kill();
    let emulator = Emulator::on(&folder);
    assert_eq!(customer.at(&emulator).get("")["chat"]["state"], "Idle");
}

#[test]
fn chats_of_all_dialects_are_at_one_desk() {
    let emulator = Emulator::start();
    let maria = emulator.visitor("Maria");
    let chris = Customer::of(&emulator);
    let list = emulator.desk("GET", "/chats", &nothing());
    let mut seen: Vec<(&str, &str)> = list["chats"]
        .as_array()
        .unwrap()
        .iter()
        .map(|chat| {
            let text = |field: &str| chat[field].as_str().unwrap();
            (text("nickname"), text("dialect"))
        })
        .collect();
    seen.sort_unstable();
    assert_eq!(seen, [("Chris", "gws"), ("Maria", "gms-v2")]);
    for chat in [&maria.chat, &chris.chat] {
        let act = |what: &str, body: &Value| {
            emulator.desk("POST", &format!("/chats/{chat}/{what}"), body);
        };
        act("join", &json!({"nickname": "Mia"}));
        act("say", &json!({"text": "Hello!"}));
        act("push-url", &json!({"url": "https://shop.example/"}));
    }
    assert_eq!(maria.texts(), ["Hello!"]);
    assert_eq!(chris.texts(), ["Hello!", "https://shop.example/"]);
    assert_eq!(chris.get("")["chat"]["state"], "Chatting");
}

#[test]
fn faults_meet_the_same_things_by_the_same_names() {
    let emulator = Emulator::start();
    let customer = Customer::of(&emulator);
    emulator.fault(&json!({"operation": "send", "kind": "cut_before", "count": 1}));
    assert!(customer.say("lost").is_err());
    assert!(customer.texts().is_empty());
    emulator.fault(&json!({"operation": "send", "kind": "cut_after", "count": 1}));
    assert!(customer.say("hello").is_err());
    assert_eq!(customer.texts(), ["hello"]);

    let chat = json!(customer.chat);
    emulator.fault(
        &json!({"operation": "getChat", "kind": "status", "status": 503, "chat": chat, "count": 1}),
    );
    let path = format!("{CHATS}/{}", customer.chat);
    assert_eq!(emulator.get(&path).status, 503);
    assert_eq!(emulator.get(&path).status, 200);

    emulator.fault(&json!({"operation": "refresh", "kind": "truncated", "count": 1}));
    let reply = emulator.get(&format!("{path}/messages?index=1"));
    assert!(reply.text().starts_with('{') && !reply.text().ends_with('}'));

    for (kind, code) in [("status_code_1", 1), ("status_code_2", 2)] {
        emulator.fault(&json!({"operation": "disconnect", "kind": kind, "count": 1}));
        let reply = customer.raw(&json!({"operationName": "Complete"})).unwrap();
        assert_eq!(reply.json()["statusCode"], code);
    }
    assert_eq!(customer.get("")["chat"]["state"], "WaitingForAgent");

    emulator.fault(&json!({"operation": "requestChat", "kind": "panic", "count": 1}));
    assert_eq!(emulator.json("POST", CHATS, &request_chat("N")).status, 500);
    assert_eq!(emulator.json("POST", CHATS, &request_chat("N")).status, 200);
}

#[test]
fn a_page_of_another_origin_may_ask_with_credentials_and_own_headers() {
    let emulator = Emulator::start();
    let origin = ("Origin", "https://shop.example");
    let ask = ("Access-Control-Request-Headers", "apikey,content-type");
    for path in [CHATS, "/api/v2/chats/x/messages", "/api/nowhere"] {
        let reply = emulator
            .request("OPTIONS", path, &[origin, ask], b"")
            .unwrap();
        let allowed = reply.header("access-control-allow-headers").unwrap();
        assert!(allowed.contains("apikey") && allowed.contains("contactcenterid"));
        assert_eq!(
            (
                reply.status,
                reply.header("access-control-allow-credentials")
            ),
            (204, Some("true")),
            "{path}"
        );
    }
    for (path, status) in [
        ("/api/v2/chats/x", 400),
        ("/api/nowhere", 404),
        (CHATS, 405),
    ] {
        let reply = emulator.request("GET", path, &[origin], b"").unwrap();
        assert_eq!(
            (reply.status, reply.header("access-control-allow-origin")),
            (status, Some(origin.1)),
            "{path}"
        );
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
    }
}

#[test]
fn a_body_larger_than_any_request_is_refused() {
    let emulator = Emulator::start();
    let body = vec![b' '; 5 * 1024 * 1024];
    let reply = emulator.request("POST", CHATS, &[], &body).unwrap();
    assert_eq!(reply.status, 413);
    assert_eq!(emulator.get("/health").json()["chats"], 0);
}

#[test]
fn an_address_has_so_many_chats_at_once_whatever_the_dialect() {
    let folder = Folder::new();
    let data = folder.path().display().to_string();
    let flags = ["--data", &data, "--no-agent", "--chats-per-address", "2"];
    let emulator = Emulator::with(&flags);
    let first = Customer::of(&emulator);
    let second = emulator.visitor("Maria");
    let v2 = |emulator: &Emulator| {
        let reply = emulator.form("/genesys/2/chat/s", &[("nickname", "N")]);
        reply.unwrap().json()
    };
    assert_eq!(emulator.json("POST", CHATS, &request_chat("N")).status, 429);
    assert_eq!(v2(&emulator)["errors"][0]["code"], 240);
    // A restart frees no place …
    emulator.kill();
    let emulator = Emulator::with(&flags);
    assert_eq!(emulator.json("POST", CHATS, &request_chat("N")).status, 429);
    // … the end of a chat does, and so does the desk.
    let complete = json!({"operationName": "Complete"});
    assert_eq!(first.at(&emulator).raw(&complete).unwrap().status, 200);
    assert_eq!(v2(&emulator)["statusCode"], 0);
    assert_eq!(v2(&emulator)["errors"][0]["code"], 240);
    emulator.desk("PUT", "/settings", &json!({"chats_per_address": 0}));
    assert_eq!(v2(&emulator)["statusCode"], 0);
    assert_eq!(
        second.at(&emulator).call("refresh", &[])["chatEnded"],
        false
    );
}
