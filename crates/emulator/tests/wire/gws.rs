//! The dialect gws (protocol section 3): what a polling client sees.

use serde_json::{Value, json};

use crate::talk::{START_MS, body};
use parlour_emulator::gws::respond;
use parlour_emulator::model::{
    Chat, ChatId, Dialect, NewChat, NewFile, Options, ParticipantId, Role, World,
};
use parlour_emulator::wire::{Request, Response};

struct Customer {
    world: World,
    chat: ChatId,
    now_ms: i64,
}

fn ask(world: &mut World, method: &str, path: &str, body: &str, now_ms: i64) -> Response {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (path, None),
    };
    let request = Request {
        method: method.into(),
        path: path.into(),
        query,
        headers: vec![(
            "Content-Type".into(),
            "application/json;charset=UTF-8".into(),
        )],
        body: body.as_bytes().to_vec(),
    };
    respond(world, &request, now_ms)
}

impl Customer {
    fn start() -> Self {
        let mut world = World::new(7, Options::default());
        let form = json!({"operationName": "RequestChat", "nickname": "Chris", "subject": "Help"});
        let path = "/api/v2/chats";
        let reply = ask(&mut world, "POST", path, &form.to_string(), START_MS);
        let chat = ChatId::new(body(&reply)["id"].as_str().unwrap());
        Self {
            world,
            chat,
            now_ms: START_MS,
        }
    }

    fn raw(&mut self, body: &Value) -> Response {
        let path = format!("/api/v2/chats/{}", self.chat);
        ask(
            &mut self.world,
            "POST",
            &path,
            &body.to_string(),
            self.now_ms,
        )
    }

    fn operate(&mut self, body: &Value) {
        let reply = self.raw(body);
        assert_eq!(
            (reply.status, crate::talk::body(&reply)),
            (200, json!({"statusCode": 0})),
            "{body}"
        );
    }

    fn say(&mut self, text: &str) {
        self.operate(&json!({"operationName": "SendMessage", "text": text}));
    }

    fn get(&mut self, path: &str) -> Value {
        let path = format!("/api/v2/{}", path.replace("{id}", self.chat.as_str()));
        let reply = ask(&mut self.world, "GET", &path, "", self.now_ms);
        assert_eq!(reply.status, 200, "{path}");
        body(&reply)
    }

    fn read(&mut self, query: &str) -> Vec<Value> {
        let reply = self.get(&format!("chats/{{id}}/messages{query}"));
        assert_eq!(reply["statusCode"], 0);
        reply["messages"].as_array().unwrap().clone()
    }

    /// Lists the indexes that a query brings.
    fn indexes(&mut self, query: &str) -> Vec<u64> {
        let indexes = self.read(query).into_iter();
        indexes.map(|m| m["index"].as_u64().unwrap()).collect()
    }

    /// Lists type, text and sender's type of everything.
    fn all(&mut self) -> Vec<(String, Option<String>, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        self.read("?index=1")
            .iter()
            .map(|m| {
                let words = m.get("text").map(text);
                (text(&m["type"]), words, text(&m["from"]["type"]))
            })
            .collect()
    }

    fn record(&self) -> &Chat {
        self.world.chat(&self.chat).unwrap()
    }

    fn agent(&mut self) -> ParticipantId {
        let (chat, now) = (self.chat.clone(), self.now_ms);
        self.world.join(&chat, "Anna", Role::Agent, now).unwrap()
    }
}

#[test]
fn the_state_follows_the_chat_and_the_capabilities_follow_the_state() {
    let mut customer = Customer::start();
    let state = |customer: &mut Customer| {
        let reply = customer.get("chats/{id}");
        let chat = &reply["chat"];
        assert_eq!(
            (&reply["statusCode"], &chat["id"]),
            (&json!(0), &json!(customer.chat))
        );
        let can = chat["capabilities"].as_array().unwrap().len();
        (chat["state"].as_str().unwrap().to_owned(), can)
    };
    assert_eq!(state(&mut customer), ("WaitingForAgent".to_owned(), 4));
    let (chat, now) = (customer.chat.clone(), customer.now_ms);
    customer
        .world
        .join(&chat, "system", Role::External, now)
        .unwrap();
    assert_eq!(state(&mut customer), ("WaitingForAgent".to_owned(), 4));
    let agent = customer.agent();
    assert_eq!(state(&mut customer), ("Chatting".to_owned(), 4));
    customer.world.hold(&chat, agent, now).unwrap();
    assert_eq!(state(&mut customer), ("Chatting".to_owned(), 4));
    customer.operate(&json!({"operationName": "Complete"}));
    assert_eq!(state(&mut customer), ("Idle".to_owned(), 0));
}

