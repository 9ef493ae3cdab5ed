//! Asynchronous chats: they outlive silence, agents and page visits.

use parlour_emulator::cometd::{Broker, Options};
use parlour_emulator::model::{self, Role, World};
use serde_json::json;

use super::client::{Client, Line, texts};

fn visitor(line: &mut Line) -> Client {
    let client = line.client();
    let data = json!({"operation": "requestChat", "nickname": "Maria",
        "userData": {"GCTI_Chat_AsyncMode": "true"}});
    let result = line.publish(&client, data);
    Client {
        chat: crate::talk::text(&result, "chatId"),
        key: crate::talk::text(&result, "secureKey"),
        ..client
    }
}

#[test]
fn nobody_is_dropped_for_silence() {
    let mut line = Line::new();
    let maria = visitor(&mut line);
    let paul = line.visitor("Paul");
    line.pass(7 * 24 * 3_600_000);
    line.due();
    line.world.tick(line.now_ms);
    let ended = |line: &Line, who| line.world.chat(&line.chat(who)).unwrap().end().is_some();
    assert!(!ended(&line, &maria));
    assert!(ended(&line, &paul));
    assert_eq!(line.world.next_deadline_ms(), None);
}

#[test]
fn it_goes_on_after_a_hold_a_restart_and_a_night() {
    let mut line = Line::new();
    let maria = visitor(&mut line);
    let chat = line.chat(&maria);
    let mia = line
        .world
        .join(&chat, "Mia", Role::Agent, line.now_ms)
        .unwrap();
    line.poll(&maria);
    let ticket = line.hold(&maria);
    line.world.hold(&chat, mia, line.now_ms).unwrap();
    let replies = line.answer(ticket);
    let left = &replies[0]["data"]["messages"][0];
    assert_eq!(
        left["eventAttributes"]["general-properties"]["reason-for-leave"],
        "HOLD"
    );
    assert_eq!(replies[0]["data"]["chatEnded"], false);

    line.world
        .return_from_hold(&chat, mia, line.now_ms)
        .unwrap();
    line.world
        .say(&chat, mia, "the answer", line.now_ms)
        .unwrap();
    let changes = line.world.take_changes();
    line.world = World::replay(7, model::Options::default(), changes);
    line.broker = Broker::new(8, Options::default());
    line.pass(12 * 3_600_000);
    line.world.tick(line.now_ms);
    let again = Client {
        id: line.client().id,
        ..maria
    };
    let order = again.order("requestNotifications", json!({"transcriptPosition": 5}));
    let replies = line.send(&super::client::publish(&again, order));
    assert_eq!(texts(&replies), ["the answer"]);
}

#[test]
fn history_is_read_back_in_pages_of_twenty() {
    let mut line = Line::new();
    let maria = visitor(&mut line);
    let chat = line.chat(&maria);
    for nth in 1..50 {
        let order = maria.order("sendMessage", json!({"message": nth.to_string()}));
        line.publish(&maria, order);
        if nth == 30 {
            line.world.hidden(&chat, line.now_ms).unwrap();
        }
    }
    let read = |line: &mut Line| {
        let mut sizes = Vec::new();
        let mut seen = Vec::new();
        let mut position = json!(1);
        loop {
            let order = maria.order("refresh", json!({"transcriptPosition": position}));
            let page = line.publish(&maria, order);
            let indexes = crate::talk::indexes(&page);
            position = page["nextPosition"].clone();
            sizes.push(indexes.len());
            seen.extend(indexes);
            if sizes.last() != Some(&20) {
                break (sizes, seen, position);
            }
        }
    };
    let (sizes, seen, position) = read(&mut line);
    assert_eq!(sizes, [20, 20, 10]);
    assert!(seen.is_sorted());
    assert_eq!((seen[0], seen.len(), position), (1, 50, json!(52)));
    // Reading back is no news, and makes none.
    line.hold(&maria);
    assert!(line.due().is_empty());

    line.world.end(&chat, line.now_ms).unwrap();
    line.due();
    let (sizes, _, position) = read(&mut line);
    assert_eq!((sizes, position), (vec![20, 20, 11], json!(1)));
}

#[test]
fn other_chats_are_read_back_whole() {
    let mut line = Line::new();
    let paul = line.visitor("Paul");
    for _ in 0..30 {
        line.publish(&paul, paul.order("sendMessage", json!({"message": "x"})));
    }
    let all = line.publish(&paul, paul.order("refresh", json!({})));
    assert_eq!(all["messages"].as_array().unwrap().len(), 31);
}
