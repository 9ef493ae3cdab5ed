//! Every sample of the vendor's for GMS Chat API Version 1 but those of CometD's own, request and reply, over real HTTP.

use serde_json::{Value, json};

use crate::emulator::{Emulator, nothing, wait_for};
use crate::http::Reply;
use crate::sample::{check, none_left_out};

const SERVICE: &str = "/genesys/1/service";

struct Stage {
    emulator: Emulator,
    service: String,
    /// Of the chat, once there is one.
    chat: String,
    alias: String,
}

impl Stage {
    fn of(name: &str) -> Self {
        let emulator = Emulator::start();
        let reply = emulator.form(&format!("{SERVICE}/{name}"), &[]).unwrap();
        let service = reply.json()["_id"].as_str().unwrap().to_owned();
        Self {
            emulator,
            service,
            chat: String::new(),
            alias: String::new(),
        }
    }

    /// Has a chat of Vasya Pupkin's.
    fn with_chat(more: &[(&str, &str)]) -> Self {
        let mut stage = Self::of("request-chat");
        let mut fields = vec![("_verbose", "true"), ("subject", "test")];
        fields.extend(more);
        let reply = stage.call("", &fields);
        let text = |field: &str| reply[field].as_str().unwrap().to_owned();
        stage.chat = text("chatSessionId");
        stage.alias = text("chatServerLoadBalancerAlias");
        stage
    }

    fn vasya() -> Self {
        Self::with_chat(&[("firstName", "Vasya"), ("lastName", "Pupkin")])
    }

    /// Has one that an agent has joined, and is writing and has written in.
    fn with_agent(self) -> Self {
        self.act("join", &json!({"nickname": "ksippo"}));
        self.act("typing", &json!({"on": true}));
        self.act("say", &json!({"text": "hello customer"}));
        self
    }

    fn call(&self, operation: &str, fields: &[(&str, &str)]) -> Value {
        let path = format!("{SERVICE}/{}/ixn/chat{operation}", self.service);
        let reply = self.emulator.form(&path, fields).unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }

    fn act(&self, what: &str, body: &Value) {
        let path = format!("/chats/{}/{what}", self.chat);
        self.emulator.desk("POST", &path, body);
    }

    fn check(&self, name: &str) -> Reply {
        check(&self.emulator, &format!("gms-v1/{name}"), |text| {
            text.replace("{service}", &self.service)
                .replace("{chatId}", &self.chat)
                .replace("{alias}", &self.alias)
        })
    }
}

#[test]
fn services() {
    let stage = Stage::of("request-chat");
    for name in ["create-service", "create-service-poll"] {
        stage.check(name);
    }
    for name in ["create-service-verbose", "create-service-data-id"] {
        let reply = stage.check(name).json();
        let id = reply["_id"].as_str().unwrap();
        let link = format!("{SERVICE}/{id}/ixn/chat");
        assert_eq!(reply["_chatIxnAPI-CREATE-URL"], link);
    }
}

#[test]
fn waiting_for_an_agent() {
    // Slow enough for any machine to see it wait, then quick.
    for (pace, wanted) in [(0.001, "waiting"), (1000.0, "available")] {
        let stage = Stage::of("request-chat");
        let pace = json!({"pace": pace});
        stage.emulator.desk("PUT", "/settings", &pace);
        let reply = stage
            .emulator
            .form(&format!("{SERVICE}/request-chat-poll"), &[]);
        let service = reply.unwrap().json()["_id"].as_str().unwrap().to_owned();
        let path = format!("{SERVICE}/{service}/status");
        wait_for(wanted, || {
            let reply = stage.emulator.form(&path, &[]).unwrap().json();
            (reply["message"]["_status"] == wanted).then_some(())
        });
        Stage { service, ..stage }.check(&format!("status-{wanted}"));
    }
}

#[test]
fn creating_a_chat() {
    for name in [
        "create-chat",
        "create-chat-quick",
        "create-chat-verbose",
        "create-chat-verbose-pushed",
    ] {
        let stage = Stage::of("request-chat");
        stage.check(name);
        let list = stage.emulator.desk("GET", "/chats", &nothing());
        assert!(["French", "test"].contains(&list["chats"][0]["subject"].as_str().unwrap()));
    }
}

#[test]
fn refreshing() {
    for name in [
        "refresh",
        "refresh-verbose",
        "refresh-without-position",
        "refresh-from-position",
    ] {
        Stage::vasya().with_agent().check(name);
    }
}

#[test]
fn typing_and_leaving() {
    let stage = Stage::vasya();
    for _ in 2..=7 {
        stage.call("/send", &[("message", "word")]);
    }
    for name in ["startTyping", "stopTyping", "disconnect"] {
        stage.check(name);
    }
}

#[test]
fn a_chat_that_is_pushed() {
    let stage = Stage::with_chat(&[("notify_by", "comet")]).with_agent();
    stage.check("refresh-verbose-pushed");
    stage.check("disconnect-verbose");
    let stage = Stage::with_chat(&[("notify_by", "comet")]);
    let first = stage.check("refresh-pushed").json();
    assert_eq!(first, stage.check("send-pushed").json());
}

#[test]
fn no_sample_is_left_out() {
    // Both ends of the wait are checked by one name.
    let names = include_str!("golden_v1.rs").to_owned() + r#""status-waiting" "status-available""#;
    none_left_out("gms-v1/", &names);
}
