//! Long polling over real HTTP.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;

use serde_json::{Value, json};

use crate::emulator::{Emulator, Folder, nothing, wait_for};
use crate::http::{Reply, connect, multipart, read_reply, request, write_head};

const CHANNEL: &str = "/service/chatV2/support";

/// A push session, with a chat once it has started one.
#[derive(Debug, Clone)]
struct Push {
    address: SocketAddr,
    id: String,
    chat: String,
    key: String,
}

impl Push {
    /// Shakes hands and connects once.
    fn new(emulator: &Emulator) -> Self {
        let mut push = Self {
            address: emulator.address,
            id: String::new(),
            chat: String::new(),
            key: String::new(),
        };
        push.shake();
        push
    }

    /// Begins a new session for the same chat.
    fn shake(&mut self) {
        let reply = &self.send(&json!([{"channel": "/meta/handshake", "id": "1"}]))[0];
        self.id = reply["clientId"].as_str().unwrap().to_owned();
        let reply = &self.poll()[0];
        assert_eq!(reply["advice"]["timeout"], 60_000, "{reply}");
    }

    /// Shakes hands, connects and starts a chat.
    fn visitor(emulator: &Emulator, nickname: &str) -> Self {
        let mut push = Self::new(emulator);
        let data = json!({"operation": "requestChat", "nickname": nickname});
        let result = push.publish(data);
        push.chat = result["chatId"].as_str().unwrap().to_owned();
        push.key = result["secureKey"].as_str().unwrap().to_owned();
        push
    }

    fn at(&self, emulator: &Emulator) -> Self {
        Self {
            address: emulator.address,
            ..self.clone()
        }
    }

    fn raw(&self, messages: &Value) -> io::Result<Reply> {
        let kind = ("Content-Type", "application/json;charset=UTF-8");
        let body = messages.to_string();
        request(
            self.address,
            "POST",
            "/genesys/cometd/",
            &[kind],
            body.as_bytes(),
        )
    }

    fn send(&self, messages: &Value) -> Vec<Value> {
        let reply = self.raw(messages).unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json().as_array().unwrap().clone()
    }

    fn connect(&self) -> Value {
        json!([{"channel": "/meta/connect", "connectionType": "long-polling", "id": "2", "clientId": self.id}])
    }

    fn poll(&self) -> Vec<Value> {
        self.send(&self.connect())
    }

    /// Sends a connect and leaves its reply on the line.
    fn hold(&self) -> TcpStream {
        let mut stream = connect(self.address).unwrap();
        let body = self.connect().to_string();
        write_head(
            &mut stream,
            "POST",
            "/genesys/cometd/connect",
            &[],
            body.len(),
        )
        .unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        stream
    }

    fn order(&self, operation: &str, mut more: Value) -> Value {
        more["operation"] = operation.into();
        more["secureKey"] = self.key.as_str().into();
        json!([{"channel": CHANNEL, "id": "3", "clientId": self.id, "data": more}])
    }

    /// Publishes while no connect is held; the result's data.
    fn publish(&self, data: Value) -> Value {
        let replies =
            self.send(&json!([{"channel": CHANNEL, "id": "3", "clientId": self.id, "data": data}]));
        assert_eq!(replies.len(), 2, "{replies:?}");
        assert_eq!(replies[1]["successful"], true);
        replies[0]["data"].clone()
    }

    fn say(&self, text: &str) -> Vec<Value> {
        self.send(&self.order("sendMessage", json!({"message": text})))
    }

    /// Resumes from the start; all texts.
    fn texts(&self) -> Vec<String> {
        let replies =
            self.send(&self.order("requestNotifications", json!({"transcriptPosition": 1})));
        texts(&replies)
    }

    fn act(&self, emulator: &Emulator, operation: &str, body: &Value) {
        emulator.desk("POST", &format!("/chats/{}/{operation}", self.chat), body);
    }
}

fn held(mut stream: TcpStream) -> Vec<Value> {
    let reply = read_reply(&mut stream).unwrap();
    assert_eq!(reply.status, 200);
    reply.json().as_array().unwrap().clone()
}

fn texts(pushed: &[Value]) -> Vec<String> {
    pushed
        .iter()
        .filter_map(|message| message["data"]["messages"].as_array())
        .flatten()
        .filter_map(|event| event["text"].as_str())
        .map(str::to_owned)
        .collect()
}

