//! Records as the widget stored them before it used `serde_json`, kept as text in `records/`: whoever comes back
//! after an update finds their chat again.

#![expect(clippy::panic, reason = "a test may fail")]

mod common;

use std::collections::BTreeMap;

use common::*;
use parlour_chat::{
    Author, DialectKind, EndReason, Item, Keep, MessageState, Phase, Record, RecordName, Settings,
    WallTime,
};

/// One record a line: its name, then its value.
fn records(text: &str) -> BTreeMap<String, Record> {
    let record = |line: &str| {
        let Some((name, value)) = line.split_once(' ') else {
            panic!("a name and a value: {line}")
        };
        let keep = match name {
            "ended" => Keep::ForTab,
            _ => Keep::ForVisitor,
        };
        let record = Record {
            name: RecordName(name.into()),
            keep,
            value: Some(value.into()),
        };
        (name.to_owned(), record)
    };
    text.lines().map(record).collect()
}

fn restored(dialect: DialectKind, text: &str) -> Rig {
    let settings = Settings {
        dialect,
        ..steady()
    };
    Rig::restored(settings, records(text))
}

#[test]
fn a_chat_goes_on_with_everything_that_was_on_its_way() {
    let mut rig = restored(DialectKind::GmsV2, include_str!("records/polled.txt"));
    assert_eq!(rig.state().phase, Phase::Chatting);
    assert_eq!(rig.composer, "half a tho\"");
    assert_eq!(
        rig.lines(),
        [
            "me: too\nlong (failed: MessageTooLong)",
            "me: on its way (sending)",
            "me: waits (sending)",
            "me: file invoice.pdf (failed: FileGone)",
        ]
    );
    let Item::Message {
        state: MessageState::Failed(refusal),
        ..
    } = &rig.entry(rig.find("too\nlong")).item
    else {
        panic!("it failed")
    };
    assert_eq!((refusal.code, refusal.limit), (Some(204), Some(14_000)));
    assert_eq!(rig.entries()[0].at, WallTime(1_432_845_094_160));
    for (name, value) in [
        ("userId", USER),
        ("secureKey", KEY),
        ("alias", ALIAS),
        ("transcriptPosition", "1"),
    ] {
        assert_eq!(rig.field("refresh", name).as_deref(), Some(value));
    }
    assert!(rig.request("refresh").url.contains(CHAT));
    let before = [own_join(1), agent_joins(2), agent_says(3, "Hi!")];
    let echo = visitor_says(4, "on its way");
    rig.answer("refresh", transcript(&[&before[..], &[echo]].concat(), 5));
    assert_eq!(rig.state().unread, 0, "it was read before");
    assert!(rig.incoming.is_empty(), "it is no news");
    assert_eq!(rig.field("send", "message").as_deref(), Some("waits"));
}

#[test]
fn a_message_that_was_taken_still_counts_as_sent() {
    let mut rig = restored(DialectKind::GmsV2, include_str!("records/taken.txt"));
    assert_eq!(rig.lines(), ["me: taken"]);
    rig.serve(secs(120));
    assert!(rig.times("send").is_empty());
}

#[test]
fn what_was_sent_again_may_still_turn_up_late() {
    let mut rig = restored(DialectKind::GmsV2, include_str!("records/ghost.txt"));
    rig.answer(
        "refresh",
        transcript(&[own_join(1), agent_joins(2), visitor_says(3, "lost")], 4),
    );
    let said = rig.say("new");
    rig.answer(
        "send",
        transcript(&[visitor_says(4, "lost"), visitor_says(5, "new")], 6),
    );
    assert_eq!(rig.texts(), ["lost", "lost", "new"]);
    assert_eq!(rig.find("new"), said, "the late copy is no echo of it");
}

#[test]
fn an_ended_chat_can_still_be_read() {
    let rig = restored(DialectKind::GmsV2, include_str!("records/ended.txt"));
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
    assert_eq!(rig.composer, "next");
    assert_eq!(
        rig.lines(),
        [
            "Anna joined",
            "me: mine",
            "Anna: Choose",
            "Anna offers https://example.com/a",
            "Anna: file a.pdf (expired)",
            "system notes noted",
            "Anna renamed ( to )",
            "Anna left (hold)",
            "Anna joined",
            "Anna left (transfer)",
            "Anna joined",
            "Anna left (other: WHY)",
            "Anna joined",
            "Anna left",
            "me: bad (failed: MessageTooLong)",
            "me: file b.exe (failed: ChatEnded)",
            "ended ByServer",
        ]
    );
    let rich = rig.entries().iter().find_map(|entry| match &entry.item {
        Item::Message { rich, .. } => rich.as_deref(),
        _ => None,
    });
    assert!(rich.is_some_and(|rich| rich.contains("quick-replies")));
    assert!(rig.entries().iter().any(|entry| matches!(
        &entry.item,
        Item::File { file, from: Author::Other(_) }
            if file.bytes == Some(100) && file.description.as_deref() == Some("About")
    )));
}

#[test]
fn a_chat_that_was_yet_to_be_joined_is_joined_with_the_same_answers() {
    let mut rig = restored(
        DialectKind::GmsV1Cometd,
        include_str!("records/joining.txt"),
    );
    rig.open_the_line();
    for (name, value) in [
        ("firstName", "Maria"),
        ("lastName", "Lind"),
        ("email", "m@example.com"),
        ("subject", "Bill"),
        ("plan", "gold"),
        ("TimeZone", "0"),
    ] {
        assert_eq!(rig.field("join", name).as_deref(), Some(value));
    }
}

#[test]
fn a_transcript_that_was_shown_once_is_shown_again() {
    let mut rig = restored(
        DialectKind::GmsV1Cometd,
        include_str!("records/transcript.txt"),
    );
    assert_eq!(
        rig.lines(),
        [
            "Anna joined",
            "Anna: Hello",
            "me: Hi",
            "Anna offers https://example.com/a",
        ]
    );
    assert_eq!(rig.entries()[0].at, WallTime(1_411_717_275_000));
    rig.open_the_line();
    assert_eq!(
        rig.field("refresh", "transcriptPosition").as_deref(),
        Some("5")
    );
    let end = serde_json::json!({
        "chatIxnState": "TRANSCRIPT", "comet_channel": "/_genesys", "transcriptPosition": "5",
    });
    rig.answer("refresh", end);
    rig.say("more");
    let link = "/genesys/1/service/a7e6ed0b-0380-4223-97f8-b3c7d93205e8/ixn/chat/send";
    assert!(
        rig.log
            .iter()
            .any(|(_, request)| request.url.ends_with(link))
    );
}

#[test]
fn events_without_a_time_keep_the_one_at_which_they_were_first_seen() {
    let mut rig = restored(DialectKind::Gws, include_str!("records/gws.txt"));
    rig.set_wall(START + 3_600_000);
    let hello = serde_json::json!({"statusCode": 0, "messages": [{
        "index": 2, "type": "Text", "text": "Hello",
        "from": {"nickname": "Anna", "participantId": "3", "type": "Agent"},
    }]});
    rig.answer("refresh", hello);
    assert_eq!(rig.lines(), ["Anna: Hello"]);
    assert_eq!(rig.entries()[0].at, WallTime(1_432_845_088_120));
}
