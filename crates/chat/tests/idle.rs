//! A server that is about to give up on a silent visitor.

mod common;

use common::*;
use parlour_chat::{ChatCommand, EndReason, Phase};
use serde_json::{Value, json};

fn alert(index: u64, kind: &str, seconds: &str) -> Value {
    let data = json!({"next-idle-timer-type": kind, "next-idle-timer-secs": seconds});
    with(event(index, "IdleAlert", system()), "userData", data)
}

/// Seconds until the chat closes; `None` = no warning, `Some(None)` = a warning without a countdown.
fn warning(rig: &Rig) -> Option<Option<u64>> {
    rig.state()
        .idle
        .map(|idle| idle.closes_at.map(|at| at.since(rig.now.moment).as_secs()))
}

fn alerted() -> Rig {
    let mut rig = Rig::with_agent();
    rig.refresh(&[alert(3, "CLOSE", "45")], 4);
    assert_eq!(warning(&rig), Some(Some(45)));
    rig
}

#[test]
fn warns_and_counts_down_before_the_close() {
    let mut rig = alerted();
    rig.advance(secs(5));
    assert_eq!(warning(&rig), Some(Some(40)));
    assert_eq!(rig.lines(), ["Anna joined"], "no line of the timeline");
}

#[test]
fn counts_down_to_the_close_only() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[alert(3, "ALERT", "45")], 4);
    assert_eq!(warning(&rig), Some(None));
    rig.refresh(&[event(4, "IdleAlert", system())], 5);
    assert_eq!(warning(&rig), Some(None));
    let reply = with(transcript(&[], 5), "idleTimerExpire", json!(20));
    rig.answer_next("refresh", reply);
    assert_eq!(warning(&rig), Some(None), "what expires then is no close");
}

#[test]
fn the_replys_own_seconds_win() {
    for expires in [json!(30), json!("30")] {
        let mut rig = Rig::with_agent();
        rig.wait_for("refresh");
        let reply = transcript(&[alert(3, "CLOSE", "45")], 4);
        rig.answer("refresh", with(reply, "idleTimerExpire", expires));
        assert_eq!(warning(&rig), Some(Some(30)));
        rig.wait_for("refresh");
        rig.answer(
            "refresh",
            with(transcript(&[], 4), "idleTimerExpire", json!(12)),
        );
        assert_eq!(warning(&rig), Some(Some(12)));
    }
}

#[test]
fn without_an_alert_no_seconds_matter() {
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    rig.answer(
        "refresh",
        with(transcript(&[], 3), "idleTimerExpire", json!(30)),
    );
    assert_eq!(warning(&rig), None);
}

#[test]
fn being_still_here_cancels_it() {
    let mut rig = alerted();
    rig.command(ChatCommand::StayAwake);
    assert_eq!(warning(&rig), None);
    assert_eq!(
        rig.field("customNotice", "eventAttributes").as_deref(),
        Some(r#"{"purpose":"cancel-idle-timer"}"#)
    );
}

#[test]
fn being_still_here_gets_through_a_bad_connection() {
    let mut rig = alerted();
    rig.command(ChatCommand::StayAwake);
    rig.fail("customNotice");
    rig.serve(secs(30));
    assert_eq!(rig.times("customNotice").len(), 2);
    assert_eq!(rig.state().refusal, None);
}

#[test]
fn any_message_cancels_it() {
    let mut rig = alerted();
    rig.say("I am here");
    assert_eq!(warning(&rig), None);
    for message in [
        agent_says(4, "are you there?"),
        visitor_says(4, "from my phone"),
    ] {
        let mut rig = alerted();
        rig.refresh(&[message], 5);
        assert_eq!(warning(&rig), None);
    }
    let mut rig = Rig::with_agent();
    rig.refresh(&[alert(3, "CLOSE", "45"), agent_says(4, "there?")], 5);
    assert_eq!(warning(&rig), None);
    rig.refresh(&[alert(5, "CLOSE", "45")], 6);
    assert_eq!(warning(&rig), Some(Some(45)), "the next one warns again");
}

#[test]
fn the_close_ends_the_chat() {
    let mut rig = alerted();
    rig.answer_next("refresh", ended(&[event(4, "IdleClose", system())]));
    assert_eq!(warning(&rig), None);
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
}

#[test]
fn an_alert_of_an_earlier_page_is_no_news() {
    let mut rig = alerted();
    rig.reload();
    rig.refresh(&[own_join(1), agent_joins(2), alert(3, "CLOSE", "45")], 4);
    assert_eq!(warning(&rig), None);
}