fn unknown(replies: &[Value]) -> bool {
    replies[0]["error"] == "402::Unknown client" && replies[0]["advice"]["reconnect"] == "handshake"
}

/// Waits until nothing more happens on the server before the poll is there: its session is held.
fn settle(emulator: &Emulator, count: u64) {
    wait_for("the polls to be held", || {
        (emulator.get("/health").json()["polls"] == count).then_some(())
    });
}

#[test]
fn a_chat_is_pushed_from_beginning_to_end() {
    let emulator = Emulator::start();
    let visitor = Push::visitor(&emulator, "Maria");
    let poll = visitor.hold();
    settle(&emulator, 1);
    visitor.act(&emulator, "join", &json!({"nickname": "Mia"}));
    let replies = held(poll);
    assert_eq!(replies[0]["channel"], CHANNEL);
    assert_eq!(replies[0]["data"]["messages"][0]["from"]["nickname"], "Mia");

    let poll = visitor.hold();
    settle(&emulator, 1);
    assert_eq!(visitor.say("hello").len(), 1, "only the acknowledgement");
    assert_eq!(texts(&held(poll)), ["hello"]);

    let poll = visitor.hold();
    settle(&emulator, 1);
    visitor.act(&emulator, "end", &json!({}));
    assert_eq!(held(poll)[0]["data"]["chatEnded"], true);
    let bye = json!([{"channel": "/meta/disconnect", "clientId": visitor.id}]);
    assert_eq!(visitor.send(&bye)[0]["successful"], true);
    assert!(unknown(&visitor.poll()));
}

#[test]
fn agents_that_act_by_themselves_are_heard_too() {
    let emulator = Emulator::with(&["--data", ":memory:", "--pace", "100"]);
    let visitor = Push::visitor(&emulator, "Maria");
    let mut seen = Vec::new();
    wait_for("the agent", || {
        seen.extend(visitor.poll());
        let who: Vec<&Value> = seen
            .iter()
            .filter_map(|message| message["data"]["messages"].as_array())
            .flatten()
            .filter(|event| event["type"] == "ParticipantJoined")
            .map(|event| &event["from"]["type"])
            .collect();
        who.contains(&&json!("Agent")).then_some(())
    });
}

#[test]
fn two_hundred_polls_are_held_at_once_and_each_hears_its_own() {
    let emulator = Emulator::start();
    let visitors: Vec<Push> = thread::scope(|scope| {
        let parts: Vec<_> = (0..4)
            .map(|part| {
                let emulator = &emulator;
                scope.spawn(move || {
                    let start = |nth| Push::visitor(emulator, &format!("V{part}-{nth}"));
                    (0..50).map(start).collect::<Vec<_>>()
                })
            })
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap())
            .collect()
    });
    let polls: Vec<_> = visitors
        .iter()
        .map(|visitor| (visitor, visitor.hold()))
        .collect();
    settle(&emulator, 200);
    for visitor in &visitors {
        visitor.act(&emulator, "join", &json!({"nickname": "Mia"}));
    }
    for (visitor, poll) in polls {
        let replies = held(poll);
        assert_eq!(replies.len(), 2);
        assert_eq!(replies[0]["data"]["chatId"], visitor.chat.as_str());
    }
}

#[test]
fn a_poll_without_news_ends_in_time() {
    let emulator = Emulator::with(&["--data", ":memory:", "--no-agent", "--longest-poll", "1"]);
    let push = Push {
        address: emulator.address,
        id: String::new(),
        chat: String::new(),
        key: String::new(),
    };
    let reply = &push.send(&json!({"channel": "/meta/handshake"}))[0];
    let push = Push {
        id: reply["clientId"].as_str().unwrap().to_owned(),
        ..push
    };
    assert_eq!(push.poll()[0]["advice"]["timeout"], 1_000);
    assert_eq!(
        held(push.hold()),
        [json!({"channel": "/meta/connect", "id": "2", "successful": true})]
    );
}

