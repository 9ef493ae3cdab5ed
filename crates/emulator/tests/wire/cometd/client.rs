//! Clients of one broker, on virtual time.

use parlour_emulator::cometd::{Answer, Broker, Options, Ticket};
use parlour_emulator::model::{self, ChatId, World};
use parlour_emulator::wire::{Request, Response};
use serde_json::{Value, json};

use crate::talk::{START_MS, body};

pub(crate) const CHANNEL: &str = "/service/chatV2/support";

#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) world: World,
    pub(crate) broker: Broker,
    pub(crate) now_ms: i64,
}

/// One client, after its handshake and first connect.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) chat: String,
    pub(crate) key: String,
}

impl Line {
    pub(crate) fn new() -> Self {
        Self::with(model::Options::default())
    }

    pub(crate) fn with(options: model::Options) -> Self {
        Self {
            world: World::new(7, options),
            broker: Broker::new(7, Options::default()),
            now_ms: START_MS,
        }
    }

    pub(crate) fn receive(&mut self, request: &Request) -> Answer {
        self.broker.receive(&mut self.world, request, self.now_ms)
    }

    /// Sends messages that are answered at once with HTTP 200; what comes back.
    pub(crate) fn send(&mut self, messages: &Value) -> Vec<Value> {
        match self.receive(&post(messages)) {
            Answer::Now(response) => list(&response),
            Answer::Held(_) => panic!("{messages} is held"),
        }
    }

    /// Sends a connect that is held.
    pub(crate) fn hold(&mut self, client: &Client) -> Ticket {
        match self.receive(&post(&connect(client))) {
            Answer::Held(ticket) => ticket,
            Answer::Now(response) => panic!("answered: {:?}", list(&response)),
        }
    }

    /// Sends a connect that brings what is new at once.
    pub(crate) fn poll(&mut self, client: &Client) -> Vec<Value> {
        self.send(&connect(client))
    }

    pub(crate) fn due(&mut self) -> Vec<(Ticket, Response)> {
        self.broker.due(&mut self.world, self.now_ms)
    }

    /// Takes the reply to this poll, which must be the only one that is due.
    pub(crate) fn answer(&mut self, ticket: Ticket) -> Vec<Value> {
        match self.due().as_slice() {
            [(answered, response)] if *answered == ticket => list(response),
            other => panic!("due: {other:?}"),
        }
    }

    pub(crate) fn pass(&mut self, ms: i64) {
        self.now_ms += ms;
    }

    /// Shakes hands and connects once.
    pub(crate) fn client(&mut self) -> Client {
        let replies = self.send(&json!([{"channel": "/meta/handshake", "id": "1"}]));
        let client = Client {
            id: replies[0]["clientId"].as_str().unwrap().to_owned(),
            chat: String::new(),
            key: String::new(),
        };
        self.poll(&client);
        client
    }

    /// Shakes hands, connects once and starts a chat.
    pub(crate) fn visitor(&mut self, nickname: &str) -> Client {
        let mut client = self.client();
        let data = json!({"operation": "requestChat", "nickname": nickname});
        let reply = self.publish(&client, data);
        client.chat = reply["chatId"].as_str().unwrap().to_owned();
        client.key = reply["secureKey"].as_str().unwrap().to_owned();
        client
    }

    /// Publishes while no connect is held; the data of the result, which must be the only thing that is new.
    pub(crate) fn publish(&mut self, client: &Client, data: Value) -> Value {
        let replies = self.send(&publish(client, data));
        let [result, reply] = replies.as_slice() else {
            panic!("{replies:?}")
        };
        assert_eq!(
            *reply,
            json!({"id": "p", "channel": CHANNEL, "successful": true})
        );
        assert_eq!(result["channel"], CHANNEL);
        result["data"].clone()
    }

    pub(crate) fn chat(&self, client: &Client) -> ChatId {
        assert!(self.world.chat(&ChatId::new(&client.chat)).is_some());
        ChatId::new(&client.chat)
    }
}

impl Client {
    /// Completes an operation's data with the key.
    pub(crate) fn order(&self, operation: &str, mut more: Value) -> Value {
        more["operation"] = operation.into();
        more["secureKey"] = self.key.as_str().into();
        more
    }
}

pub(crate) fn connect(client: &Client) -> Value {
    json!([{"channel": "/meta/connect", "connectionType": "long-polling", "id": "c", "clientId": client.id}])
}

pub(crate) fn publish(client: &Client, data: Value) -> Value {
    json!([{"channel": CHANNEL, "id": "p", "clientId": client.id, "data": data}])
}

pub(crate) fn post(messages: &Value) -> Request {
    raw(messages.to_string().into_bytes())
}

pub(crate) fn raw(body: Vec<u8>) -> Request {
    Request {
        method: "POST".into(),
        path: "/genesys/cometd/".into(),
        headers: vec![(
            "Content-Type".into(),
            "application/json;charset=UTF-8".into(),
        )],
        body,
        ..Request::default()
    }
}

pub(crate) fn list(response: &Response) -> Vec<Value> {
    assert_eq!(response.status, 200);
    body(response).as_array().expect("an array").clone()
}

/// Lists the texts of all messages in what was pushed.
pub(crate) fn texts(pushed: &[Value]) -> Vec<&str> {
    events(pushed)
        .filter(|event| event["type"] == "Message")
        .filter_map(|event| event["text"].as_str())
        .collect()
}

/// Lists the events in what was pushed.
pub(crate) fn events(pushed: &[Value]) -> impl Iterator<Item = &Value> {
    pushed
        .iter()
        .filter_map(|message| message["data"]["messages"].as_array())
        .flatten()
}
