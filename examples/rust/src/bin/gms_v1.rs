//! A chat over GMS Chat API Version 1: `cargo run -p chat-samples --bin gms-v1 "Where is my parcel?"`
//!
//! A service comes first, then the one chat it has.
#![expect(clippy::print_stdout, reason = "samples talk to a person")]

use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use chat_samples::{
    Chat, ChatError, Client, Event, Kind, News, Role, encode, name, pace, patience, required, run,
    setting,
};
use serde_json::Value;

struct GmsV1 {
    client: Client,
    chat: String,
    position: String,
}

fn main() -> ExitCode {
    run(start)
}

fn start() -> Result<GmsV1, ChatError> {
    let client = Client::new("")?;
    let path = format!(
        "/genesys/1/service/{}",
        encode(&setting("CHAT_SERVICE", "request-chat"))
    );
    let reply = client.form("create service", &path, &[])?;
    // Whoever knows the id is the visitor: do not print it.
    let service = format!(
        "/genesys/1/service/{}",
        required("create service", &reply, "_id")?
    );
    let chat = format!("{service}/ixn/chat");
    let name = name();
    let form = [("subject", "A sample"), ("userDisplayName", name.as_str())];
    // A service that waits for an agent first (request-chat-poll) answers 503 until there is one.
    let reply = loop {
        match client.form_or_later("create chat", &chat, &form)? {
            Some(reply) => break reply,
            None => wait_for_agent(&client, &service)?,
        }
    };
    Ok(GmsV1 {
        client,
        chat,
        position: position(&reply).unwrap_or_else(|| "1".to_owned()),
    })
}

fn wait_for_agent(client: &Client, service: &str) -> Result<(), ChatError> {
    println!("* waiting for an agent");
    let started = Instant::now();
    while started.elapsed() < patience() {
        let reply = client.form("status", &format!("{service}/status"), &[])?;
        if reply["message"]["_status"] == "available" {
            return Ok(());
        }
        thread::sleep(pace());
    }
    Err(ChatError::Unanswered(patience()))
}

impl GmsV1 {
    fn call(&self, what: &'static str, fields: &[(&str, &str)]) -> Result<Value, ChatError> {
        self.client
            .form(what, &format!("{}/{what}", self.chat), fields)
    }
}

impl Chat for GmsV1 {
    /// Reads what came after a position: exclusive here, unlike in version 2.
    fn receive(&mut self) -> Result<News, ChatError> {
        let reply = self.call("refresh", &[("transcriptPosition", &self.position)])?;
        self.position = position(&reply).unwrap_or_else(|| self.position.clone());
        let events = reply["transcriptToShow"].as_array().into_iter().flatten();
        Ok(News {
            events: events.map(event).collect(),
            ended: required("refresh", &reply, "chatIxnState")? == "DISCONNECTED",
        })
    }

    fn say(&mut self, text: &str) -> Result<(), ChatError> {
        self.call("send", &[("message", text)]).map(|_| ())
    }

    fn end(&mut self) -> Result<(), ChatError> {
        self.call("disconnect", &[]).map(|_| ())
    }
}

/// Reads a position: numbers come as strings, from most servers.
fn position(reply: &Value) -> Option<String> {
    match &reply["transcriptPosition"] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Reads a list of five strings: type, name, text, seconds since the start, role.
fn event(list: &Value) -> Event {
    let word = |nth: usize| list[nth].as_str().unwrap_or_default();
    Event {
        kind: match word(0) {
            "Notice.Joined" => Kind::Joined,
            "Notice.Left" => Kind::Left,
            "Message.Text" => Kind::Message,
            _ => Kind::Other,
        },
        role: match word(4) {
            "CLIENT" => Role::Visitor,
            "AGENT" => Role::Agent,
            _ => Role::Other,
        },
        name: word(1).to_owned(),
        text: word(2).to_owned(),
    }
}
