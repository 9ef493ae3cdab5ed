//! Every sample of the vendor's for GMS Chat API Version 2, request and reply, over real HTTP.

use serde_json::{Value, json};

use crate::emulator::{Emulator, Visitor};
use crate::http::Reply;
use crate::sample::{check, none_left_out};

struct Stage {
    emulator: Emulator,
    visitor: Visitor,
}

impl Stage {
    fn new(fields: &[(&str, &str)]) -> Self {
        let emulator = Emulator::start();
        let reply = emulator
            .form("/genesys/2/chat/customer-support", fields)
            .unwrap()
            .json();
        let visitor = Visitor::of(emulator.address, &reply);
        Self { emulator, visitor }
    }

    fn first_last() -> Self {
        Self::new(&[("firstName", "First"), ("lastName", "Last")])
    }

    fn act(&self, operation: &str, body: &Value) {
        self.emulator.desk(
            "POST",
            &format!("/chats/{}/{operation}", self.visitor.chat),
            body,
        );
    }

    /// Lets the next event have this index.
    fn until(&self, index: u64) {
        let path = format!("/chats/{}", self.visitor.chat);
        while self.emulator.desk("GET", &path, &json!(null))["next_index"]
            .as_u64()
            .unwrap()
            < index
        {
            self.act("hidden", &json!({}));
        }
    }

    /// Brings in `system` as participant 2 and `AgentNick` as participant 3.
    fn with_agent(self) -> Self {
        self.act("join", &json!({"nickname": "system", "role": "external"}));
        self.act("join", &json!({"nickname": "AgentNick"}));
        self
    }

    fn check(&self, name: &str) -> Reply {
        self.check_file(name, "")
    }

    fn check_file(&self, name: &str, file: &str) -> Reply {
        let visitor = &self.visitor;
        check(&self.emulator, name, |text| {
            text.replace("{chatId}", &visitor.chat)
                .replace("{userId}", &visitor.user)
                .replace("{secureKey}", &visitor.key)
                .replace("{alias}", &visitor.alias)
                .replace("{fileId}", file)
        })
    }
}

#[test]
fn request_chat() {
    check(&Emulator::start(), "request-chat", str::to_owned);
}

#[test]
fn send_message() {
    let stage = Stage::first_last();
    stage.until(7);
    stage.visitor.say("hello");
    stage.check("send");
}

#[test]
fn typing() {
    let stage = Stage::first_last();
    stage.check("startTyping");
    stage.check("stopTyping");
}

#[test]
fn refresh() {
    let stage = Stage::first_last();
    stage.until(5);
    stage.check("refresh-no-news");

    let stage = Stage::first_last().with_agent();
    stage.until(7);
    stage.act("say", &json!({"as": "AgentNick", "text": "hello"}));
    stage.check("refresh-agent-message");

    let stage = Stage::first_last().with_agent();
    stage.until(20);
    for text in [
        "agent will be with you shortly ...",
        "agent will be with you shortly...",
    ] {
        stage.act("say", &json!({"as": "system", "text": text}));
    }
    stage.check("refresh-system");
}

#[test]
fn refresh_when_agents_leave() {
    let stage = Stage::new(&[("nickname", "Maria")]).with_agent();
    stage.act("leave", &json!({"as": "system"}));
    stage.until(9);
    stage.act("end", &json!({}));
    stage.check("refresh-ended");

    let stage = Stage::new(&[("nickname", "Maria")]).with_agent();
    stage.until(12);
    stage.act("hold", &json!({}));
    stage.check("refresh-hold");
}

#[test]
fn small_operations() {
    let stage = Stage::first_last();
    for name in [
        "pushUrl",
        "updateNickname",
        "customNotice",
        "updateData-encoded",
        "updateData-plain",
        "readReceipt",
        "disconnect",
    ] {
        stage.check(name);
    }
    let chat = stage.emulator.desk(
        "GET",
        &format!("/chats/{}", stage.visitor.chat),
        &json!(null),
    );
    assert_eq!(
        chat["user_data"],
        json!({"key1": "value1", "key2": "value2"})
    );
    assert_eq!(chat["nickname"], "newName");
}

#[test]
fn file_limits() {
    let stage = Stage::first_last();
    let settings = json!({
        "upload_max_files": 10,
        "upload_max_file_size": 100_000_000,
        "upload_max_total_size": 500_000_000,
        "upload_needs_agent": true,
    });
    stage.emulator.desk("PUT", "/settings", &settings);
    stage.check("limits");
    stage.check("limits-multipart");
}

#[test]
fn files() {
    for name in ["upload", "upload-file-first"] {
        let stage = Stage::first_last();
        stage.until(5);
        let reply = stage.check(name).json();
        let file = reply["userData"]["file-id"].as_str().unwrap();
        stage.check_file("download", file);
        stage.check_file("download-form", file);
        stage.check("download-failed");
        stage.check_file("delete", file);
        let uploaded = &stage.visitor.events()[1];
        assert_eq!(uploaded["userData"]["file-description"], "March invoice");
        assert_eq!(uploaded["userData"]["file-name"], "afile.txt");
    }
}

#[test]
fn no_sample_is_left_out() {
    none_left_out("", include_str!("golden.rs"));
}
