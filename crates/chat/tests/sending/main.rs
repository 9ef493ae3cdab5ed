//! A message on its way: shown at once, sent once and in order, merged with the server's own event.

#[path = "../common/mod.rs"]
mod common;

mod failed;
mod lost_replies;
mod texts;
mod turned_away;

use common::*;
use parlour_chat::{
    ChatCommand, Command, Connection, EntryId, Failure, Item, MessageState, Moment, RefusalReason,
    Response, WallTime,
};
use serde_json::json;

/// Answers refreshes with nothing new until a send leaves; gives when each refresh was asked for.
fn until_sent(rig: &mut Rig, next: u64) -> Vec<Moment> {
    let mut asked = Vec::new();
    while !rig.is_pending("send") {
        rig.wait_until("a send or a refresh", |rig| {
            rig.is_pending("send") || rig.is_pending("refresh")
        });
        if rig.is_pending("refresh") && !rig.is_pending("send") {
            asked.push(rig.now.moment);
            rig.answer("refresh", transcript(&[], next));
        }
    }
    asked
}

#[test]
fn shows_at_once_and_becomes_the_servers_event_in_place() {
    let mut rig = Rig::with_agent();
    let hello = rig.say("hello");
    assert_eq!(rig.lines(), ["Anna joined", "me: hello (sending)"]);
    assert_eq!(rig.field("send", "message").as_deref(), Some("hello"));
    assert_eq!(rig.field("send", "messageType").as_deref(), Some("text"));
    assert_eq!(
        rig.field("send", "transcriptPosition").as_deref(),
        Some("3")
    );
    let reply = transcript(&[agent_says(3, "Hi!"), visitor_says(4, "hello")], 5);
    rig.answer("send", reply);
    assert_eq!(rig.lines(), ["Anna joined", "Anna: Hi!", "me: hello"]);
    assert_eq!(
        rig.entry(hello).at,
        WallTime(START + 4000),
        "the server's time"
    );
    rig.refresh(&[visitor_says(4, "hello")], 5);
    assert_eq!(rig.texts(), ["Hi!", "hello"]);
    assert_eq!(rig.requests(), 6, "one send\n{}", rig.describe());
}

#[test]
fn is_sent_when_the_server_took_it_though_its_event_is_yet_to_come() {
    let mut rig = Rig::with_agent();
    let hello = rig.say("hello");
    rig.answer("send", done());
    assert_eq!(rig.lines(), ["Anna joined", "me: hello"]);
    rig.refresh(&[agent_says(3, "Hi!"), visitor_says(4, "hello")], 5);
    assert_eq!(rig.lines(), ["Anna joined", "Anna: Hi!", "me: hello"]);
    rig.entry(hello);
}

#[test]
fn its_event_may_come_before_its_reply() {
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    rig.say("hello");
    rig.answer("refresh", transcript(&[visitor_says(3, "hello")], 4));
    assert_eq!(rig.lines(), ["Anna joined", "me: hello"]);
    rig.answer("send", transcript(&[visitor_says(3, "hello")], 4));
    assert_eq!(rig.lines(), ["Anna joined", "me: hello"]);
    rig.advance(secs(60));
    assert!(
        rig.aborted
            .iter()
            .all(|request| operation_of(request) == "refresh")
    );
}

#[test]
fn one_is_in_flight_at_a_time_in_the_visitors_order() {
    let mut rig = Rig::with_agent();
    for text in ["one", "two", "three"] {
        rig.say(text);
    }
    for (index, text) in (3..).zip(["one", "two", "three"]) {
        assert_eq!(rig.field("send", "message").as_deref(), Some(text));
        assert_eq!(
            rig.field("send", "transcriptPosition"),
            Some(index.to_string())
        );
        rig.answer("send", transcript(&[visitor_says(index, text)], index + 1));
    }
    assert!(!rig.is_pending("send"));
    assert_eq!(rig.lines()[1..], ["me: one", "me: two", "me: three"]);
}

#[test]
fn the_same_words_twice_are_two_messages() {
    let mut rig = Rig::with_agent();
    rig.say("yes");
    rig.say("yes");
    rig.answer("send", transcript(&[visitor_says(3, "yes")], 4));
    assert_eq!(rig.lines()[1..], ["me: yes", "me: yes (sending)"]);
    rig.answer(
        "send",
        transcript(&[visitor_says(3, "yes"), visitor_says(4, "yes")], 5),
    );
    assert_eq!(rig.lines()[1..], ["me: yes", "me: yes"]);
}

#[test]
fn the_composer_is_emptied_by_the_core() {
    let mut rig = Rig::with_agent();
    rig.draft("hello");
    rig.command(Command::Say("hello".into()));
    assert_eq!((rig.composer.as_str(), rig.session.draft()), ("", ""));
    let file = rig.attach("a.txt", 3);
    rig.draft("next");
    rig.command(ChatCommand::CancelUpload(file.expect("a row")));
    assert_eq!(rig.composer, "next", "nothing else touches it");
}

#[test]
fn its_record_lives_as_long_as_the_server_has_not_shown_it() {
    let mut rig = Rig::with_agent();
    rig.say("hello");
    let outbox = |rig: &Rig| {
        rig.storage
            .keys()
            .filter(|name| name.starts_with("outbox/"))
            .count()
    };
    assert_eq!(outbox(&rig), 1);
    rig.answer("send", done());
    assert_eq!(outbox(&rig), 1, "taken, but not seen yet");
    rig.refresh(&[visitor_says(3, "hello")], 4);
    assert_eq!(outbox(&rig), 0);
    let kept = json!(
        rig.storage
            .iter()
            .filter(|(name, _)| *name != "transcript")
            .map(|(_, record)| record.value.clone())
            .collect::<Vec<_>>()
    );
    assert!(!kept.to_string().contains("hello"), "{kept}");
}
