//! Services: how a chat is asked for, what it is called, and how it is found again.

use super::*;

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