#[test]
fn participants_and_events_name_people_the_same_way() {
    let mut customer = Customer::start();
    let (chat, now) = (customer.chat.clone(), customer.now_ms);
    for (name, role) in [
        ("system", Role::External),
        ("Anna", Role::Agent),
        ("Boss", Role::Supervisor),
        ("Bot", Role::Bot),
    ] {
        customer.world.join(&chat, name, role, now).unwrap();
    }
    let wanted = [
        ("Chris", "1", "Customer"),
        ("system", "2", "External"),
        ("Anna", "3", "Agent"),
        ("Boss", "4", "Agent"),
        ("Bot", "5", "Agent"),
    ];
    let wanted: Vec<Value> = wanted
        .iter()
        .map(|(name, id, kind)| json!({"nickname": name, "participantId": id, "type": kind}))
        .collect();
    assert_eq!(
        customer.get("me/chat/{id}")["chat"]["participants"],
        json!(wanted)
    );
    let from: Vec<Value> = customer
        .read("?index=1")
        .iter()
        .map(|m| m["from"].clone())
        .collect();
    assert_eq!(from, wanted);
}

#[test]
fn an_index_is_inclusive_and_starts_at_1() {
    let mut customer = Customer::start();
    for word in ["a", "b", "c"] {
        customer.say(word);
    }
    for (query, wanted) in [
        ("?index=0", &[1, 2, 3, 4][..]),
        ("?index=1", &[1, 2, 3, 4]),
        ("?index=3&x=1", &[3, 4]),
        ("?index=4", &[4]),
        ("?index=5", &[]),
        ("?index=99999999999999999999", &[]),
        ("?index=-1", &[]),
        ("?index=two", &[]),
        ("?index=", &[]),
    ] {
        assert_eq!(customer.indexes(query), wanted, "{query}");
    }
    let reply = customer.get("me/chat/{id}/messages?index=4");
    assert_eq!(reply["messages"][0]["text"], "c");
}

#[test]
fn without_an_index_all_callers_share_one_cursor() {
    let mut customer = Customer::start();
    assert_eq!(customer.indexes(""), [1]);
    assert!(customer.indexes("").is_empty());
    customer.say("a");
    customer.say("b");
    // An explicit index moves it, too …
    assert_eq!(customer.indexes("?index=3"), [3]);
    assert!(customer.indexes("").is_empty());
    // … but not one that brings nothing.
    customer.say("c");
    assert!(customer.indexes("?index=9").is_empty());
    assert_eq!(customer.indexes(""), [4]);
}

#[test]
fn a_restarted_server_tells_a_caller_without_an_index_everything_again() {
    let mut customer = Customer::start();
    customer.say("a");
    assert_eq!(customer.indexes(""), [1, 2]);
    let journal = customer.world.take_changes();
    customer.world = World::replay(7, Options::default(), journal);
    assert_eq!(customer.indexes(""), [1, 2]);
}

