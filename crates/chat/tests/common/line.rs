//! A push server's side of a line: Bayeux as `docs/servers.md` has it, read and written by rules of their own.

use super::*;

/// Where everything on a line is posted to.
pub const LINE: &str = "https://chat.example/genesys/cometd/";
/// The channel of the chats.
pub const CHANNEL: &str = "/service/chatV2/support";

/// The messages of a post.
pub fn messages(request: &Request) -> Vec<Value> {
    match &request.body {
        Body::Json(json) => serde_json::from_str(json).expect("a list of messages"),
        other => panic!("messages are JSON: {other:?}"),
    }
}

/// The channels of a post's messages.
pub fn channels(request: &Request) -> Vec<String> {
    let channel = |message: &Value| message["channel"].as_str().map(ToOwned::to_owned);
    let messages = messages(request);
    messages
        .iter()
        .map(|message| channel(message).expect("a channel"))
        .collect()
}

/// What is posted until there is a line to be polled.
pub fn line_of(dialect: DialectKind) -> &'static [&'static str] {
    match dialect {
        DialectKind::GmsV2Cometd => &["/meta/handshake", "/meta/connect"],
        DialectKind::GmsV1Cometd => &["/meta/handshake", "/meta/subscribe", "/meta/connect"],
        _ => &[],
    }
}

/// Tells whether a request publishes something.
pub fn is_message(request: &Request) -> bool {
    let operation = || operation_of(request);
    request.url == LINE && !matches!(operation().as_str(), "poll" | "goodbye")
}

pub(super) fn operation_of(request: &Request) -> String {
    assert_eq!(request.url, LINE);
    let operation = match &*channels(request)[0] {
        "/meta/handshake" | "/meta/subscribe" | "/meta/connect" => return "poll".into(),
        "/meta/disconnect" => return "goodbye".into(),
        CHANNEL => field(request, "operation").expect("an operation"),
        other => panic!("nothing is said on {other}"),
    };
    match &*operation {
        "requestChat" => "start".into(),
        "sendMessage" => "send".into(),
        "requestNotifications" | "refresh" => "refresh".into(),
        _ => operation,
    }
}

pub(super) fn file_operation_of(request: &Request) -> String {
    let id = || field(request, "fileId").expect("a file");
    match &*field(request, "operation").expect("an operation") {
        "fileGetLimits" => "file/limits".into(),
        "fileUpload" => "file".into(),
        "fileDownload" => format!("file/{}/download", id()),
        "fileDelete" => format!("file/{}/delete", id()),
        other => panic!("{other} is nothing to do with a file"),
    }
}

/// The reply of a server that does all it is asked to; what it pushes comes first.
pub fn reply(request: &Request, pushed: &[Value]) -> Value {
    let pushed = pushed
        .iter()
        .map(|data| json!({"channel": CHANNEL, "data": data}));
    let answered = messages(request).into_iter().map(|message| {
        let mut answer =
            json!({"id": message["id"], "channel": message["channel"], "successful": true});
        match message["channel"].as_str() {
            Some("/meta/handshake") => {
                answer["clientId"] = json!(format!("client-{}", id(&message)));
                answer["version"] = json!("1.0");
                answer["supportedConnectionTypes"] = json!(["long-polling"]);
            }
            Some("/meta/connect") if message["advice"]["timeout"] == 0 => {
                answer["advice"] = json!({"interval": 0, "reconnect": "retry", "timeout": 60000});
            }
            _ => {}
        }
        answer
    });
    pushed.chain(answered).collect()
}

/// The reply of a server that has forgotten whom it talks to.
pub fn unknown(request: &Request) -> Value {
    let answer = |message: Value| {
        json!({
            "id": message["id"], "channel": message["channel"], "successful": false,
            "error": "402::Unknown client", "advice": {"reconnect": "handshake"},
        })
    };
    messages(request).into_iter().map(answer).collect()
}

fn id(message: &Value) -> &str {
    message["id"].as_str().expect("ids are strings")
}

impl Rig {
    /// Does what is asked on the line, and pushes this with the reply.
    pub fn hear(&mut self, operation: &str, pushed: &[Value]) {
        let reply = reply(self.request(operation), pushed);
        self.answer(operation, reply);
    }

    /// Waits for what makes a line, and answers it.
    pub fn open_the_line(&mut self) {
        for channel in line_of(self.settings.dialect) {
            self.wait_for("poll");
            assert_eq!(channels(self.request("poll")), [*channel]);
            self.hear("poll", &[]);
        }
    }

    /// Answers as a server that has forgotten the client.
    pub fn forget(&mut self, operation: &str) {
        let reply = unknown(self.request(operation));
        self.answer(operation, reply);
    }
}
