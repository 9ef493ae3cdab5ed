//! A chat over GWS: `cargo run -p chat-samples --bin gws "Where is my parcel?"`
//!
//! GWS takes JSON and identifies the caller by a constant header, `apikey` or `ContactCenterId`: never Authorization.

use std::process::ExitCode;

use chat_samples::{Chat, ChatError, Client, Event, Kind, News, Role, name, required, run};
use serde_json::{Value, json};

struct Gws {
    client: Client,
    chat: String,
    index: i64,
}

fn main() -> ExitCode {
    run(start)
}

fn start() -> Result<Gws, ChatError> {
    let client = Client::new("apikey: the emulator does not check it")?;
    let body = json!({"operationName": "RequestChat", "nickname": name(), "subject": "A sample"});
    let reply = client.post("RequestChat", "/api/v2/chats", &body)?;
    // Whoever knows the id is the visitor: do not print it.
    let chat = format!("/api/v2/chats/{}", required("RequestChat", &reply, "id")?);
    Ok(Gws {
        client,
        chat,
        index: 1,
    })
}

impl Chat for Gws {
    /// GetChat tells the state, GetTranscript what was said. Asked in this order, no last word is missed.
    fn receive(&mut self) -> Result<News, ChatError> {
        let reply = self.client.get("GetChat", &self.chat)?;
        // The visitor has gone.
        let ended = required("GetChat", &reply["chat"], "state")? == "Idle";
        // Without an index the server would send what "the client" has not had, whoever that was: always send one.
        let path = format!("{}/messages?index={}", self.chat, self.index);
        let reply = self.client.get("GetTranscript", &path)?;
        let mut events = Vec::new();
        for message in reply["messages"].as_array().into_iter().flatten() {
            let Some(index) = message["index"]
                .as_i64()
                .filter(|index| *index >= self.index)
            else {
                continue;
            };
            events.push(event(message));
            // Inclusive: the next one that is wanted is one after the last one seen.
            self.index = index + 1;
        }
        Ok(News { events, ended })
    }

    fn say(&mut self, text: &str) -> Result<(), ChatError> {
        let body = json!({"operationName": "SendMessage", "text": text});
        self.client
            .post("SendMessage", &self.chat, &body)
            .map(|_| ())
    }

    fn end(&mut self) -> Result<(), ChatError> {
        let body = json!({"operationName": "Complete"});
        self.client.post("Complete", &self.chat, &body).map(|_| ())
    }
}

fn event(message: &Value) -> Event {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Event {
        kind: match message["type"].as_str() {
            Some("ParticipantJoined") => Kind::Joined,
            Some("ParticipantLeft") => Kind::Left,
            Some("Text") => Kind::Message,
            _ => Kind::Other,
        },
        role: match message["from"]["type"].as_str() {
            Some("Customer") => Role::Visitor,
            Some("Agent") => Role::Agent,
            _ => Role::Other,
        },
        name: word(&message["from"]["nickname"]),
        text: word(&message["text"]),
    }
}