#[test]
fn events_that_are_not_shown_leave_no_gap_in_the_numbers() {
    let mut customer = Customer::start();
    let agent = customer.agent();
    let (chat, now) = (customer.chat.clone(), customer.now_ms);
    let world = &mut customer.world;
    world.typing(&chat, agent, true, now).unwrap();
    world.typing(&chat, agent, false, now).unwrap();
    world.rename(&chat, agent, "Anne", now).unwrap();
    world.hidden(&chat, now).unwrap();
    world.preview(&chat, "I am typ", now).unwrap();
    world
        .custom_notice(&chat, agent, Some("for programs"), None, now)
        .unwrap();
    let file = NewFile {
        name: "a.txt".into(),
        ..NewFile::default()
    };
    world
        .send_file(&chat, agent, file, |_| Ok(()), now)
        .unwrap();
    world.idle_alert(&chat, 30, now).unwrap();
    world
        .push_url(&chat, agent, "https://shop.example/a", now)
        .unwrap();
    world.notice(&chat, agent, "Anna is looking.", now).unwrap();
    world.hold(&chat, agent, now).unwrap();
    world.return_from_hold(&chat, agent, now).unwrap();
    world.transfer(&chat, agent, "Ben", now).unwrap();
    let all = customer.all();
    let seen: Vec<(&str, Option<&str>, &str)> = all
        .iter()
        .map(|(kind, text, from)| (kind.as_str(), text.as_deref(), from.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("ParticipantJoined", None, "Customer"),
            ("ParticipantJoined", None, "Agent"),
            ("TypingStarted", None, "Agent"),
            ("TypingStopped", None, "Agent"),
            ("TypingStarted", None, "Customer"),
            ("Text", Some("https://shop.example/a"), "Agent"),
            ("Text", Some("Anna is looking."), "Agent"),
            ("ParticipantLeft", None, "Agent"),
            ("ParticipantJoined", None, "Agent"),
            ("ParticipantLeft", None, "Agent"),
            ("ParticipantJoined", None, "Agent"),
        ]
    );
    let indexes: Vec<u64> = (1..=11).collect();
    assert_eq!(customer.indexes("?index=1"), indexes);
    assert_eq!(customer.indexes("?index=6"), indexes[5..]);
}

#[test]
fn ones_own_typing_and_words_are_in_the_transcript() {
    let mut customer = Customer::start();
    customer.operate(&json!({"operationName": "SendStartTypingNotification", "unknown": [1]}));
    assert!(customer.record().visitor().unwrap().typing);
    customer.operate(&json!({"operationName": "SendStopTypingNotification"}));
    customer.say("Hello? \u{1f600}");
    let all = customer.all();
    let kinds: Vec<&str> = all.iter().map(|(kind, ..)| kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "ParticipantJoined",
            "TypingStarted",
            "TypingStopped",
            "Text"
        ]
    );
    assert_eq!(all[3].1.as_deref(), Some("Hello? \u{1f600}"));
}

#[test]
fn after_complete_both_reads_go_on_and_nothing_else_does() {
    let mut customer = Customer::start();
    customer.say("bye");
    customer.operate(&json!({"operationName": "Complete"}));
    for operation in [
        json!({"operationName": "Complete"}),
        json!({"operationName": "SendMessage", "text": "still there?"}),
        json!({"operationName": "SendStartTypingNotification"}),
        json!({"operationName": "SendStopTypingNotification"}),
    ] {
        assert_eq!(customer.raw(&operation).status, 400, "{operation}");
    }
    assert_eq!(customer.get("chats/{id}")["chat"]["state"], "Idle");
    let all = customer.all();
    assert_eq!(
        all.last().unwrap(),
        &("ParticipantLeft".to_owned(), None, "Customer".to_owned())
    );
    assert_eq!(all.len(), 3);
}