#[test]
fn a_line_that_breaks_loses_nothing_and_its_session_is_forgotten_in_time() {
    let emulator = Emulator::with(&["--data", ":memory:", "--no-agent", "--forget-after", "1"]);
    let visitor = Push::visitor(&emulator, "Maria");
    let poll = visitor.hold();
    settle(&emulator, 1);
    drop(poll);
    settle(&emulator, 0);
    visitor.act(&emulator, "join", &json!({"nickname": "Mia"}));
    let replies = visitor.poll();
    assert_eq!(
        replies[0]["data"]["messages"][0]["type"],
        "ParticipantJoined"
    );

    wait_for("the session to be forgotten", || {
        let health = emulator.get("/health").json();
        (health["push_sessions"] == 0).then_some(())
    });
    assert!(unknown(&visitor.poll()));
    let mut again = visitor.clone();
    again.shake();
    again.say("still here");
    assert_eq!(again.texts(), ["still here"]);
}

#[test]
fn a_poll_in_mid_air_is_answered_when_the_server_stops_and_the_chat_goes_on() {
    let folder = Folder::new();
    let emulator = Emulator::on(&folder);
    let mut visitor = Push::visitor(&emulator, "Maria");
    visitor.say("before");
    let poll = visitor.hold();
    settle(&emulator, 1);
    emulator.terminate();
    assert_eq!(held(poll)[0]["successful"], true);
    let (status, log) = emulator.stop();
    assert!(status.success(), "{log}");
    assert!(
        !log.contains(&visitor.key) && !log.contains("before"),
        "{log}"
    );

    let emulator = Emulator::on(&folder);
    visitor = visitor.at(&emulator);
    assert!(unknown(&visitor.poll()));
    assert!(unknown(&visitor.say("lost")));
    visitor.shake();
    assert_eq!(visitor.texts(), ["before"]);
    let poll = visitor.hold();
    settle(&emulator, 1);
    visitor.act(&emulator, "join", &json!({"nickname": "Mia"}));
    assert_eq!(held(poll).len(), 2);
}

#[test]
fn acknowledged_and_pushed_changes_survive_a_kill() {
    let folder = Folder::new();
    let mut emulator = Emulator::on(&folder);
    let mut visitor = Push::visitor(&emulator, "Maria");
    let mut said = Vec::new();
    for round in 0..3 {
        let poll = visitor.hold();
        settle(&emulator, 1);
        let text = format!("message {round}");
        if round == 0 {
            visitor.say(&text);
        } else {
            visitor.act(&emulator, "say", &json!({"text": text}));
            assert_eq!(texts(&held(poll)), [text.as_str()]);
        }
        said.push(text);
        emulator.kill();
        emulator = Emulator::on(&folder);
        visitor = visitor.at(&emulator);
        visitor.shake();
        assert_eq!(visitor.texts(), said);
        if round == 0 {
            visitor.act(&emulator, "join", &json!({"nickname": "Mia"}));
            visitor.poll();
        }
    }
}

#[test]
fn faults_break_polls_and_publishes() {
    let emulator = Emulator::start();
    let visitor = Push::visitor(&emulator, "Maria");
    let once = |operation: &str, kind: &str| {
        emulator.fault(&json!({"operation": operation, "kind": kind, "count": 1}));
    };
    once("cometdConnect", "status_code_2");
    assert!(unknown(&visitor.poll()));
    once("cometdConnect", "status_code_1");
    let reply = &visitor.poll()[0];
    assert_eq!(reply["successful"], false);
    assert_eq!(reply["advice"]["reconnect"], "retry");
    once("cometdHandshake", "status_code_1");
    assert_eq!(
        visitor.send(&json!([{"channel": "/meta/handshake"}]))[0]["successful"],
        false
    );

    for (kind, code) in [("status_code_1", 1), ("status_code_2", 2)] {
        once("send", kind);
        let replies = visitor.say("never taken");
        let data = &replies[0]["data"];
        assert_eq!(
            (&data["statusCode"], &data["chatEnded"]),
            (&json!(code), &json!(false))
        );
        assert_eq!(
            data["chatId"],
            if code == 1 {
                json!(null)
            } else {
                json!(visitor.chat)
            }
        );
        assert_eq!(replies[1]["successful"], true);
    }
    once("send", "alias_change");
    let old = visitor.texts();
    let replies = visitor.say("moved");
    assert!(old.is_empty());
    assert_ne!(replies[0]["data"]["secureKey"], visitor.key.as_str());

    // The line is cut when the reply was to leave: what it carried is read again from the last position.
    emulator.fault(&json!({"operation": "cometdConnect", "kind": "cut_after", "count": 1, "chat": visitor.chat}));
    let mut poll = visitor.hold();
    settle(&emulator, 1);
    visitor.say("cut");
    assert!(read_reply(&mut poll).is_err());
    assert_eq!(visitor.texts(), ["moved", "cut"]);
    once("cometdConnect", "truncated");
    let reply = visitor.raw(
        &json!([{"channel": "/meta/connect", "clientId": visitor.id, "advice": {"timeout": 0}}]),
    );
    assert!(serde_json::from_slice::<Value>(&reply.unwrap().body).is_err());
}

