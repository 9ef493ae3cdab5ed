//! The operations of `gms-v2` as publishes.

use parlour_emulator::gms_v2;
use parlour_emulator::model::{self, ChatId, Role};
use serde_json::{Value, json};

use super::client::{CHANNEL, Client, Line, events, post, publish, texts};

fn types(result: &Value) -> Vec<&str> {
    crate::talk::types(result)
}

#[test]
fn every_operation_does_what_it_does_over_rest() {
    let mut line = Line::new();
    let visitor = line.client();
    let data = json!({"operation": "requestChat", "firstName": "Maria", "lastName": "Lopez",
        "subject": "Parcel", "emailAddress": "m@example.com",
        "userData": {"GCTI_LanguageCode": "es", "TimeZone": -480, "vip": true, "x": null, "o": {"a": [1]}}});
    let result = line.publish(&visitor, data);
    assert_eq!(types(&result), ["ParticipantJoined"]);
    assert_eq!(result["nextPosition"], 2);
    let visitor = Client {
        chat: crate::talk::text(&result, "chatId"),
        key: crate::talk::text(&result, "secureKey"),
        ..visitor
    };
    let chat = line.chat(&visitor);
    let started = line.world.chat(&chat).unwrap().started().clone();
    assert_eq!(started.service, "support");
    assert_eq!(started.nickname, "Maria Lopez");
    assert_eq!(started.subject.as_deref(), Some("Parcel"));
    let data: Vec<(&str, &str)> = started
        .user_data
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        data,
        [
            ("GCTI_LanguageCode", "es"),
            ("TimeZone", "-480"),
            ("o", r#"{"a":[1]}"#),
            ("vip", "true")
        ]
    );

    let mut act = |operation: &str, more: Value| {
        let result = line.publish(&visitor, visitor.order(operation, more));
        assert_eq!(result["statusCode"], 0, "{operation}: {result}");
        assert_eq!(result["chatId"], visitor.chat.as_str());
        result
    };
    let result = act(
        "sendMessage",
        json!({"message": "hello", "messageType": "text",
        "eventAttributes": {"general-properties": {"related-event-id": "1"}}}),
    );
    assert_eq!(result["messages"][0]["messageType"], "text");
    assert_eq!(
        result["messages"][0]["eventAttributes"]["general-properties"]["related-event-id"],
        "1"
    );
    for (operation, more, event) in [
        ("startTyping", json!({"message": "I am"}), "TypingStarted"),
        ("stopTyping", json!({}), "TypingStopped"),
        ("customNotice", json!({"message": "psst"}), "CustomNotice"),
        (
            "updateNickname",
            json!({"nickname": "Mary"}),
            "NicknameUpdated",
        ),
        (
            "pushUrl",
            json!({"pushUrl": "https://shop.example"}),
            "PushUrl",
        ),
    ] {
        assert_eq!(types(&act(operation, more)), [event], "{operation}");
    }
    assert!(types(&act("updateData", json!({"userData": {"order": 4711}}))).is_empty());
    assert!(types(&act("readReceipt", json!({"transcriptPosition": 2}))).is_empty());
    let all = act("refresh", json!({"transcriptPosition": 1}));
    assert_eq!(all["messages"].as_array().unwrap().len(), 7);
    assert_eq!(
        types(&act("refresh", json!({"transcriptPosition": -1}))),
        ["PushUrl"]
    );
    assert!(types(&act("refresh", json!({"transcriptPosition": 0}))).is_empty());
    assert_eq!(
        types(&act("refresh", json!({"transcriptPosition": 8.0}))),
        ["PushUrl"]
    );

    let record = line.world.chat(&chat).unwrap();
    assert_eq!(record.user_data()["order"], "4711");
    assert_eq!(record.read_up_to().unwrap().0, 2);
    let bye = line.publish(&visitor, visitor.order("disconnect", json!({})));
    assert_eq!(
        (&bye["statusCode"], &bye["chatEnded"], &bye["chatId"]),
        (&json!(0), &json!(true), &json!(visitor.chat))
    );
    assert_eq!(types(&bye), ["ParticipantLeft"]);
    assert_eq!(bye["messages"][0]["from"]["nickname"], "Mary");
    assert!(line.world.chat(&chat).unwrap().end().is_some());
    // Whoever ends the chat has heard of it.
    line.hold(&visitor);
    assert!(line.due().is_empty());
}

#[test]
fn the_result_of_a_publish_goes_out_with_the_held_connect() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let ticket = line.hold(&visitor);
    let order = visitor.order("sendMessage", json!({"message": "hello"}));
    let replies = line.send(&publish(&visitor, order));
    assert_eq!(
        replies,
        [json!({"id": "p", "channel": CHANNEL, "successful": true})]
    );
    let replies = line.answer(ticket);
    assert_eq!(texts(&replies), ["hello"]);
    assert_eq!(replies.len(), 2, "one's own event comes once: {replies:?}");
}

