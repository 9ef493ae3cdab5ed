//! Where the transcript is read from, and that each of its events shows once.

mod common;

use common::*;
use parlour_chat::{ChatCommand, Phase};
use serde_json::json;

fn position(rig: &Rig) -> Option<String> {
    rig.field("refresh", "transcriptPosition")
}

#[test]
fn goes_on_where_the_last_transcript_said() {
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    assert_eq!(position(&rig).as_deref(), Some("3"));
    rig.answer(
        "refresh",
        transcript(&[agent_says(3, "one"), agent_says(4, "two")], 5),
    );
    rig.wait_for("refresh");
    assert_eq!(position(&rig).as_deref(), Some("5"));
}

#[test]
fn counts_hidden_events() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_leaves(12, Some("HOLD"))], 14);
    rig.wait_for("refresh");
    assert_eq!(position(&rig).as_deref(), Some("14"));
}

#[test]
fn follows_the_events_where_the_server_says_no_position() {
    for missing in [json!(null), json!("soon"), json!(-3), json!({})] {
        let mut rig = Rig::with_agent();
        rig.wait_for("refresh");
        let reply = with(
            transcript(&[agent_says(3, "one")], 0),
            "nextPosition",
            missing,
        );
        rig.answer("refresh", reply);
        rig.wait_for("refresh");
        assert_eq!(position(&rig).as_deref(), Some("4"));
    }
}

#[test]
fn is_not_moved_by_replies_that_did_not_ask_for_the_transcript() {
    let mut rig = Rig::with_agent();
    rig.draft("h");
    let mut typing = done();
    typing["nextPosition"] = json!(40);
    typing["messages"] = json!([visitor_says(39, "only my own")]);
    rig.answer("startTyping", typing);
    rig.attach("a.txt", 3);
    let mut upload = upload_done("F1");
    upload["nextPosition"] = json!(41);
    rig.answer("file", upload);
    rig.answer_rest();
    rig.wait_for("refresh");
    assert_eq!(
        position(&rig).as_deref(),
        Some("3"),
        "or the agent's words would be lost"
    );
    rig.answer("refresh", transcript(&[agent_says(3, "one")], 4));
    assert_eq!(rig.texts(), ["one"]);
}

#[test]
fn is_moved_by_a_send_that_asked_for_the_transcript() {
    let mut rig = Rig::with_agent();
    rig.say("hello");
    let events = [agent_says(3, "one"), visitor_says(4, "hello")];
    rig.answer("send", transcript(&events, 5));
    rig.wait_for("refresh");
    assert_eq!(position(&rig).as_deref(), Some("5"));
}

#[test]
fn does_not_start_over_when_the_server_says_1() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_says(3, "one")], 4);
    rig.refresh(&[], 1);
    rig.wait_for("refresh");
    assert_eq!(position(&rig).as_deref(), Some("4"));
    rig.answer("refresh", ended(&[agent_leaves(4, None)]));
    assert!(matches!(rig.state().phase, Phase::Ended(_)));
    rig.advance(secs(600));
    assert!(!rig.is_pending("refresh"));
}

#[test]
fn an_older_reply_that_comes_later_does_not_move_it_back() {
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    rig.say("hello");
    let events = [agent_says(3, "one"), visitor_says(4, "hello")];
    rig.answer("send", transcript(&events, 5));
    rig.answer("refresh", transcript(&[agent_says(3, "one")], 4));
    assert_eq!(rig.lines(), ["Anna joined", "Anna: one", "me: hello"]);
    rig.wait_for("refresh");
    assert_eq!(position(&rig).as_deref(), Some("5"));
}

#[test]
fn is_inclusive_so_what_was_seen_shows_once() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_says(3, "one")], 4);
    rig.refresh(
        &[agent_joins(2), agent_says(3, "one"), agent_says(4, "two")],
        5,
    );
    rig.refresh(&[agent_says(4, "two")], 5);
    assert_eq!(rig.lines(), ["Anna joined", "Anna: one", "Anna: two"]);
    assert_eq!(
        rig.incoming,
        ["Anna joined", "Anna: one", "Anna: two"],
        "once each"
    );
}

