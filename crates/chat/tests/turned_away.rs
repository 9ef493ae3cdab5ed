//! Messages that were turned away for now: they leave again only where the transcript does not show them.

mod common;

use common::*;
use parlour_chat::ChatCommand;

#[test]
fn a_message_that_was_turned_away_and_got_in_all_the_same_is_not_sent_again() {
    for status in [429, 503] {
        let mut rig = Rig::with_agent();
        rig.say("hello");
        rig.answer_with("send", http(status, ""));
        rig.serve_until("refresh", secs(5));
        assert_eq!(rig.times("send").len(), 1, "it leaves after a transcript");
        rig.answer("refresh", transcript(&[visitor_says(3, "hello")], 4));
        rig.serve(secs(60));
        assert_eq!(rig.times("send").len(), 1);
        assert_eq!(rig.lines()[1..], ["me: hello"]);
    }
}

#[test]
fn a_message_that_was_turned_away_leaves_soon_and_before_what_was_typed_after_it() {
    let mut rig = Rig::with_agent();
    rig.say("one");
    rig.answer_with("send", http(503, ""));
    rig.say("two");
    rig.serve_until("send", secs(2));
    assert_eq!(rig.field("send", "message").as_deref(), Some("one"));
}

#[test]
fn a_message_that_was_turned_away_is_not_stuck_where_refreshes_are_turned_away_too() {
    let mut rig = Rig::with_agent();
    let said = rig.say("hello");
    rig.answer_with("send", http(503, ""));
    let from = rig.now.moment;
    while rig.lines().last().unwrap() == "me: hello (sending)" {
        rig.wait_for("refresh");
        rig.answer_with("refresh", http(503, ""));
        assert!(rig.now.moment.since(from) < secs(300), "{}", rig.describe());
    }
    assert_eq!(rig.lines().last().unwrap(), "me: hello (failed: Busy)");
    // Another try asks for the transcript first, too, and gets in where that can be had.
    rig.command(ChatCommand::Retry(said));
    rig.serve_until("send", secs(40));
    assert_eq!(rig.times("send").len(), 2);
}

#[test]
fn a_message_that_fails_after_it_got_in_is_not_sent_by_another_try() {
    let mut rig = Rig::with_agent();
    let said = rig.say("hello");
    rig.answer_with("send", retry_after(503, secs(600)));
    rig.command(ChatCommand::Retry(said));
    assert!(!rig.is_pending("send"), "the transcript is yet to be read");
    rig.serve_until("refresh", secs(5));
    rig.answer("refresh", transcript(&[visitor_says(3, "hello")], 4));
    rig.serve(secs(60));
    assert_eq!(rig.times("send").len(), 1);
    assert_eq!(rig.lines()[1..], ["me: hello"]);
}
