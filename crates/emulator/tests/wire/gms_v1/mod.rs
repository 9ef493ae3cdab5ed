//! The dialect gms-v1, polled (protocol section 2): what a visitor's program sees.

mod requests;
mod services;

use serde_json::{Value, json};

use crate::talk::{START_MS, body, post};
use parlour_emulator::gms_v1::{Position, news_after, respond, tag};
use parlour_emulator::gms_v2;
use parlour_emulator::model::{
    Chat, ChatId, Dialect, NewFile, Options, ParticipantId, Role, Service, ServiceId, World,
};
use parlour_emulator::wire::{Request, Response};

const SERVICE: &str = "/genesys/1/service";

struct Session {
    world: World,
    service: ServiceId,
    now_ms: i64,
}

impl Session {
    /// Has a service without a chat.
    fn of(name: &str) -> Self {
        let mut world = World::new(7, Options::default());
        let reply = respond(
            &mut world,
            &post(&format!("{SERVICE}/{name}"), &[]),
            START_MS,
        );
        assert_eq!(reply.status, 200);
        Self {
            world,
            service: ServiceId::new(body(&reply)["_id"].as_str().unwrap()),
            now_ms: START_MS,
        }
    }

    /// Has a chat of Vasya Pupkin's.
    fn start() -> Self {
        let mut session = Self::of("request-chat");
        let fields = [
            ("firstName", "Vasya"),
            ("lastName", "Pupkin"),
            ("subject", "test"),
        ];
        session.call("", &fields);
        session
    }

    fn raw(&mut self, operation: &str, fields: &[(&str, &str)]) -> Response {
        let slash = if operation.is_empty() { "" } else { "/" };
        let path = format!("{SERVICE}/{}/ixn/chat{slash}{operation}", self.service);
        self.send(&post(&path, fields))
    }

    fn send(&mut self, request: &Request) -> Response {
        respond(&mut self.world, request, self.now_ms)
    }

    /// Calls an operation that must go well.
    fn call(&mut self, operation: &str, fields: &[(&str, &str)]) -> Value {
        let reply = self.raw(operation, fields);
        assert_eq!(reply.status, 200, "{operation}");
        body(&reply)
    }

    fn status(&mut self) -> Value {
        let path = format!("{SERVICE}/{}/status", self.service);
        let reply = self.send(&post(&path, &[]));
        assert_eq!(reply.status, 200);
        body(&reply)
    }

    fn service(&self) -> &Service {
        self.world.service(&self.service).unwrap()
    }

    fn chat(&self) -> ChatId {
        self.service().chat().unwrap().clone()
    }

    fn record(&self) -> &Chat {
        self.world.chat(&self.chat()).unwrap()
    }

    fn agent(&mut self) -> ParticipantId {
        let (chat, now) = (self.chat(), self.now_ms);
        self.world.join(&chat, "ksippo", Role::Agent, now).unwrap()
    }
}

/// Lists the texts that a reply shows.
fn texts(reply: &Value) -> Vec<&str> {
    let events = reply["transcriptToShow"].as_array();
    let events = events.unwrap_or_else(|| panic!("no transcript in {reply}"));
    events
        .iter()
        .map(|event| event[2].as_str().unwrap())
        .collect()
}

#[test]
fn a_position_is_exclusive_and_the_own_join_is_1() {
    let mut session = Session::start();
    for word in ["a", "b", "c"] {
        session.call("send", &[("message", word)]);
    }
    for (position, wanted) in [
        ("0", &["a", "b", "c"][..]),
        ("1", &["a", "b", "c"]),
        ("2", &["b", "c"]),
        ("3", &["c"]),
        ("4", &[]),
        ("99999999999", &[]),
    ] {
        let reply = session.call("refresh", &[("transcriptPosition", position)]);
        assert_eq!(texts(&reply), wanted, "{position}");
        assert_eq!(reply["transcriptPosition"], "4", "{position}");
        assert_eq!(reply["chatIxnState"], "TRANSCRIPT");
    }
}