#[test]
fn a_wrong_request_for_a_chat_is_400_or_405_and_starts_none() {
    let mut world = World::new(7, Options::default());
    let good = r#""operationName":"RequestChat","nickname":"N","subject":"S""#;
    let long = "x".repeat(15_000);
    for (body, status) in [
        ("", 400),
        ("{", 400),
        ("[]", 400),
        ("null", 400),
        ("\u{feff}{}", 400),
        ("{}", 400),
        (r#"{"operationName":1}"#, 400),
        (r#"{"operationName":"SendMessage","text":"x"}"#, 405),
        (r#"{"operationName":"requestchat"}"#, 405),
        (r#"{"operationName":"RequestChat","subject":"S"}"#, 400),
        (r#"{"operationName":"RequestChat","nickname":"N"}"#, 400),
        (
            r#"{"operationName":"RequestChat","nickname":" ","subject":"S"}"#,
            400,
        ),
        (
            r#"{"operationName":"RequestChat","nickname":5,"subject":"S"}"#,
            400,
        ),
        (
            r#"{"operationName":"RequestChat","nickname":"N","subject":null}"#,
            400,
        ),
        (&format!("{{{good},\"userData\":[]}}"), 400),
        (&format!("{{{good},\"userData\":{{\"a\":{{}}}}}}"), 400),
        (
            &format!("{{{good},\"userData\":{}}}", "[".repeat(5_000)),
            400,
        ),
        (
            &format!(r#"{{"operationName":"RequestChat","nickname":"{long}","subject":"S"}}"#),
            400,
        ),
    ] {
        let reply = ask(&mut world, "POST", "/api/v2/chats/", body, START_MS);
        assert_eq!(reply.status, status, "{body}");
        assert!(
            crate::talk::body(&reply)["statusMessage"].is_string(),
            "{body}"
        );
    }
    assert_eq!(world.chats().count(), 0);
    let body = format!(
        "{{{good},\"userData\":{{\"a\":\"b\",\"n\":1.5,\"t\":true,\"no\":null}},\"x\":{{}}}}"
    );
    assert_eq!(
        ask(&mut world, "POST", "/api/v2/chats/", &body, START_MS).status,
        200
    );
    let chat = world.chats().next().unwrap();
    let data: Vec<(&str, &str)> = chat
        .user_data()
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    assert_eq!(data, [("a", "b"), ("n", "1.5"), ("t", "true")]);
    assert_eq!(chat.started().subject.as_deref(), Some("S"));
}

#[test]
fn a_wrong_request_in_a_chat_changes_nothing() {
    let mut customer = Customer::start();
    let long = "x".repeat(15_000);
    for (operation, status) in [
        (
            json!({"operationName": "RequestChat", "nickname": "N", "subject": "S"}),
            405,
        ),
        (json!({"operationName": "Nonsense"}), 405),
        (json!({"operationName": "SendMessage"}), 400),
        (json!({"operationName": "SendMessage", "text": ""}), 400),
        (json!({"operationName": "SendMessage", "text": ["a"]}), 400),
        (json!({"operationName": "SendMessage", "text": long}), 400),
        (json!("SendMessage"), 400),
    ] {
        assert_eq!(customer.raw(&operation).status, status, "{operation}");
    }
    assert_eq!(customer.record().events().len(), 1);
    customer.say(&"x".repeat(14_700));
}

#[test]
fn methods_and_paths_that_are_not_served_are_reported() {
    let mut customer = Customer::start();
    let id = customer.chat.to_string();
    for (method, path, status, allow) in [
        (
            "GET",
            "/api/v2/chats".to_owned(),
            405,
            Some("POST, OPTIONS"),
        ),
        (
            "DELETE",
            format!("/api/v2/chats/{id}"),
            405,
            Some("GET, POST, OPTIONS"),
        ),
        (
            "POST",
            format!("/api/v2/chats/{id}/messages"),
            405,
            Some("GET, OPTIONS"),
        ),
        (
            "POST",
            format!("/api/v2/me/chat/{id}"),
            405,
            Some("GET, OPTIONS"),
        ),
        ("GET", format!("/api/v2/chats/{id}/nothing"), 404, None),
        ("GET", "/api/v2/chats/nobody".to_owned(), 400, None),
        ("GET", "/api/v2/chats/nobody/messages".to_owned(), 400, None),
        ("OPTIONS", "/api/v2/anything".to_owned(), 204, None),
    ] {
        let reply = ask(&mut customer.world, method, &path, "{}", START_MS);
        let told = reply.headers.iter().find(|(name, _)| name == "Allow");
        assert_eq!(
            (reply.status, told.map(|(_, value)| value.as_str())),
            (status, allow),
            "{method} {path}"
        );
    }
}

#[test]
fn any_request_is_a_sign_of_life() {
    let mut customer = Customer::start();
    for _ in 0..4 {
        customer.now_ms += 30_000;
        customer.world.tick(customer.now_ms);
        customer.get("chats/{id}");
        customer.now_ms += 30_000;
        customer.world.tick(customer.now_ms);
        customer.read("");
    }
    assert!(customer.record().end().is_none());
    customer.now_ms += 45_000;
    customer.world.tick(customer.now_ms);
    assert_eq!(customer.get("chats/{id}")["chat"]["state"], "Idle");
}

#[test]
fn a_chat_of_another_dialect_is_not_served_by_its_id() {
    let mut customer = Customer::start();
    customer.chat = customer.world.start_chat(NewChat::default(), START_MS);
    assert_eq!(customer.record().started().dialect, Dialect::GmsV2);
    for path in ["", "/messages"] {
        let path = format!("/api/v2/chats/{}{path}", customer.chat);
        assert_eq!(
            ask(&mut customer.world, "GET", &path, "", START_MS).status,
            400
        );
    }
    let complete = json!({"operationName": "Complete"});
    assert_eq!(customer.raw(&complete).status, 400);
    assert!(customer.record().end().is_none());
}
