//! A chat over GMS Chat API Version 2: `cargo run -p chat-samples --bin gms-v2 "Where is my parcel?"`
//!
//! Every call is a form by POST; the keys of the first reply go with all later ones.

use std::process::ExitCode;

use chat_samples::{
    Chat, ChatError, Client, Event, Kind, News, Role, encode, name, required, run, setting,
};
use serde_json::Value;

struct GmsV2 {
    client: Client,
    chat: String,
    keys: Keys,
    position: i64,
}

/// The keys that make the caller the visitor: no `Debug`, so that it gets into no log.
#[derive(Default)]
struct Keys {
    user: String,
    secure: String,
    alias: String,
}

impl Keys {
    /// Takes over what the newest reply has; keys may change when a server takes over from another.
    fn take(&mut self, reply: &Value) {
        for (key, field) in [
            (&mut self.user, "userId"),
            (&mut self.secure, "secureKey"),
            (&mut self.alias, "alias"),
        ] {
            if let Some(new) = reply[field].as_str() {
                new.clone_into(key);
            }
        }
    }
}

fn main() -> ExitCode {
    run(start)
}

fn start() -> Result<GmsV2, ChatError> {
    let client = Client::new("")?;
    let base = format!(
        "/genesys/2/chat/{}",
        encode(&setting("CHAT_SERVICE", "customer-support"))
    );
    let form = [("nickname", name()), ("subject", "A sample".to_owned())];
    let form = form
        .each_ref()
        .map(|(field, value)| (*field, value.as_str()));
    let reply = client.form("request chat", &base, &form)?;
    let mut keys = Keys::default();
    keys.take(&reply);
    Ok(GmsV2 {
        chat: format!("{base}/{}", required("request chat", &reply, "chatId")?),
        client,
        keys,
        position: 1,
    })
}

impl GmsV2 {
    fn call(
        &self,
        what: &'static str,
        operation: &str,
        fields: &[(&str, &str)],
    ) -> Result<Value, ChatError> {
        let Keys {
            user,
            secure,
            alias,
        } = &self.keys;
        let mut form = vec![
            ("userId", user.as_str()),
            ("secureKey", secure),
            ("alias", alias),
        ];
        form.extend(fields);
        self.client
            .form(what, &format!("{}/{operation}", self.chat), &form)
    }
}

impl Chat for GmsV2 {
    /// Reads from a position, which is inclusive. Only a refresh moves it: the reply to a send counts everything and,
    /// not asked for the transcript, shows nothing.
    fn receive(&mut self) -> Result<News, ChatError> {
        let position = self.position.to_string();
        let reply = self.call("refresh", "refresh", &[("transcriptPosition", &position)])?;
        if reply["statusCode"] == 1 {
            // Try again, and trust no other field.
            return Ok(News::default());
        }
        self.keys.take(&reply);
        let ended = reply["chatEnded"] == true;
        let messages = reply["messages"].as_array().into_iter().flatten();
        let events = messages
            .filter(|message| {
                message["index"]
                    .as_i64()
                    .is_some_and(|index| index >= self.position)
            })
            .map(event)
            .collect();
        // The position of a chat that is over is not to be trusted.
        if let Some(next) = reply["nextPosition"].as_i64().filter(|_| !ended) {
            self.position = next;
        }
        Ok(News { events, ended })
    }

    fn say(&mut self, text: &str) -> Result<(), ChatError> {
        let reply = self.call(
            "send",
            "send",
            &[("message", text), ("messageType", "text")],
        )?;
        if reply["statusCode"] == 1 {
            return Err(ChatError::Refused {
                what: "send",
                status: "not now".to_owned(),
                words: String::new(),
            });
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), ChatError> {
        self.call("disconnect", "disconnect", &[]).map(|_| ())
    }
}

fn event(message: &Value) -> Event {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Event {
        kind: match message["type"].as_str() {
            Some("ParticipantJoined") => Kind::Joined,
            Some("ParticipantLeft") => Kind::Left,
            Some("Message") => Kind::Message,
            _ => Kind::Other,
        },
        role: match message["from"]["type"].as_str() {
            Some("Client") => Role::Visitor,
            Some("Agent") => Role::Agent,
            _ => Role::Other,
        },
        name: word(&message["from"]["nickname"]),
        text: word(&message["text"]),
    }
}