/// A user of a service of version 1 whose chat is pushed.
struct Caller {
    address: SocketAddr,
    session: String,
    service: String,
    chat: String,
}

impl Caller {
    fn new(emulator: &Emulator) -> Self {
        let mut caller = Self {
            address: emulator.address,
            session: String::new(),
            service: String::new(),
            chat: String::new(),
        };
        caller.shake();
        let reply = caller.call("request-chat", "");
        reply["_id"]
            .as_str()
            .unwrap()
            .clone_into(&mut caller.service);
        let path = format!("{}/ixn/chat", caller.service);
        let reply = caller.call(&path, "subject=Parcel&notify_by=comet");
        reply["chatSessionId"]
            .as_str()
            .unwrap()
            .clone_into(&mut caller.chat);
        caller
    }

    fn post(&self, path: &str, kind: &str, body: &str) -> Value {
        let headers = [("gms_user", "Buzz"), ("Content-Type", kind)];
        let reply = request(self.address, "POST", path, &headers, body.as_bytes()).unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }

    fn call(&self, path: &str, form: &str) -> Value {
        let path = format!("/genesys/1/service/{path}");
        self.post(&path, "application/x-www-form-urlencoded", form)
    }

    fn push(&self, message: &Value) -> Vec<Value> {
        let body = message.to_string();
        let replies = self.post("/genesys/cometd", "application/json", &body);
        replies.as_array().unwrap().clone()
    }

    fn connect(&self) -> Value {
        json!({"channel": "/meta/connect", "clientId": self.session, "connectionType": "long-polling"})
    }

    fn shake(&mut self) -> Vec<Value> {
        let reply = &self.push(&json!({"channel": "/meta/handshake"}))[0];
        reply["clientId"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.session);
        self.push(&self.connect())
    }
}

