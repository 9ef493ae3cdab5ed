//! Several messages at once.

use serde_json::json;

use super::client::{CHANNEL, Client, Line, post, texts};
use parlour_emulator::cometd::Answer;

#[test]
fn replies_come_in_the_order_of_the_messages_after_what_is_pushed() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let said = |text: &str, id: &str| {
        let data = visitor.order("sendMessage", json!({"message": text}));
        json!({"channel": CHANNEL, "id": id, "clientId": visitor.id, "data": data})
    };
    let replies = line.send(&json!([
        said("one", "1"),
        {"channel": "/meta/subscribe", "id": "2", "clientId": visitor.id, "subscription": "/x"},
        said("two", "3"),
    ]));
    assert_eq!(texts(&replies), ["one", "two"]);
    let ids: Vec<_> = replies.iter().filter_map(|r| r["id"].as_str()).collect();
    assert_eq!(ids, ["1", "2", "3"]);
    assert!(replies[..2].iter().all(|pushed| pushed["data"].is_object()));
}

#[test]
fn a_connect_among_others_is_not_held() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let replies = line.send(&json!([
        {"channel": CHANNEL, "id": "1", "clientId": visitor.id,
            "data": visitor.order("sendMessage", json!({"message": "hello"}))},
        {"channel": "/meta/connect", "id": "2", "clientId": visitor.id, "connectionType": "long-polling"},
    ]));
    assert_eq!(line.broker.held(), 0);
    assert_eq!(texts(&replies), ["hello"]);
    assert_eq!(replies[1]["id"], "1");
    assert_eq!(
        replies[2],
        json!({"id": "2", "channel": "/meta/connect", "successful": true})
    );
}

#[test]
fn messages_of_several_sessions_keep_apart() {
    let mut line = Line::new();
    let (one, two) = (line.visitor("Maria"), line.visitor("Paul"));
    let ticket = line.hold(&two);
    let said = |who: &Client, text: &str| {
        json!({"channel": CHANNEL, "id": text, "clientId": who.id,
            "data": who.order("sendMessage", json!({"message": text}))})
    };
    let replies = line.send(&json!([said(&one, "from one"), said(&two, "from two")]));
    assert_eq!(texts(&replies), ["from one"]);
    assert_eq!(texts(&line.answer(ticket)), ["from two"]);
}

#[test]
fn no_messages_no_replies() {
    assert!(Line::new().send(&json!([])).is_empty());
}

#[test]
fn more_messages_at_once_than_any_client_sends_are_refused_with_the_limit() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let batch = |count: usize| {
        let said = |nth: usize| {
            let data = visitor.order("sendMessage", json!({"message": nth.to_string()}));
            json!({"channel": CHANNEL, "id": nth.to_string(), "clientId": visitor.id, "data": data})
        };
        serde_json::Value::from((0..count).map(said).collect::<Vec<_>>())
    };
    let Answer::Now(refused) = line.receive(&post(&batch(101))) else {
        panic!("it is held");
    };
    assert_eq!(refused.status, 400);
    let why = String::from_utf8_lossy(&refused.body).into_owned();
    assert_eq!(why, "too many messages at once: at most 100\n");
    // Nothing of it was done.
    let replies = line.send(&batch(100));
    assert_eq!(texts(&replies).len(), 100);
}

#[test]
fn a_long_transcript_is_not_read_a_hundred_times_in_one_reply() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let words = "w".repeat(14_000);
    for _ in 0..200 {
        line.publish(
            &visitor,
            visitor.order("sendMessage", json!({"message": words})),
        );
    }
    let data = visitor.order("requestNotifications", json!({"transcriptPosition": 1}));
    let read = json!({"channel": CHANNEL, "id": "r", "clientId": visitor.id, "data": data});
    let replies = line.send(&json!(vec![read; 100]));
    let pushed = replies.iter().filter(|reply| reply["data"].is_object());
    assert_eq!(pushed.count(), 2, "2.8 MB each");
    let refused = replies.iter().filter(|reply| reply["successful"] == false);
    for reply in refused.clone() {
        assert_eq!(reply["error"], "413::Too much for one reply");
    }
    assert_eq!(refused.count(), 98);
}
