//! Time that passes without a word (protocol section 1, timers).

use std::time::Duration;

use serde_json::json;

use crate::talk::{START_MS, Talk, types};
use parlour_emulator::model::{EndReason, NewChat, Options, Role, World};

fn ended(talk: &Talk) -> Option<EndReason> {
    talk.record().end().map(|end| end.reason)
}

#[test]
fn a_silent_visitor_is_dropped_and_any_request_is_a_sign_of_life() {
    let mut talk = Talk::start();
    assert_eq!(talk.world.next_deadline_ms(), Some(START_MS + 45_000));
    for operation in ["refresh", "stopTyping", "file/limits"] {
        talk.now_ms += 44_999;
        talk.world.tick(talk.now_ms);
        talk.call(operation, &[]);
    }
    talk.world.tick(talk.now_ms + 44_999);
    assert_eq!(ended(&talk), None);
    talk.world.tick(talk.now_ms + 45_000);
    assert_eq!(ended(&talk), Some(EndReason::Dropped));
    assert_eq!(talk.world.next_deadline_ms(), None);
    let reply = talk.call("refresh", &[("transcriptPosition", "2")]);
    assert_eq!(
        (types(&reply), &reply["chatEnded"]),
        (vec!["ParticipantLeft"], &json!(true))
    );
}

#[test]
fn a_wrong_key_is_no_sign_of_life() {
    let mut talk = Talk::start();
    talk.now_ms += 44_000;
    talk.key = "wrong".into();
    talk.call("refresh", &[]);
    talk.world.tick(START_MS + 45_000);
    assert_eq!(ended(&talk), Some(EndReason::Dropped));
}

#[test]
fn dropping_can_be_slower_or_switched_off() {
    for (secs, after_a_minute) in [(300, None), (0, None), (45, Some(EndReason::Dropped))] {
        let drop_after = Duration::from_secs(secs);
        let mut talk = Talk::start_with(Options {
            drop_after,
            ..Options::default()
        });
        talk.world.tick(START_MS + 60_000);
        assert_eq!(ended(&talk), after_a_minute, "{secs} s");
    }
}

#[test]
fn an_idle_alert_counts_down_to_the_end() {
    let mut talk = Talk::start();
    let chat = talk.chat.clone();
    talk.world
        .join(&chat, "Anna", Role::Agent, talk.now_ms)
        .unwrap();
    talk.world.idle_alert(&chat, 30, talk.now_ms).unwrap();
    let reply = talk.call("refresh", &[("transcriptPosition", "3")]);
    assert_eq!(
        reply["messages"][0]["userData"],
        json!({"next-idle-timer-type": "CLOSE", "next-idle-timer-secs": "30"})
    );
    assert_eq!(
        reply["messages"][0]["text"],
        "The chat will be closed in 30 seconds unless you write something."
    );
    talk.now_ms += 10_500;
    assert_eq!(talk.call("refresh", &[])["idleTimerExpire"], 20);
    talk.now_ms += 19_500;
    talk.world.tick(talk.now_ms);
    assert_eq!(ended(&talk), Some(EndReason::Idle));
    let reply = talk.call("refresh", &[("transcriptPosition", "4")]);
    assert_eq!(
        types(&reply),
        ["IdleClose", "ParticipantLeft", "ParticipantLeft"]
    );
    assert_eq!(
        reply["messages"][0]["text"],
        "The chat was closed because nothing was written."
    );
}

#[test]
fn a_word_or_the_right_notice_stops_the_countdown() {
    for (operation, fields, stops) in [
        ("send", &[("message", "I am here")][..], true),
        (
            "customNotice",
            &[("eventAttributes", r#"{"purpose":"cancel-idle-timer"}"#)][..],
            true,
        ),
        (
            "customNotice",
            &[("message", "cancel-idle-timer")][..],
            false,
        ),
        ("refresh", &[][..], false),
    ] {
        let mut talk = Talk::start();
        let chat = talk.chat.clone();
        talk.world.idle_alert(&chat, 30, talk.now_ms).unwrap();
        let reply = talk.call(operation, fields);
        assert_eq!(
            reply.get("idleTimerExpire").is_none(),
            stops,
            "{operation} {fields:?}"
        );
        talk.world.tick(talk.now_ms + 30_000);
        assert_eq!(ended(&talk).is_none(), stops, "{operation} {fields:?}");
    }
}

#[test]
fn a_visitor_of_one_chat_is_dropped_while_many_others_go_on() {
    let mut talk = Talk::start();
    let others: Vec<_> = (0..50)
        .map(|_| talk.world.start_chat(NewChat::default(), START_MS))
        .collect();
    for second in 1..=60 {
        let now_ms = START_MS + second * 1_000;
        for other in &others {
            talk.world.note_sign_of_life(other, now_ms);
        }
        talk.world.tick(now_ms);
        assert_eq!(ended(&talk).is_some(), second >= 45, "{second} s");
    }
    assert_eq!(talk.world.live_chats().count(), others.len());
}

#[test]
fn a_poll_that_was_held_does_not_delay_the_drop() {
    let mut talk = Talk::start();
    let chat = talk.chat.clone();
    talk.world.note_held_poll(&chat, Some(START_MS + 60_000));
    talk.world.tick(START_MS + 50_000);
    assert_eq!(ended(&talk), None);
    talk.world.note_held_poll(&chat, None);
    talk.world.tick(START_MS + 50_000);
    assert_eq!(ended(&talk), Some(EndReason::Dropped));
}

#[test]
fn a_clock_that_is_put_back_does_not_keep_a_silent_visitor() {
    let mut talk = Talk::start();
    talk.now_ms -= 3_600_000;
    talk.call("refresh", &[]);
    talk.world.tick(talk.now_ms + 45_000);
    assert_eq!(ended(&talk), Some(EndReason::Dropped));
}

#[test]
fn another_time_out_counts_for_chats_that_have_begun() {
    let mut talk = Talk::start();
    talk.world.tick(START_MS + 20_000);
    talk.world.options_mut().drop_after = Duration::from_secs(20);
    talk.world.tick(START_MS + 20_000);
    assert_eq!(ended(&talk), Some(EndReason::Dropped));
}

#[test]
fn after_a_restart_a_silent_visitor_has_the_whole_time_again() {
    let mut talk = Talk::start();
    let changes = talk.world.take_changes();
    let mut world = World::replay(1, Options::default(), changes);
    let restarted_ms = START_MS + 1_000_000;
    for (after_ms, live) in [(0, 1), (44_999, 1), (45_000, 0)] {
        world.tick(restarted_ms + after_ms);
        assert_eq!(world.live_chats().count(), live, "{after_ms} ms");
    }
}

#[test]
fn an_idle_alert_closes_a_chat_that_nobody_is_dropped_from() {
    let mut talk = Talk::start_with(Options {
        drop_after: Duration::ZERO,
        ..Options::default()
    });
    let chat = talk.chat.clone();
    talk.world.tick(START_MS + 1_000_000);
    assert_eq!(talk.world.next_deadline_ms(), None);
    talk.world.idle_alert(&chat, 30, START_MS).unwrap();
    talk.world.tick(START_MS + 29_999);
    assert_eq!(ended(&talk), None);
    talk.world.tick(START_MS + 30_000);
    assert_eq!(ended(&talk), Some(EndReason::Idle));
}
