//! Every sample of the vendor's for GMS Chat API Version 1 over CometD, request and reply, over real HTTP. What goes over
//! REST there is checked with the rest of that document.

use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::http::Reply;
use crate::sample::{check, none_left_out};

const SERVICE: &str = "/genesys/1/service";
const USER: &str = "b16416334828b1d26ef14f329628b55b5a8c631d8928a371a5584722dd7fb673";

struct Stage {
    emulator: Emulator,
    client: String,
    service: String,
    chat: String,
}

impl Stage {
    fn new(flags: &[&str], handshake: &str) -> Self {
        let emulator = Emulator::with(flags);
        let reply = check(
            &emulator,
            &format!("gms-v1-cometd/{handshake}"),
            str::to_owned,
        );
        let client = reply.json()[0]["clientId"].as_str().unwrap().to_owned();
        Self {
            emulator,
            client,
            service: String::new(),
            chat: String::new(),
        }
    }

    fn check(&self, name: &str) -> Reply {
        check(&self.emulator, &format!("gms-v1-cometd/{name}"), |text| {
            text.replace("{clientId}", &self.client)
                .replace("{service}", &self.service)
                .replace("{chatId}", &self.chat)
        })
    }

    fn call(&self, path: &str, form: &str) -> Value {
        let headers = [
            ("gms_user", USER),
            (
                "Content-Type",
                "application/x-www-form-urlencoded; charset=UTF-8",
            ),
        ];
        let path = format!("{SERVICE}/{path}");
        let reply = self
            .emulator
            .request("POST", &path, &headers, form.as_bytes());
        let reply = reply.unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }

    fn act(&self, what: &str, body: &Value) {
        let path = format!("/chats/{}/{what}", self.chat);
        self.emulator.desk("POST", &path, body);
    }
}

#[test]
fn a_whole_chat() {
    let mut stage = Stage::new(&["--data", ":memory:", "--no-agent"], "handshake");
    stage.check("subscribe");
    stage.check("connect-first");
    let reply = stage.call("request-chat", "_verbose=true");
    reply["_id"]
        .as_str()
        .unwrap()
        .clone_into(&mut stage.service);
    let chat = format!("{}/ixn/chat", stage.service);
    let form = "_verbose=true&notify_by=comet&FirstName=John&LastName=Harry&subject=French\
                &EmailAddress=j.h%40gmail.com";
    let reply = stage.call(&chat, form);
    reply["chatSessionId"]
        .as_str()
        .unwrap()
        .clone_into(&mut stage.chat);
    stage.act("join", &json!({"nickname": "Kristi Sippola"}));
    stage.check("poll-joined");
    stage.act("typing", &json!({"on": true}));
    stage.check("poll-typing");
    stage.act("say", &json!({"text": "Hello"}));
    stage.check("poll-message");
    stage.call(
        &format!("{chat}/refresh"),
        "_verbose=true&message=Hi%20Verbose",
    );
    stage.check("poll-echo");
    stage.act("end", &json!({}));
    // The last words first.
    let poll = json!([{"channel": "/meta/connect", "connectionType": "long-polling", "clientId": stage.client}]);
    let reply = stage
        .emulator
        .request(
            "POST",
            "/genesys/cometd",
            &[("gms_user", USER)],
            poll.to_string().as_bytes(),
        )
        .unwrap()
        .json();
    assert_eq!(reply[0]["data"]["message"]["chatIxnState"], "DISCONNECTED");
    stage.check("poll-none");
    stage.check("unsubscribe");
    stage.check("disconnect");
}

#[test]
fn the_quick_start() {
    let stage = Stage::new(&["--data", ":memory:", "--no-agent"], "quick-handshake");
    stage.check("quick-connect");
    stage.check("quick-subscribe");
}

#[test]
fn a_poll_without_news() {
    let flags = ["--data", ":memory:", "--no-agent", "--longest-poll", "1"];
    let stage = Stage::new(&flags, "quick-handshake");
    let first = json!([{"channel": "/meta/connect", "clientId": stage.client}]);
    stage
        .emulator
        .request("POST", "/genesys/cometd", &[], first.to_string().as_bytes())
        .unwrap();
    stage.check("quick-poll");
}

#[test]
fn no_sample_is_left_out() {
    none_left_out("gms-v1-cometd/", include_str!("golden_cometd.rs"));
}