#[test]
fn without_a_position_a_reply_has_what_came_since_the_last_one() {
    let mut session = Session::start();
    let agent = session.agent();
    let (chat, now) = (session.chat(), session.now_ms);
    assert_eq!(
        texts(&session.call("refresh", &[])),
        ["has joined the session"]
    );
    assert!(texts(&session.call("refresh", &[])).is_empty());
    session
        .world
        .say(&chat, agent, "hello customer", now)
        .unwrap();
    let reply = session.call("refresh", &[("message", "hello agent")]);
    assert_eq!(texts(&reply), ["hello customer", "hello agent"]);
    session
        .world
        .say(&chat, agent, "still there?", now)
        .unwrap();
    // Typing answers like a refresh, with one's own typing in it.
    let reply = session.call("startTyping", &[]);
    assert_eq!(texts(&reply), ["still there?", "is typing"]);
    assert_eq!(texts(&session.call("stopTyping", &[])), ["stopped typing"]);
    assert_eq!(
        texts(&session.call("customNotice", &[("message", "n")])),
        ["n"]
    );
    // One that gives its position has had the events, too.
    session.world.say(&chat, agent, "well", now).unwrap();
    session.call("refresh", &[("transcriptPosition", "1")]);
    assert!(texts(&session.call("refresh", &[])).is_empty());
}

#[test]
fn events_are_five_strings_and_of_the_known_types_without_gaps() {
    let mut session = Session::start();
    session.now_ms += 35_999;
    let agent = session.agent();
    let (chat, now) = (session.chat(), session.now_ms);
    let world = &mut session.world;
    let system = world.join(&chat, "system", Role::External, now).unwrap();
    world.typing(&chat, agent, true, now).unwrap();
    world.rename(&chat, agent, "Kristi", now).unwrap();
    world.hidden(&chat, now).unwrap();
    let file = NewFile::default();
    world
        .send_file(&chat, agent, file, |_| Ok(()), now)
        .unwrap();
    world.idle_alert(&chat, 30, now).unwrap();
    world
        .push_url(&chat, agent, "https://shop.example/", now)
        .unwrap();
    world.notice(&chat, system, "Please wait.", now).unwrap();
    world.custom_notice(&chat, agent, None, None, now).unwrap();
    world.typing(&chat, agent, false, now).unwrap();
    world.hold(&chat, agent, now).unwrap();
    let reply = session.call("refresh", &[("transcriptPosition", "1")]);
    assert_eq!(
        reply["transcriptToShow"],
        json!([
            [
                "Notice.Joined",
                "ksippo",
                "has joined the session",
                "35",
                "AGENT"
            ],
            [
                "Notice.Joined",
                "system",
                "has joined the session",
                "35",
                "EXTERNAL"
            ],
            ["Notice.TypingStarted", "ksippo", "is typing", "35", "AGENT"],
            [
                "Notice.PushUrl",
                "Kristi",
                "https://shop.example/",
                "35",
                "AGENT"
            ],
            ["Message.Text", "system", "Please wait.", "35", "EXTERNAL"],
            ["Notice.Custom", "Kristi", "", "35", "AGENT"],
            [
                "Notice.TypingStopped",
                "Kristi",
                "stopped typing",
                "35",
                "AGENT"
            ],
            [
                "Notice.Left",
                "Kristi",
                "has left the session",
                "35",
                "AGENT"
            ],
        ])
    );
    assert_eq!(reply["transcriptPosition"], "9");
    assert_eq!(reply["startedAt"], "2015-05-28T20:31:28Z");
    let reply = session.call("refresh", &[("transcriptPosition", "8")]);
    assert_eq!(texts(&reply), ["has left the session"]);
}

