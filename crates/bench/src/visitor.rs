//! Visitors: those that poll, and those that wait in long polls.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::connection::{Connection, FORM, JSON};

/// A text as long as what people write.
const WORDS: &str = "I have ordered a lamp last week, and it has not come yet";
const CHANNEL: &str = "/service/chatV2/support";

/// A visitor over GMS version 2 that polls.
#[derive(Debug)]
pub(crate) struct Visitor {
    line: Connection,
    chat: String,
    keys: String,
    position: u64,
    turns: u32,
}

impl Visitor {
    /// Starts a chat on a connection of its own.
    pub(crate) async fn arrive(address: SocketAddr) -> Result<Self> {
        Self::arrive_on(Connection::open(address).await?).await
    }

    async fn arrive_on(mut line: Connection) -> Result<Self> {
        let asked = "nickname=Maria&firstName=Maria&lastName=Lopez&subject=Order";
        let reply = line.post("/genesys/2/chat/support", FORM, asked).await?;
        let reply = good(reply)?;
        Ok(Self {
            line,
            chat: text(&reply, "chatId")?.to_owned(),
            keys: keys(&reply)?.context("no keys in the first reply")?,
            position: 1,
            turns: 0,
        })
    }

    /// Starts another chat on the same connection.
    pub(crate) async fn again(self) -> Result<Self> {
        Self::arrive_on(self.line).await
    }

    /// Counts so many turns as done, so that not all visitors send their message at once.
    pub(crate) fn skip(&mut self, turns: u32) {
        self.turns = self.turns.wrapping_add(turns);
    }

    /// Takes the next turn: a poll, or a message every so often.
    pub(crate) async fn turn(&mut self, talk_every: u32) -> Result<()> {
        self.turns = self.turns.wrapping_add(1);
        if self.turns.checked_rem(talk_every) == Some(0) {
            self.say().await
        } else {
            self.poll().await
        }
    }

    pub(crate) async fn say(&mut self) -> Result<()> {
        let words = WORDS.replace(' ', "+");
        self.ask("send", &format!("message={words}")).await
    }

    async fn poll(&mut self) -> Result<()> {
        let position = format!("transcriptPosition={}", self.position);
        self.ask("refresh", &position).await
    }

    async fn ask(&mut self, operation: &str, field: &str) -> Result<()> {
        let path = format!("/genesys/2/chat/support/{}/{operation}", self.chat);
        let body = format!("{}&{field}", self.keys);
        let reply = self.line.post(&path, FORM, &body).await;
        let reply = good(reply.with_context(|| operation.to_owned())?)?;
        if let Some(next) = reply.get("nextPosition").and_then(Value::as_u64) {
            self.position = next;
        }
        if let Some(keys) = keys(&reply)? {
            self.keys = keys;
        }
        Ok(())
    }
}

/// A visitor over CometD that waits in long polls.
#[derive(Debug)]
pub(crate) struct Follower {
    line: Connection,
    client: String,
}

impl Follower {
    /// Performs the handshake and the first connect, and starts a chat, on a connection of its own.
    pub(crate) async fn arrive(address: SocketAddr) -> Result<Self> {
        let mut line = Connection::open(address).await?;
        let hello = json!([{"channel": "/meta/handshake", "version": "1.0",
            "supportedConnectionTypes": ["long-polling"], "id": "1"}]);
        let reply = send(&mut line, &hello).await?;
        let client = text(&reply[0], "clientId")?.to_owned();
        let mut follower = Self { line, client };
        follower.connect(json!({"timeout": 0})).await?;
        let data = json!({"operation": "requestChat", "nickname": "Maria", "subject": "Order"});
        let wish =
            json!([{"channel": CHANNEL, "clientId": follower.client, "id": "2", "data": data}]);
        send(&mut follower.line, &wish).await?;
        Ok(follower)
    }

    /// Sends a long poll and waits for its reply.
    pub(crate) async fn wait(&mut self) -> Result<()> {
        self.connect(json!({})).await
    }

    async fn connect(&mut self, advice: Value) -> Result<()> {
        let connect = json!([{"channel": "/meta/connect", "clientId": self.client, "id": "3",
            "connectionType": "long-polling", "advice": advice}]);
        send(&mut self.line, &connect).await.map(|_| ())
    }
}

async fn send(line: &mut Connection, messages: &Value) -> Result<Value> {
    let body = messages.to_string();
    let reply = line.post("/genesys/cometd", JSON, &body).await?;
    let list = reply.as_array().context("a reply that is no list")?;
    if list.iter().any(|message| message["successful"] == false) {
        bail!("refused: {reply}");
    }
    Ok(reply)
}

fn good(reply: Value) -> Result<Value> {
    if reply["statusCode"] != 0 {
        bail!("refused: {reply}");
    }
    Ok(reply)
}

/// Writes the form fields with the keys of a reply, if it has keys.
fn keys(reply: &Value) -> Result<Option<String>> {
    if reply.get("secureKey").is_none() {
        return Ok(None);
    }
    let [user, key, alias] = ["userId", "secureKey", "alias"].map(|name| text(reply, name));
    Ok(Some(format!(
        "userId={}&secureKey={}&alias={}",
        user?, key?, alias?
    )))
}

fn text<'a>(reply: &'a Value, name: &str) -> Result<&'a str> {
    let found = reply.get(name).and_then(Value::as_str);
    found.with_context(|| format!("no {name} in {reply}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_without_a_key_changes_none() {
        assert_eq!(keys(&json!({"alias": "1"})).unwrap(), None);
        let reply = json!({"userId": "U", "secureKey": "K", "alias": "1"});
        let fields = "userId=U&secureKey=K&alias=1";
        assert_eq!(keys(&reply).unwrap().as_deref(), Some(fields));
    }

    #[test]
    fn a_refusal_is_an_error() {
        assert!(good(json!({"statusCode": 2})).is_err());
        assert!(good(json!({"statusCode": 0})).is_ok());
    }
}
