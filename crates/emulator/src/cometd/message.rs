//! Bayeux messages: those of a request, and the replies to them.

use serde_json::{Map, Value, json};

use crate::wire::{Form, Request};

/// No client sends more at once; each may be answered with a whole transcript.
const MAX_MESSAGES: usize = 100;
/// More than the longest batch of the longest texts that a chat takes.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// One message of a request: a JSON object of which no field is certain.
#[derive(Debug)]
pub(super) struct Message(Map<String, Value>);

/// Why the messages of a request cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MessagesError {
    NotJson,
    NotMessages,
    TooMany,
    TooLarge,
}

impl MessagesError {
    pub(super) fn status(self) -> u16 {
        match self {
            Self::NotJson | Self::NotMessages | Self::TooMany => 400,
            Self::TooLarge => 413,
        }
    }

    pub(super) fn text(self) -> String {
        match self {
            Self::NotJson => "the body is no JSON\n".to_owned(),
            Self::NotMessages => "a message, or an array of messages, was expected\n".to_owned(),
            Self::TooMany => format!("too many messages at once: at most {MAX_MESSAGES}\n"),
            Self::TooLarge => format!("the body is too large: at most {MAX_BYTES} bytes\n"),
        }
    }
}

/// Reads a request's messages: an array, or a single one; as Bayeux allows, in a form's field `message`, too.
pub(super) fn read(request: &Request) -> Result<Vec<Message>, MessagesError> {
    if request.body.len() > MAX_BYTES {
        return Err(MessagesError::TooLarge);
    }
    let first = request.body.iter().find(|byte| !byte.is_ascii_whitespace());
    let value: Value = if matches!(first, Some(b'[' | b'{')) {
        serde_json::from_slice(&request.body)
    } else {
        let form = Form::parse(request).unwrap_or_default();
        serde_json::from_str(form.get("message").unwrap_or_default())
    }
    .map_err(|_| MessagesError::NotJson)?;
    let list = match value {
        Value::Array(list) => list,
        single => vec![single],
    };
    if list.len() > MAX_MESSAGES {
        return Err(MessagesError::TooMany);
    }
    list.into_iter()
        .map(|value| match value {
            Value::Object(fields) => Ok(Message(fields)),
            _ => Err(MessagesError::NotMessages),
        })
        .collect()
}

impl Message {
    /// Returns the channel: it alone decides what the message is.
    pub(super) fn channel(&self) -> Option<&str> {
        self.text("channel")
    }

    /// Returns the session that the message claims to belong to.
    pub(super) fn client_id(&self) -> &str {
        self.text("clientId").unwrap_or_default()
    }

    /// Reads a field that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// Reads a field of any type.
    pub(super) fn field(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Reads how long the client wants its connect to be held at most (ms).
    pub(super) fn timeout_ms(&self) -> Option<i64> {
        let timeout = self.0.get("advice")?.get("timeout")?;
        let number = timeout.as_i64();
        number.or_else(|| timeout.as_str()?.trim().parse().ok())
    }

    /// Returns the id as replies echo it: a text, whatever it came as.
    pub(super) fn id(&self) -> Option<String> {
        match self.0.get("id")? {
            Value::String(id) => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        }
    }

    /// Begins the reply that a message succeeded.
    pub(super) fn done(&self) -> Map<String, Value> {
        reply(self.id(), self.channel(), true)
    }

    /// Creates the reply that a message failed. The error is `code:arguments:words`, as Bayeux has it.
    pub(super) fn failed(&self, error: &str) -> Map<String, Value> {
        let mut reply = reply(self.id(), self.channel(), false);
        reply.insert("error".into(), error.into());
        reply
    }

    /// Creates the reply that the session is not known, or no longer (protocol section 1b).
    pub(super) fn unknown_client(&self) -> Value {
        let mut reply = self.failed("402::Unknown client");
        reply.insert("advice".into(), json!({"reconnect": "handshake"}));
        Value::Object(reply)
    }
}

/// Begins a reply.
pub(super) fn reply(
    id: Option<String>,
    channel: Option<&str>,
    successful: bool,
) -> Map<String, Value> {
    let mut reply = Map::new();
    reply.extend(id.map(|id| ("id".to_owned(), Value::String(id))));
    reply.extend(channel.map(|channel| ("channel".to_owned(), channel.into())));
    reply.insert("successful".into(), successful.into());
    reply
}

/// Creates a pushed message.
pub(super) fn pushed(channel: &str, data: Value) -> Value {
    json!({"channel": channel, "data": data})
}
