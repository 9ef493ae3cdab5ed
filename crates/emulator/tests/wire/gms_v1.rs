//! The dialect gms-v1, polled (protocol section 2): what a visitor's program sees.

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

fn name_of(fields: &[(&str, &str)]) -> String {
    let mut session = Session::of("request-chat");
    let mut all = vec![("subject", "s")];
    all.extend(fields);
    session.call("", &all);
    session.record().visitor().unwrap().nickname.clone()
}

#[test]
fn a_service_that_waits_is_busy_until_an_agent_is_available_within_5_seconds() {
    let mut session = Session::of("request-chat-poll");
    let id = session.service.to_string();
    assert_eq!(
        session.status(),
        json!({
            "message": {"_id": id, "_status": "waiting", "_dialog": "waiting_for_agent.html"},
            "tag": format!("a2c.advanced.service.statuschanged.{id}"),
        })
    );
    for operation in [
        "",
        "refresh",
        "send",
        "startTyping",
        "stopTyping",
        "customNotice",
        "disconnect",
    ] {
        let reply = session.raw(operation, &[("subject", "s"), ("message", "m")]);
        assert_eq!((reply.status, reply.body.len()), (503, 0), "{operation}");
    }
    session.now_ms += 5_000;
    assert_eq!(
        session.status(),
        json!({
            "message": {"_id": id, "_status": "available", "_dialog": "agent_available.html"},
            "tag": format!("a2c.advanced.service.agentavailable.{id}"),
        })
    );
    assert_eq!(
        session.call("", &[("subject", "s")])["chatIxnState"],
        "CONNECTED"
    );
}

#[test]
fn a_service_may_have_any_name_and_be_asked_for_by_get() {
    let mut world = World::new(7, Options::default());
    let mut request = post("/genesys/1/service/any%20name", &[]);
    request.method = "GET".into();
    request.query = Some("_verbose=True&order=4711&blank=".into());
    let reply = body(&respond(&mut world, &request, START_MS));
    let id = ServiceId::new(reply["_id"].as_str().unwrap());
    assert_eq!(
        reply["_chatIxnAPI-CREATE-URL"],
        format!("/genesys/1/service/{id}/ixn/chat")
    );
    let service = world.service(&id).unwrap();
    assert_eq!(reply["_data_id"], service.data_id());
    assert_eq!(service.asked().name, "any name");
    assert_eq!(
        service.asked().data,
        [("order".to_owned(), "4711".to_owned())].into()
    );
    assert!(service.is_available(START_MS));

    let services = Some(vec!["request-chat".to_owned()]);
    let mut world = World::new(
        7,
        Options {
            services,
            ..Options::default()
        },
    );
    let ask = |world: &mut World, name: &str| {
        respond(world, &post(&format!("{SERVICE}/{name}"), &[]), START_MS).status
    };
    assert_eq!(
        (ask(&mut world, "request-chat"), ask(&mut world, "other")),
        (200, 404)
    );
}

#[test]
fn fields_are_attached_under_the_vendors_names() {
    let mut session = Session::of("request-chat");
    let path = format!("{SERVICE}/request-chat");
    let reply = session.send(&post(&path, &[("order", "4711"), ("kind", "old")]));
    session.service = ServiceId::new(body(&reply)["_id"].as_str().unwrap());
    session.call(
        "",
        &[
            ("_verbose", "false"),
            ("firstName", "Vasya"),
            ("lastName", "Pupkin"),
            ("email", "v@p.example"),
            ("subject", "test"),
            ("userDisplayName", "Vas"),
            ("kind", "new"),
            ("FirstName", "plain"),
        ],
    );
    let chat = session.record();
    let data: Vec<(&str, &str)> = chat
        .user_data()
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        data,
        [
            ("FirstName", "plain"),
            ("fldnEmailAddress", "v@p.example"),
            ("fldnFirstName", "Vasya"),
            ("fldnLastName", "Pupkin"),
            ("kind", "new"),
            ("order", "4711"),
        ]
    );
    let started = chat.started();
    assert_eq!(
        (
            started.service.as_str(),
            started.subject.as_deref(),
            started.dialect
        ),
        ("request-chat", Some("test"), Dialect::GmsV1)
    );
    assert_eq!(chat.visitor().unwrap().nickname, "Vas");
}