#[test]
fn disconnected_is_the_only_end_and_every_request_after_it_hears_so() {
    let mut session = Session::start();
    let agent = session.agent();
    let (chat, now) = (session.chat(), session.now_ms);
    session.world.leave(&chat, agent, now).unwrap();
    let reply = session.call("refresh", &[("transcriptPosition", "2")]);
    assert_eq!(
        (&reply["chatIxnState"], texts(&reply).len()),
        (&json!("TRANSCRIPT"), 1)
    );
    session.world.end(&chat, now).unwrap();
    for operation in ["refresh", "send", "startTyping", "customNotice"] {
        let reply = session.call(operation, &[("transcriptPosition", "3"), ("message", "m")]);
        assert_eq!(reply["chatIxnState"], "DISCONNECTED", "{operation}");
        assert_eq!(reply["chatServiceMessage"], "Chat was finished");
        assert_eq!(texts(&reply), ["has left the session"], "{operation}");
    }
    let events = session.record().events().len();
    assert_eq!(
        session.call("disconnect", &[])["chatIxnState"],
        "DISCONNECTED"
    );
    assert_eq!(session.record().events().len(), events);
}

#[test]
fn the_visitors_own_disconnect_shows_no_events_and_keeps_the_position() {
    let mut session = Session::start();
    session.call("send", &[("message", "bye")]);
    let chat = session.chat();
    let reply = session.call("disconnect", &[]);
    assert_eq!(
        reply,
        json!({
            "chatIxnState": "DISCONNECTED",
            "chatSessionId": chat,
            "transcriptPosition": "2",
            "chatServiceMessage": "Chat was finished",
        })
    );
    assert!(session.record().end().is_some());
}

#[test]
fn any_request_of_the_chat_is_a_sign_of_life() {
    let mut session = Session::start();
    for operation in ["refresh", "startTyping", "stopTyping", "customNotice"] {
        session.now_ms += 44_000;
        session.world.tick(session.now_ms);
        assert_eq!(session.call(operation, &[])["chatIxnState"], "TRANSCRIPT");
    }
    session.now_ms += 45_000;
    session.world.tick(session.now_ms);
    assert_eq!(session.call("refresh", &[])["chatIxnState"], "DISCONNECTED");
}

#[test]
fn the_same_chat_can_be_read_in_version_2_with_its_keys() {
    let mut session = Session::start();
    session.call("send", &[("message", "hello")]);
    let chat = session.record();
    let fields = [("secureKey", chat.key()), ("userId", chat.user_id())];
    let request = post(
        &format!("/genesys/2/chat/any/{}/refresh", chat.id()),
        &fields,
    );
    let reply = body(&gms_v2::respond(&mut session.world, &request, START_MS));
    assert_eq!(reply["messages"][1]["text"], "hello");
    assert_eq!(reply["messages"][0]["from"]["nickname"], "VasyaP");
}

#[test]
fn a_pushed_chat_is_answered_without_events_and_ignores_positions() {
    let mut session = Session::of("request-chat");
    let reply = session.call("", &[("subject", "s"), ("notify_by", "comet")]);
    assert_eq!(
        (&reply["chatIxnState"], &reply["transcriptPosition"]),
        (&json!("CONNECTED"), &json!("1"))
    );
    let fields = [("message", "hello"), ("transcriptPosition", "nonsense")];
    let first = session.call("refresh", &fields);
    assert_eq!(first, session.call("send", &fields));
    assert_eq!(first.as_object().unwrap().len(), 2);
    assert_eq!(first["comet_channel"], "/_genesys");
    assert_ne!(first["_id"], json!(session.service));
    let verbose = session.call("refresh", &[("_verbose", "true")]);
    assert_eq!(verbose.get("transcriptToShow"), None);
    assert_eq!(
        (
            &verbose["comet_channel"],
            &verbose["transcriptPosition"],
            &verbose["chatIxnState"]
        ),
        (&json!("/_genesys"), &json!("3"), &json!("TRANSCRIPT"))
    );
    let link = verbose["_chatIxnAPI_SEND_CUSTOM_URL"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(link.ends_with("/customNotice"));
    assert_eq!(session.call("disconnect", &[])["transcriptPosition"], "3");
}