#[test]
fn no_envelope_leaves_out_what_came_before() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let chat = line.chat(&visitor);
    let mia = line
        .world
        .join(&chat, "Mia", Role::Agent, line.now_ms)
        .unwrap();
    line.world.say(&chat, mia, "hello", line.now_ms).unwrap();
    let order = visitor.order("sendMessage", json!({"message": "hi"}));
    let replies = line.send(&publish(&visitor, order));
    let indexes: Vec<_> = events(&replies)
        .map(|e| e["index"].as_u64().unwrap())
        .collect();
    assert_eq!(indexes, [2, 3, 4]);
    assert_eq!(replies[1]["data"]["nextPosition"], 5);
}

#[test]
fn a_session_that_reads_from_further_on_still_gets_the_rest() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let chat = line.chat(&visitor);
    let data = visitor.order(
        "sendMessage",
        json!({"message": "a", "transcriptPosition": 0}),
    );
    assert!(types(&line.publish(&visitor, data)).is_empty());
    let news = line.poll(&visitor);
    assert_eq!(texts(&news), ["a"]);
    let data = visitor.order(
        "sendMessage",
        json!({"message": "b", "transcriptPosition": 99}),
    );
    assert!(types(&line.publish(&visitor, data)).is_empty());
    assert_eq!(texts(&line.poll(&visitor)), ["b"]);
    let data = visitor.order(
        "sendMessage",
        json!({"message": "c", "transcriptPosition": 2}),
    );
    let result = line.publish(&visitor, data);
    assert_eq!(result["messages"].as_array().unwrap().len(), 3);
    line.hold(&visitor);
    assert!(line.due().is_empty());
    assert_eq!(line.world.chat(&chat).unwrap().next_index().0, 5);
}

#[test]
fn the_key_alone_finds_the_chat() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    for extra in [
        json!({}),
        json!({"chatId": "", "userId": " ", "alias": null}),
    ] {
        let mut order = visitor.order("sendMessage", extra);
        order["message"] = "hello".into();
        assert_eq!(line.publish(&visitor, order)["statusCode"], 0);
    }
}

#[test]
fn a_wrong_key_is_refused_as_over_rest_and_harms_nobody() {
    let mut line = Line::new();
    let (visitor, other) = (line.visitor("Maria"), line.visitor("Paul"));
    for (key, chat) in [
        (json!("0123456789abcdef"), json!(null)),
        (json!(null), json!(null)),
        (json!({}), json!(visitor.chat)),
        (json!(other.key), json!(visitor.chat)),
        (json!(visitor.key), json!("000unknown")),
    ] {
        let data =
            json!({"operation": "sendMessage", "message": "x", "secureKey": key, "chatId": chat});
        let result = line.publish(&visitor, data);
        assert_eq!(
            (
                &result["statusCode"],
                &result["chatEnded"],
                &result["errors"][0]["code"]
            ),
            (&json!(2), &json!(true), &json!(249))
        );
    }
    let chat = line.chat(&visitor);
    assert_eq!(line.world.chat(&chat).unwrap().events().len(), 1);
}

#[test]
fn mistakes_are_reported_as_over_rest_and_the_chat_goes_on() {
    let mut line = Line::with(model::Options {
        services: Some(vec!["support".into()]),
        ..model::Options::default()
    });
    let visitor = line.visitor("Maria");
    for (order, code, ended) in [
        (json!({"operation": "requestChat"}), 161, true),
        (
            json!({"operation": "requestChat", "nickname": "M", "emailAddress": "x"}),
            364,
            true,
        ),
        (visitor.order("sendMessage", json!({})), 249, false),
        (
            visitor.order("sendMessage", json!({"message": "x".repeat(20_000)})),
            204,
            false,
        ),
        (visitor.order("readReceipt", json!({})), 249, false),
        (
            visitor.order("updateData", json!({"userData": "text"})),
            249,
            false,
        ),
    ] {
        let result = line.publish(&visitor, order);
        assert_eq!(
            (
                &result["statusCode"],
                &result["errors"][0]["code"],
                &result["chatEnded"]
            ),
            (&json!(2), &json!(code), &json!(ended))
        );
    }
    let mut elsewhere = publish(
        &visitor,
        json!({"operation": "requestChat", "nickname": "M"}),
    );
    elsewhere[0]["channel"] = "/service/chatV2/unknown".into();
    let replies = line.send(&elsewhere);
    assert_eq!(replies[0]["channel"], "/service/chatV2/unknown");
    assert_eq!(replies[0]["data"]["errors"][0]["code"], 306);
}

#[test]
fn every_session_that_asked_hears_of_the_chat() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let tab = Client {
        id: line.client().id,
        ..visitor.clone()
    };
    let stranger = line.client();
    let result = line.publish(
        &tab,
        tab.order("requestNotifications", json!({"transcriptPosition": 2})),
    );
    assert!(types(&result).is_empty());
    let held = [line.hold(&visitor), line.hold(&tab)];
    line.hold(&stranger);
    line.send(&publish(
        &tab,
        tab.order("sendMessage", json!({"message": "hello"})),
    ));
    let answered = line.due();
    assert_eq!(answered.len(), 2);
    for (ticket, response) in answered {
        assert!(held.contains(&ticket));
        assert_eq!(texts(&super::client::list(&response)), ["hello"]);
    }
}

