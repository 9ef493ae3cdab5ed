//! How long sessions live, and what their life means to chats.

use parlour_emulator::cometd::{Broker, Options};
use parlour_emulator::model::{self, World};
use serde_json::json;

use super::client::{Client, Line, connect, publish};

fn assert_unknown(line: &mut Line, client: &Client) {
    for messages in [
        connect(client),
        publish(client, json!({"operation": "requestChat", "nickname": "M"})),
        json!([{"channel": "/meta/subscribe", "clientId": client.id, "id": "c", "subscription": "/x"}]),
        json!([{"channel": "/meta/unsubscribe", "clientId": client.id, "subscription": "/x"}]),
        json!([{"channel": "/meta/disconnect", "clientId": client.id}]),
    ] {
        let replies = line.send(&messages);
        assert_eq!(replies.len(), 1, "{messages}");
        assert_eq!(replies[0]["channel"], messages[0]["channel"]);
        assert_eq!(replies[0]["successful"], false);
        assert_eq!(replies[0]["error"], "402::Unknown client");
        assert_eq!(replies[0]["advice"], json!({"reconnect": "handshake"}));
    }
}

#[test]
fn a_session_without_a_connect_is_forgotten() {
    let mut line = Line::new();
    let client = line.client();
    line.pass(9_999);
    line.due();
    assert_eq!(line.broker.sessions(), 1);
    // Anything but a connect is no reason to wait longer.
    line.send(
        &json!([{"channel": "/meta/subscribe", "clientId": client.id, "subscription": "/x"}]),
    );
    line.pass(1);
    line.due();
    assert_eq!(line.broker.sessions(), 0);
    assert_unknown(&mut line, &client);
}

#[test]
fn a_session_that_is_held_is_not_forgotten() {
    let mut line = Line::new();
    let client = line.client();
    let ticket = line.hold(&client);
    line.pass(60_000);
    line.answer(ticket);
    line.pass(9_999);
    line.due();
    line.hold(&client);
}

#[test]
fn a_line_that_broke_counts_from_then_on() {
    let mut line = Line::new();
    let client = line.client();
    let ticket = line.hold(&client);
    line.pass(30_000);
    line.broker.abandoned(&mut line.world, ticket, line.now_ms);
    // Twice is as good as once.
    line.broker.abandoned(&mut line.world, ticket, line.now_ms);
    assert_eq!(line.broker.held(), 0);
    line.pass(9_999);
    line.due();
    assert_eq!(line.broker.sessions(), 1);
    line.pass(1);
    line.due();
    assert_unknown(&mut line, &client);
}

#[test]
fn a_disconnect_ends_the_session_and_its_poll_but_no_chat() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let ticket = line.hold(&visitor);
    let bye = json!([{"channel": "/meta/disconnect", "id": "10", "clientId": visitor.id,
        "ext": {"transcriptPosition": 2}}]);
    assert_eq!(
        line.send(&bye),
        [json!({"id": "10", "channel": "/meta/disconnect", "successful": true})]
    );
    let replies = line.answer(ticket);
    assert_eq!(replies[0]["advice"], json!({"reconnect": "none"}));
    assert_unknown(&mut line, &visitor);
    let chat = line.chat(&visitor);
    assert!(line.world.chat(&chat).unwrap().end().is_none());
}

#[test]
fn after_a_restart_clients_are_unknown_and_resume() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    line.publish(
        &visitor,
        visitor.order("sendMessage", json!({"message": "before"})),
    );
    let changes = line.world.take_changes();
    line.world = World::replay(7, model::Options::default(), changes);
    line.broker = Broker::new(8, Options::default());
    assert_unknown(&mut line, &visitor);
    let again = Client {
        id: line.client().id,
        ..visitor
    };
    let order = again.order("requestNotifications", json!({"transcriptPosition": 2}));
    let result = line.publish(&again, order);
    assert_eq!(result["messages"][0]["text"], "before");
    assert_eq!(result["nextPosition"], 3);
}

#[test]
fn a_visitor_with_a_held_poll_is_not_dropped_for_silence() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let chat = line.chat(&visitor);
    let ticket = line.hold(&visitor);
    let tick = |line: &mut Line, ms| {
        line.pass(ms);
        line.world.tick(line.now_ms);
        line.world.chat(&chat).unwrap().end().is_none()
    };
    // Longer than the 45 s that a polling client has.
    assert!(tick(&mut line, 59_000));
    assert!(tick(&mut line, 1_000));
    line.answer(ticket);
    assert!(tick(&mut line, 9_000));
    let ticket = line.hold(&visitor);
    assert!(tick(&mut line, 50_000));
    // From the moment the line breaks it is silence.
    line.broker.abandoned(&mut line.world, ticket, line.now_ms);
    assert!(tick(&mut line, 44_999));
    assert!(!tick(&mut line, 1));
}

#[test]
fn one_of_two_held_polls_is_enough() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let chat = line.chat(&visitor);
    let other = Client {
        id: line.client().id,
        ..visitor.clone()
    };
    line.publish(&other, other.order("requestNotifications", json!({})));
    let first = line.hold(&visitor);
    line.hold(&other);
    line.broker.abandoned(&mut line.world, first, line.now_ms);
    line.pass(50_000);
    line.due();
    line.world.tick(line.now_ms);
    assert!(line.world.chat(&chat).unwrap().end().is_none());
}

#[test]
fn of_more_sessions_than_anybody_has_in_one_chat_the_oldest_goes() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let others: Vec<Client> = (0..100)
        .map(|_| {
            let other = line.client();
            line.publish(&other, visitor.order("requestNotifications", json!({})));
            other
        })
        .collect();
    assert_unknown(&mut line, &visitor);
    for other in &others {
        line.hold(other);
    }
    assert_eq!(line.broker.held(), 100);
    let (chat, now_ms) = (line.chat(&visitor), line.now_ms);
    line.world.end(&chat, now_ms).unwrap();
    assert_eq!(line.due().len(), 100);
}