#[test]
fn gaps_are_no_reason_to_wait() {
    let mut rig = Rig::with_agent();
    rig.refresh(
        &[
            agent_says(3, "one"),
            agent_says(9, "two"),
            agent_says(57, "three"),
        ],
        60,
    );
    assert_eq!(rig.texts(), ["one", "two", "three"]);
    rig.refresh(&[agent_says(61, "four")], 62);
    assert_eq!(rig.texts(), ["one", "two", "three", "four"]);
}

#[test]
fn events_are_shown_by_index_not_by_their_place_in_the_list() {
    let mut rig = Rig::with_agent();
    rig.refresh(
        &[
            agent_says(5, "three"),
            agent_says(3, "one"),
            agent_says(4, "two"),
        ],
        6,
    );
    assert_eq!(rig.texts(), ["one", "two", "three"]);
}

#[test]
fn an_event_that_turns_up_late_takes_its_place() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_says(3, "one"), agent_says(5, "three")], 6);
    rig.say("mine");
    rig.refresh(&[agent_says(4, "two")], 6);
    assert_eq!(rig.texts(), ["one", "two", "three", "mine"]);
}

#[test]
fn a_refused_or_untrusted_reply_moves_nothing() {
    let mut rig = Rig::with_agent();
    rig.answer_next("refresh", try_again());
    rig.wait_for("refresh");
    assert_eq!(position(&rig).as_deref(), Some("3"));
    assert_eq!(rig.field("refresh", "secureKey").as_deref(), Some(KEY));
    let mut refused = refusal(249, "");
    refused["nextPosition"] = json!(30);
    refused["messages"] = json!([agent_says(29, "no")]);
    refused["secureKey"] = json!("no-key");
    rig.answer("refresh", refused);
    rig.wait_for("refresh");
    assert_eq!(position(&rig).as_deref(), Some("3"));
    assert_eq!(rig.field("refresh", "secureKey").as_deref(), Some(KEY));
    assert_eq!(rig.texts(), [""; 0]);
}

#[test]
fn keys_and_alias_are_taken_from_each_reply_that_has_them() {
    let mut rig = Rig::with_agent();
    let mut reply = transcript(&[], 3);
    reply["secureKey"] = json!("key-2");
    reply["alias"] = json!("alias-2");
    reply["userId"] = json!(null);
    rig.answer_next("refresh", reply);
    rig.say("hello");
    let keys = |rig: &Rig, operation: &str| {
        ["secureKey", "alias", "userId"].map(|name| rig.field(operation, name).unwrap_or_default())
    };
    assert_eq!(keys(&rig, "send"), ["key-2", "alias-2", USER]);
    let mut reply = transcript(&[visitor_says(3, "hello")], 4);
    for (key, value) in [
        ("secureKey", json!("")),
        ("alias", json!(null)),
        ("userId", json!("user-2")),
    ] {
        reply[key] = value;
    }
    rig.answer("send", reply);
    rig.command(ChatCommand::PushUrl("https://shop.example".into()));
    assert_eq!(
        keys(&rig, "pushUrl"),
        ["key-2", "alias-2", "user-2"],
        "blank is not given"
    );
    rig.answer("pushUrl", with(done(), "secureKey", json!("key-3")));
    rig.wait_for("refresh");
    assert_eq!(keys(&rig, "refresh"), ["key-3", ALIAS, USER]);
    // What survives a reload is the newest, too.
    rig.reload();
    assert_eq!(keys(&rig, "refresh"), ["key-3", ALIAS, USER]);
}

#[test]
fn no_reply_leads_away_from_the_chat() {
    for id in [json!(".."), json!("."), json!(""), json!("zzz")] {
        let mut rig = Rig::with_agent();
        rig.answer_next("refresh", with(transcript(&[], 3), "chatId", id));
        rig.wait_for("refresh");
        assert_eq!(
            rig.request("refresh").url,
            format!("{SERVICE}/{CHAT}/refresh")
        );
        rig.reload();
        assert_eq!(
            rig.request("refresh").url,
            format!("{SERVICE}/{CHAT}/refresh")
        );
    }
}