#[test]
fn events_from_rest_clients_are_news_too() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let ticket = line.hold(&visitor);
    let path = format!("/genesys/2/chat/support/{}/send", visitor.chat);
    let request = crate::talk::post(&path, &[("secureKey", &visitor.key), ("message", "hello")]);
    gms_v2::respond(&mut line.world, &request, line.now_ms);
    assert_eq!(texts(&line.answer(ticket)), ["hello"]);
}

#[test]
fn notifications_resume_from_the_position_that_is_given() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    for text in ["a", "b", "c"] {
        line.publish(
            &visitor,
            visitor.order("sendMessage", json!({"message": text})),
        );
    }
    for (position, expected) in [
        (json!(3), &["b", "c"][..]),
        (json!("4"), &["c"]),
        (json!(5), &[]),
        (json!(0), &["a", "b", "c"]),
        (json!("0"), &["a", "b", "c"]),
        (json!(-1), &["c"]),
        (json!(null), &["a", "b", "c"]),
    ] {
        let again = Client {
            id: line.client().id,
            ..visitor.clone()
        };
        let order = again.order(
            "requestNotifications",
            json!({"transcriptPosition": position, "message": ""}),
        );
        let replies = line.send(&publish(&again, order));
        assert_eq!(texts(&replies), expected, "{position}");
        line.hold(&again);
        assert!(line.due().is_empty());
    }
}

#[test]
fn the_end_is_pushed_once_with_the_last_messages() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let chat = line.chat(&visitor);
    let ticket = line.hold(&visitor);
    let mia = line
        .world
        .join(&chat, "Mia", Role::Agent, line.now_ms)
        .unwrap();
    line.world.say(&chat, mia, "bye", line.now_ms).unwrap();
    line.world.end(&chat, line.now_ms).unwrap();
    let replies = line.answer(ticket);
    assert_eq!(replies[0]["data"]["chatEnded"], true);
    assert_eq!(
        types(&replies[0]["data"]),
        [
            "ParticipantJoined",
            "Message",
            "ParticipantLeft",
            "ParticipantLeft"
        ]
    );
    line.hold(&visitor);
    assert!(line.due().is_empty());
    // An ended chat is still read, and has no news.
    let order = visitor.order("requestNotifications", json!({"transcriptPosition": 1}));
    let replies = line.send(&publish(&visitor, order));
    assert_eq!(replies[0]["successful"], true);
    let (_, response) = line.due().remove(0);
    let data = &super::client::list(&response)[0]["data"];
    assert_eq!((&data["chatEnded"], types(data).len()), (&json!(true), 5));
}

#[test]
fn a_publish_to_a_chat_that_has_just_ended_brings_the_last_words_first() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let chat = line.chat(&visitor);
    line.world.end(&chat, line.now_ms).unwrap();
    let order = visitor.order("sendMessage", json!({"message": "still there?"}));
    let replies = line.send(&publish(&visitor, order));
    assert_eq!(types(&replies[0]["data"]), ["ParticipantLeft"]);
    assert_eq!(replies[0]["data"]["chatEnded"], true);
    assert_eq!(replies[1]["data"]["errors"][0]["code"], 249);
}

#[test]
fn the_end_by_one_session_is_news_to_the_others() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let tab = Client {
        id: line.client().id,
        ..visitor.clone()
    };
    line.publish(
        &tab,
        tab.order("requestNotifications", json!({"transcriptPosition": 0})),
    );
    let ticket = line.hold(&tab);
    line.publish(&visitor, visitor.order("disconnect", json!({})));
    let replies = line.answer(ticket);
    assert_eq!(replies[0]["data"]["chatEnded"], true);
}

#[test]
fn a_thousand_idle_sessions_are_left_alone() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    for nth in 0..1_000 {
        let other = line.visitor(&format!("V{nth}"));
        line.hold(&other);
    }
    let ticket = line.hold(&visitor);
    line.due();
    let id = ChatId::new(&visitor.chat);
    line.world
        .join(&id, "Mia", Role::Agent, line.now_ms)
        .unwrap();
    line.answer(ticket);
    assert_eq!(line.broker.held(), 1_000);
}

#[test]
fn a_publish_needs_no_subscription_but_may_have_one() {
    let mut line = Line::new();
    let client = line.client();
    for (operation, name) in [
        ("subscribe", json!(CHANNEL)),
        ("unsubscribe", json!(CHANNEL)),
        ("subscribe", json!([CHANNEL, "/x"])),
    ] {
        let channel = format!("/meta/{operation}");
        let message =
            json!({"channel": channel, "id": "2", "clientId": client.id, "subscription": name});
        let reply = line.receive(&post(&message));
        let parlour_emulator::cometd::Answer::Now(response) = reply else {
            panic!()
        };
        assert_eq!(
            super::client::list(&response),
            [json!({"id": "2", "channel": channel, "subscription": name, "successful": true})]
        );
    }
    let result = line.publish(
        &client,
        json!({"operation": "requestChat", "nickname": "Maria"}),
    );
    assert_eq!(result["statusCode"], 0);
}