#[test]
fn the_name_shown_is_the_display_name_or_first_name_and_initial_or_the_address() {
    let (first, last) = (("firstName", "Vasya"), ("lastName", "Pupkin"));
    assert_eq!(name_of(&[first, last, ("userDisplayName", "V.")]), "V.");
    assert_eq!(name_of(&[first, last, ("userDisplayName", " ")]), "VasyaP");
    assert_eq!(
        name_of(&[("firstName", "Жан"), ("lastName", "Ёлкин")]),
        "ЖанЁ"
    );
    assert_eq!(name_of(&[first]), "Vasya");
    assert_eq!(name_of(&[last]), "Pupkin");
    assert_eq!(
        name_of(&[("FirstName", "John"), ("LastName", "Harry")]),
        "127.0.0.1"
    );
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
fn a_second_creation_finds_the_chat_that_there_is() {
    let mut session = Session::of("request-chat");
    let fields = [("subject", "s"), ("message", "first words")];
    let first = session.call("", &fields);
    session.call("refresh", &[]);
    let second = session.call("", &[("subject", "again"), ("message", "again")]);
    assert_eq!(first, second);
    assert_eq!(second["transcriptPosition"], "1");
    assert_eq!(session.world.chats().count(), 1);
    // The reply to the first may have been lost, and the words with it.
    assert_eq!(texts(&session.call("refresh", &[])), ["first words"]);
    session.call("disconnect", &[]);
    assert_eq!(session.call("", &fields)["chatIxnState"], "DISCONNECTED");
    assert_eq!(session.world.chats().count(), 1);
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
fn verbose_replies_have_keys_and_links_that_lead_somewhere() {
    let mut session = Session::start();
    for fields in [&[("_verbose", "true")][..], &[("_verbose", "True")]] {
        let reply = session.call("refresh", fields);
        let chat = session.record();
        assert_eq!(
            (
                &reply["secureKey"],
                &reply["userId"],
                &reply["chatServerLoadBalancerAlias"]
            ),
            (
                &json!(chat.key()),
                &json!(chat.user_id()),
                &json!(chat.alias())
            )
        );
        for name in [
            "SEND",
            "REFRESH",
            "START_TYPING",
            "STOP_TYPING",
            "REFRESH_FROM_START",
        ] {
            let link = reply[format!("_chatIxnAPI_{name}_URL")]
                .as_str()
                .unwrap()
                .to_owned();
            let (path, query) = link.split_once('?').unwrap_or((&link, ""));
            let mut request = post(path, &[("message", "m")]);
            request.query = Some(query.to_owned());
            assert_eq!(session.send(&request).status, 200, "{link}");
        }
        assert_eq!(reply.get("_chatIxnAPI_SEND_CUSTOM_URL"), None);
        // Everything but lists is a string.
        for (name, value) in reply.as_object().unwrap() {
            assert!(value.is_string() || name == "transcriptToShow", "{name}");
        }
    }
    assert_eq!(
        session.call("refresh", &[("_verbose", "no")]).get("userId"),
        None
    );
}

#[test]
fn fields_come_as_query_form_multipart_or_json_whatever_the_label() {
    let form = "application/x-www-form-urlencoded";
    let part = "--X\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nö 1\r\n--X--\r\n";
    for (kind, query, body) in [
        ("", "message=%C3%B6+1", ""),
        (form, "", "message=%C3%B6+1"),
        (form, "message=other", "message=%C3%B6+1"),
        ("multipart/form-data; boundary=X", "", part),
        (
            "application/json; charset=UTF-8",
            "",
            r#"{"message":"ö 1","transcriptPosition":1,"_verbose":true,"x":null}"#,
        ),
        (form, "", " {\"message\":\"ö 1\",\"x\":[1]}"),
        ("text/plain", "message=other", "{\"message\":\"ö 1\"}"),
    ] {
        let mut session = Session::start();
        let mut request = post(&format!("{SERVICE}/{}/ixn/chat/send", session.service), &[]);
        request.headers = vec![("content-type".into(), kind.into())];
        request.query = (!query.is_empty()).then(|| query.into());
        request.body = body.as_bytes().to_vec();
        let reply = session.send(&request);
        assert_eq!(reply.status, 200, "{kind} {body}");
        let reply = crate::talk::body(&reply);
        assert_eq!(texts(&reply), ["ö 1"], "{kind} {body}");
        assert_eq!(reply.get("userId").is_some(), body.contains("_verbose"));
    }
}

#[test]
fn missing_and_wrong_values_are_415_and_change_nothing() {
    let long = "x".repeat(15_000);
    let mut session = Session::of("request-chat");
    for fields in [
        &[][..],
        &[("subject", " ")],
        &[("subject", long.as_str())],
        &[("subject", "s"), ("notify_by", "mail")],
        &[("subject", "s"), ("message", long.as_str())],
        &[("subject", "s"), ("userDisplayName", long.as_str())],
    ] {
        let reply = session.raw("", fields);
        assert_eq!(reply.status, 415, "{fields:?}");
        assert!(body(&reply)["message"].is_string());
    }
    assert_eq!(session.world.chats().count(), 0);
    session.call("", &[("subject", "s")]);
    for (operation, fields) in [
        ("send", &[][..]),
        ("send", &[("message", "")]),
        ("send", &[("message", long.as_str())]),
        ("refresh", &[("message", long.as_str())]),
        ("refresh", &[("message", "m"), ("transcriptPosition", "-1")]),
        (
            "refresh",
            &[("message", "m"), ("transcriptPosition", "two")],
        ),
        ("customNotice", &[("message", long.as_str())]),
    ] {
        assert_eq!(
            session.raw(operation, fields).status,
            415,
            "{operation} {fields:?}"
        );
    }
    for (kind, body) in [
        ("application/json", "{\"message\":"),
        ("application/json", "[\"message\"]"),
        ("application/x-www-form-urlencoded", "{message=m"),
        ("multipart/form-data; boundary=X", "--Y\r\n"),
        ("multipart/form-data", "message=m"),
        ("", &"{\"a\":".repeat(5_000)),
    ] {
        let mut request = post(&format!("{SERVICE}/{}/ixn/chat/send", session.service), &[]);
        request.headers = vec![("content-type".into(), kind.into())];
        request.body = body.as_bytes().to_vec();
        assert_eq!(session.send(&request).status, 415, "{kind} {body:.20}");
    }
    assert_eq!(session.record().events().len(), 1);
}

#[test]
fn unknown_services_and_chats_are_reported() {
    let mut session = Session::of("request-chat");
    assert_eq!(session.raw("refresh", &[]).status, 400, "no chat yet");
    let known = std::mem::replace(&mut session.service, ServiceId::new("nobody"));
    for operation in ["", "refresh", "disconnect"] {
        let reply = session.raw(operation, &[("subject", "s")]);
        assert_eq!(reply.status, 404, "{operation}");
        assert!(body(&reply)["message"].is_string());
    }
    let status = post(&format!("{SERVICE}/nobody/status"), &[]);
    assert_eq!(session.send(&status).status, 404);
    for (method, path, wanted) in [
        ("GET", format!("{SERVICE}/{known}/ixn/chat/send"), 405),
        ("PUT", format!("{SERVICE}/{known}"), 405),
        ("POST", format!("{SERVICE}/{known}/ixn/chat/nothing"), 404),
        ("OPTIONS", format!("{SERVICE}/{known}/anything"), 204),
    ] {
        let mut request = post(&path, &[]);
        request.method = method.into();
        assert_eq!(session.send(&request).status, wanted, "{method} {path}");
    }
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
fn services_survive_a_restart() {
    let mut session = Session::of("request-chat-poll");
    session.now_ms += 5_000;
    let comet = [
        ("subject", "s"),
        ("notify_by", "comet"),
        ("subscriptionID", "4"),
    ];
    session.call("", &comet);
    session.call("send", &[("message", "hello")]);
    let journal = session.world.take_changes();
    // Over text, as a real store keeps it.
    let lines: Vec<String> = journal
        .iter()
        .map(|c| serde_json::to_string(c).unwrap())
        .collect();
    let changes = lines.iter().map(|line| serde_json::from_str(line).unwrap());
    let restored = World::replay(7, Options::default(), changes);
    assert_eq!(
        restored.service(&session.service),
        session.world.service(&session.service)
    );
    assert_eq!(
        restored.service_of(&session.chat()).unwrap().id(),
        &session.service
    );
    session.world = restored;
    assert_eq!(
        session.call("", &[("subject", "s")])["chatIxnState"],
        "CONNECTED"
    );

    let mut session = Session::start();
    session.call("send", &[("message", "hello")]);
    let journal = session.world.take_changes();
    session.world = World::replay(7, Options::default(), journal);
    // It has forgotten who has had what: all is told again rather than too little.
    assert_eq!(texts(&session.call("refresh", &[])), ["hello"]);
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

#[test]
fn services_are_found_by_user_and_news_by_position() {
    let mut session = Session::of("request-chat");
    let with_user = |path: &str, user: &str, fields: &[(&str, &str)]| {
        let mut request = post(path, fields);
        request.headers.push(("GMS_User".into(), user.into()));
        request
    };
    let reply = session.send(&with_user(
        &format!("{SERVICE}/request-chat"),
        "BuzzBrain",
        &[],
    ));
    session.service = ServiceId::new(body(&reply)["_id"].as_str().unwrap());
    let users = |session: &Session, user: &str| session.world.services_of_user(user).count();
    assert_eq!(
        (users(&session, "BuzzBrain"), users(&session, "Woody")),
        (1, 0)
    );
    assert!(news_after(&session.world, &session.service, Position::START).is_none());

    // The chat's own word counts more.
    let create = format!("{SERVICE}/{}/ixn/chat", session.service);
    let fields = [
        ("subject", "s"),
        ("notify_by", "comet"),
        ("subscriptionID", "sub"),
    ];
    session.send(&with_user(&create, "Woody", &fields));
    assert_eq!(
        (users(&session, "BuzzBrain"), users(&session, "Woody")),
        (0, 1)
    );
    let push = session.service().push().unwrap();
    assert_eq!(push.subscription.as_deref(), Some("sub"));

    let news = news_after(&session.world, &session.service, Position::START).unwrap();
    assert_eq!(
        (news.position, news.events, news.ended),
        (Position(1), 0, false)
    );
    session.agent();
    session.call("send", &[("message", "hi")]);
    let news = news_after(&session.world, &session.service, Position(2)).unwrap();
    assert_eq!((news.position, news.events), (Position(3), 1));
    assert_eq!(
        news.message,
        json!({
            "chatIxnState": "TRANSCRIPT",
            "chatSessionId": session.chat(),
            "transcriptPosition": "3",
            "chatServiceMessage": "Chat service is available",
            "startedAt": "2015-05-28T20:31:28Z",
            "transcriptToShow": [["Message.Text", "127.0.0.1", "hi", "0", "CLIENT"]],
        })
    );
    session.call("disconnect", &[]);
    let news = news_after(&session.world, &session.service, news.position).unwrap();
    assert!(news.ended);
    assert_eq!(news.message["chatIxnState"], "DISCONNECTED");
    let id = &session.service;
    assert_eq!(tag(id), format!("service.chat.refresh.{id}"));
}
