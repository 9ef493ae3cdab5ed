//! Long polls: when they are answered.

use parlour_emulator::cometd::Answer;
use parlour_emulator::model::Role;
use serde_json::{Value, json};

use super::client::{CHANNEL, Client, Line, connect, list, post, publish, texts};

fn first(line: &mut Line) -> (Client, Vec<Value>) {
    let replies = line.send(&json!([{"channel": "/meta/handshake"}]));
    let client = Client {
        id: replies[0]["clientId"].as_str().unwrap().to_owned(),
        chat: String::new(),
        key: String::new(),
    };
    let replies = line.poll(&client);
    (client, replies)
}

#[test]
fn the_first_connect_is_answered_at_once_with_advice() {
    let mut line = Line::new();
    let (_, replies) = first(&mut line);
    assert_eq!(
        replies,
        [
            json!({"id": "c", "channel": "/meta/connect", "successful": true,
            "advice": {"interval": 0, "reconnect": "retry", "timeout": 60_000}})
        ]
    );
}

#[test]
fn a_poll_without_news_lasts_a_minute() {
    let mut line = Line::new();
    let client = line.client();
    let ticket = line.hold(&client);
    assert_eq!(line.broker.next_deadline_ms(), Some(line.now_ms + 60_000));
    line.pass(59_999);
    assert!(line.due().is_empty());
    line.pass(1);
    assert_eq!(
        line.answer(ticket),
        [json!({"id": "c", "channel": "/meta/connect", "successful": true})]
    );
}

#[test]
fn a_client_may_ask_for_less() {
    let mut line = Line::new();
    let client = line.client();
    let with = |timeout: Value| {
        let mut message = connect(&client);
        message[0]["advice"] = json!({"timeout": timeout});
        message
    };
    for at_once in [json!(0), json!(-5), json!("0")] {
        assert_eq!(line.send(&with(at_once)).len(), 1);
    }
    for (wanted, ms) in [
        (json!(2_000), 2_000),
        (json!("2000"), 2_000),
        (json!(i64::MAX), 60_000),
        (json!({"a": []}), 60_000),
    ] {
        let Answer::Held(ticket) = line.receive(&post(&with(wanted))) else {
            panic!("{ms}")
        };
        line.pass(ms - 1);
        assert!(line.due().is_empty());
        line.pass(1);
        line.answer(ticket);
    }
}

#[test]
fn news_ends_a_poll_and_stands_before_its_reply() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let ticket = line.hold(&visitor);
    let chat = line.chat(&visitor);
    let agent = line
        .world
        .join(&chat, "Mia", Role::Agent, line.now_ms)
        .unwrap();
    line.world.say(&chat, agent, "hello", line.now_ms).unwrap();
    let replies = line.answer(ticket);
    let [news, reply] = replies.as_slice() else {
        panic!("{replies:?}")
    };
    assert_eq!(news["channel"], CHANNEL);
    assert_eq!(news["data"]["nextPosition"], 4);
    assert_eq!(texts(&replies), ["hello"]);
    assert_eq!(
        *reply,
        json!({"id": "c", "channel": "/meta/connect", "successful": true})
    );
    // Told once.
    line.hold(&visitor);
    assert!(line.due().is_empty());
}

#[test]
fn hidden_events_end_no_poll() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let ticket = line.hold(&visitor);
    let chat = line.chat(&visitor);
    line.world.hidden(&chat, line.now_ms).unwrap();
    assert!(line.due().is_empty());
    line.world
        .notice(
            &chat,
            parlour_emulator::model::ParticipantId::VISITOR,
            "x",
            line.now_ms,
        )
        .unwrap();
    let replies = line.answer(ticket);
    assert_eq!(replies[0]["data"]["messages"][0]["index"], 3);
    assert_eq!(replies[0]["data"]["nextPosition"], 4);
}

#[test]
fn events_between_two_polls_come_with_the_next() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let chat = line.chat(&visitor);
    line.world
        .join(&chat, "Mia", Role::Agent, line.now_ms)
        .unwrap();
    assert!(line.due().is_empty());
    let replies = line.poll(&visitor);
    assert_eq!(replies.len(), 2);
    assert_eq!(
        replies[0]["data"]["messages"][0]["type"],
        "ParticipantJoined"
    );
}

#[test]
fn a_second_connect_frees_the_first_and_waits_itself() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let older = line.hold(&visitor);
    let newer = line.hold(&visitor);
    let replies = line.answer(older);
    assert_eq!(replies.len(), 1);
    assert_eq!(replies[0]["successful"], true);
    // Two loops that share a session must not chase each other.
    assert!(replies[0]["advice"]["interval"].as_i64().unwrap() > 0);
    assert_eq!(line.broker.held(), 1);
    let chat = line.chat(&visitor);
    line.world
        .join(&chat, "Mia", Role::Agent, line.now_ms)
        .unwrap();
    let replies = line.answer(newer);
    assert_eq!(replies.len(), 2);
    // … and the pause is taken back.
    assert_eq!(replies[1]["advice"]["interval"], 0);
}

#[test]
fn a_line_that_broke_loses_nothing() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let ticket = line.hold(&visitor);
    line.send(&publish(
        &visitor,
        visitor.order("sendMessage", json!({"message": "mine"})),
    ));
    let chat = line.chat(&visitor);
    line.world
        .join(&chat, "Mia", Role::Agent, line.now_ms)
        .unwrap();
    line.broker.abandoned(&mut line.world, ticket, line.now_ms);
    assert!(line.due().is_empty());
    let replies = line.poll(&visitor);
    assert_eq!(texts(&replies), ["mine"]);
    assert_eq!(replies.last().unwrap()["channel"], "/meta/connect");
    assert_eq!(replies.len(), 3);
}

#[test]
fn other_kinds_of_connections_are_refused() {
    let mut line = Line::new();
    let client = line.client();
    let mut message = connect(&client);
    message[0]["connectionType"] = "callback-polling".into();
    let reply = &line.send(&message)[0];
    assert_eq!(reply["successful"], false);
    // Left out it is taken for the only one there is.
    message[0].as_object_mut().unwrap().remove("connectionType");
    assert!(matches!(line.receive(&post(&message)), Answer::Held(_)));
}

#[test]
fn a_page_of_another_origin_may_read_a_poll_that_was_held() {
    let mut line = Line::new();
    let client = line.client();
    let mut request = post(&connect(&client));
    request
        .headers
        .push(("Origin".into(), "https://shop.example".into()));
    assert!(matches!(line.receive(&request), Answer::Held(_)));
    line.pass(60_000);
    let (_, response) = line.due().remove(0);
    for wanted in [
        ("Access-Control-Allow-Origin", "https://shop.example"),
        ("Access-Control-Allow-Credentials", "true"),
    ] {
        assert!(
            response
                .headers
                .contains(&(wanted.0.into(), wanted.1.into()))
        );
    }
    assert_eq!(list(&response).len(), 1);
}

#[test]
fn a_server_that_stops_answers_what_it_holds_and_holds_no_more() {
    let mut line = Line::new();
    let (one, two) = (line.client(), line.client());
    let held = [line.hold(&one), line.hold(&two)];
    line.broker.close(&mut line.world, line.now_ms);
    let answered: Vec<_> = line.due().into_iter().map(|(ticket, _)| ticket).collect();
    assert_eq!(answered, held);
    assert_eq!(line.poll(&one).len(), 1);
}