fn words(pushed: &[Value]) -> Vec<String> {
    pushed
        .iter()
        .filter_map(|message| message["data"]["message"]["transcriptToShow"].as_array())
        .flatten()
        .filter(|event| event[0] == "Message.Text")
        .map(|event| event[2].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn services_of_version_1_are_pushed_and_go_on_after_a_kill() {
    let folder = Folder::new();
    let emulator = Emulator::on(&folder);
    let mut caller = Caller::new(&emulator);
    let act = |emulator: &Emulator, what: &str, body: Value| {
        emulator.desk("POST", &format!("/chats/{}/{what}", caller.chat), &body);
    };
    act(&emulator, "join", json!({"nickname": "Mia"}));
    caller.push(&caller.connect());
    thread::scope(|scope| {
        let held = scope.spawn(|| caller.push(&caller.connect()));
        settle(&emulator, 1);
        caller.call(
            &format!("{}/ixn/chat/send", caller.service),
            "message=hello",
        );
        assert_eq!(words(&held.join().unwrap()), ["hello"]);
    });
    act(&emulator, "say", json!({"text": "hi"}));
    emulator.kill();

    let emulator = Emulator::on(&folder);
    caller.address = emulator.address;
    assert!(unknown(&caller.push(&caller.connect())));
    assert_eq!(words(&caller.shake()), ["hello", "hi"]);
    let path = format!("/chats/{}/end", caller.chat);
    emulator.desk("POST", &path, &json!({}));
    let replies = caller.push(&caller.connect());
    assert_eq!(
        replies[0]["data"]["message"]["chatIxnState"],
        "DISCONNECTED"
    );
    let replies = caller.push(&caller.connect());
    assert_eq!(replies[0]["advice"], json!({"reconnect": "none"}));
}

#[test]
fn pages_of_other_origins_may_ask_with_credentials() {
    let emulator = Emulator::start();
    let origin = ("Origin", "https://shop.example");
    let asks = [
        origin,
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type,gms_user"),
    ];
    for path in [
        "/genesys/cometd",
        "/genesys/cometd/connect",
        "/genesys/2/chat-ntf",
    ] {
        let reply = emulator.request("OPTIONS", path, &asks, b"").unwrap();
        assert!(
            reply
                .header("access-control-allow-headers")
                .unwrap()
                .contains("gms_user")
        );
        assert_eq!(
            reply.header("access-control-allow-credentials"),
            Some("true")
        );
    }
    let body = json!([{"channel": "/meta/handshake"}]).to_string();
    let reply = emulator
        .request("POST", "/genesys/cometd", &[origin], body.as_bytes())
        .unwrap();
    let allowed: Vec<_> = reply
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("access-control-allow-origin"))
        .collect();
    assert_eq!(allowed.len(), 1);
    assert_eq!(allowed[0].1, "https://shop.example");
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert!(
        reply
            .header("set-cookie")
            .unwrap()
            .starts_with("BAYEUX_BROWSER=")
    );
}

#[test]
fn files_go_over_a_path_of_their_own() {
    let emulator = Emulator::start();
    let visitor = Push::visitor(&emulator, "Maria");
    let contents = vec![7_u8; 100_000];
    let ask = |fields: &[(&str, &str)]| {
        let (kind, body) = multipart(fields, &contents);
        let kind = ("Content-Type", kind.as_str());
        emulator
            .request("POST", "/genesys/2/chat-ntf", &[kind], &body)
            .unwrap()
    };
    let poll = visitor.hold();
    settle(&emulator, 1);
    let key = ("secureKey", visitor.key.as_str());
    let reply = ask(&[("file", "@a.txt"), ("operation", "fileUpload"), key]).json();
    let file = reply["userData"]["file-id"].as_str().unwrap().to_owned();
    assert_eq!(held(poll)[0]["data"]["messages"][0]["type"], "FileUploaded");
    let id = ("fileId", file.as_str());
    let reply = ask(&[key, ("operation", "fileDownload"), id]);
    assert_eq!((reply.status, reply.body.len()), (200, contents.len()));
    assert_eq!(
        ask(&[key, ("operation", "fileGetLimits")]).json()["statusCode"],
        0
    );
    assert_eq!(
        ask(&[key, ("operation", "fileDelete"), id]).json()["statusCode"],
        0
    );
    assert_eq!(ask(&[key, ("operation", "fileDownload"), id]).status, 500);
    assert_eq!(
        ask(&[key, ("operation", "explode")]).json()["statusCode"],
        2
    );
    let reply = ask(&[
        ("file", "@a.txt"),
        ("operation", "fileUpload"),
        ("secureKey", "no"),
    ]);
    assert_eq!(reply.json()["errors"][0]["code"], 249);
    let broken = emulator
        .request(
            "POST",
            "/genesys/2/chat-ntf",
            &[("Content-Type", "multipart/form-data")],
            b"x",
        )
        .unwrap();
    assert_eq!(broken.status, 400);
    assert_eq!(emulator.get("/genesys/2/chat-ntf").status, 405);
}

#[test]
fn any_request_is_answered() {
    let emulator = Emulator::start();
    let ask = |method: &str, body: &[u8]| {
        emulator
            .request(method, "/genesys/cometd/connect", &[], body)
            .unwrap()
            .status
    };
    assert_eq!(ask("GET", b""), 405);
    assert_eq!(ask("POST", b""), 400);
    assert_eq!(ask("POST", b"[{]"), 400);
    assert_eq!(ask("POST", &b"[".repeat(1_000_000)), 400);
    assert_eq!(ask("POST", b"{\"channel\":\"\xff\"}"), 400);
    let large = vec![b' '; 4 * 1024 * 1024 + 1];
    assert_eq!(ask("POST", &large), 413);
    assert_eq!(
        emulator.desk("GET", "/chats", &nothing())["chats"],
        json!([])
    );
}
