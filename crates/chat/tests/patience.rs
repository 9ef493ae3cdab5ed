//! `Retry-After`: each kind of request waits for itself, and none so long that the server drops the visitor.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use common::*;
use parlour_chat::{
    ChatCommand, Command, Connection, EndReason, EntryId, Item, MessageState, Network, Phase,
    Visibility,
};

fn has_failed(rig: &Rig, said: EntryId) -> bool {
    matches!(
        rig.entry(said).item,
        Item::Message {
            state: MessageState::Failed(_),
            ..
        }
    )
}

/// The longest pause between two refreshes since then, the time until now included.
fn longest_silence(rig: &Rig, from: usize) -> u64 {
    let mut times = rig.times("refresh").split_off(from);
    times.push(rig.now.moment);
    times
        .windows(2)
        .map(|pair| pair[1].0 - pair[0].0)
        .max()
        .unwrap()
}

#[test]
fn a_small_request_that_must_wait_holds_up_nothing_else() {
    for status in [429, 500, 503] {
        let mut rig = Rig::with_agent_and(steady());
        rig.draft("h");
        let read = rig.times("refresh").len();
        rig.answer_with("startTyping", retry_after(status, secs(90)));
        rig.serve(secs(10));
        rig.refresh(&[agent_says(3, "hello")], 4);
        assert_eq!(rig.texts(), ["hello"], "{status}");
        rig.say("hi");
        rig.serve_until("send", secs(2));
        assert!(rig.is_pending("send"), "{status}: {}", rig.describe());
        rig.answer("send", transcript(&[visitor_says(4, "hi")], 5));
        rig.serve(secs(60));
        assert!(longest_silence(&rig, read) < 10_000, "{status}");
        assert_eq!(rig.state().connection, Connection::Up, "{status}");
        // Typing notices and their like do wait.
        let small = |rig: &Rig| rig.times("startTyping").len() + rig.times("stopTyping").len();
        assert_eq!(small(&rig), 1, "{status}");
        rig.draft("how are you");
        rig.serve(secs(30));
        assert!(small(&rig) > 1, "{status}");
    }
}

#[test]
fn what_the_visitor_asked_for_is_tried_once_however_long_small_requests_must_wait() {
    let mut rig = Rig::with_agent();
    rig.draft("h");
    rig.answer_with("startTyping", retry_after(429, secs(600)));
    rig.command(ChatCommand::Rename("Mary".into()));
    assert!(rig.is_pending("updateNickname"), "{}", rig.describe());
    rig.answer_with("updateNickname", retry_after(429, secs(600)));
    assert!(
        rig.state().refusal.is_some(),
        "nobody waits ten minutes for a name"
    );
    rig.command(ChatCommand::Rename("Marie".into()));
    rig.answer("updateNickname", done());
    assert_eq!(rig.state().nickname.as_deref(), Some("Marie"));
}

#[test]
fn the_latest_name_wins_although_an_earlier_one_had_to_wait() {
    let mut rig = Rig::with_agent();
    rig.command(ChatCommand::Rename("Mary".into()));
    rig.answer_with("updateNickname", retry_after(429, secs(20)));
    rig.command(ChatCommand::Rename("Marie".into()));
    rig.answer("updateNickname", done());
    rig.serve(secs(60));
    assert_eq!(rig.times("updateNickname").len(), 2);
}

#[test]
fn an_upload_or_a_download_that_must_wait_holds_up_nothing() {
    let mut rig = Rig::with_agent();
    let file = rig.attach("a.pdf", 3).unwrap();
    rig.answer_with("file", retry_after(503, secs(600)));
    rig.say("the file does not go");
    assert!(rig.is_pending("send"), "{}", rig.describe());
    rig.answer(
        "send",
        transcript(&[visitor_says(3, "the file does not go")], 4),
    );
    rig.serve(secs(5));
    rig.command(ChatCommand::Retry(file));
    rig.serve_until("file", secs(5));
    assert!(rig.is_pending("file"), "the visitor decides");
}

#[test]
fn a_message_that_must_wait_holds_up_only_messages() {
    let mut rig = Rig::with_agent_and(steady());
    let read = rig.times("refresh").len();
    rig.say("hello");
    rig.answer_with("send", retry_after(503, secs(60)));
    rig.say("are you there?");
    rig.draft("and");
    rig.serve(secs(30));
    assert_eq!(rig.times("send").len(), 1);
    assert_eq!(rig.times("startTyping").len(), 1, "{}", rig.describe());
    assert!(longest_silence(&rig, read) < 10_000);
    assert_eq!(rig.state().connection, Connection::Up);
    rig.serve_until("send", secs(60));
    assert_eq!(rig.field("send", "message").as_deref(), Some("hello"));
}

#[test]
fn a_message_that_would_wait_too_long_fails_and_another_try_is_a_real_one() {
    let mut rig = Rig::with_agent();
    let first = rig.say("first");
    let second = rig.say("second");
    rig.answer_with("send", retry_after(503, secs(600)));
    assert!(has_failed(&rig, first) && has_failed(&rig, second));
    rig.command(ChatCommand::Retry(second));
    rig.serve_until("send", secs(5));
    assert_eq!(rig.field("send", "message").as_deref(), Some("second"));
    rig.answer("send", transcript(&[visitor_says(3, "second")], 4));
    assert!(!has_failed(&rig, second));
    let third = rig.say("third");
    assert!(rig.is_pending("send"), "what is new is tried, too");
    rig.answer("send", transcript(&[visitor_says(4, "third")], 5));
    assert!(!has_failed(&rig, third));
}

#[test]
fn nobody_is_silent_for_so_long_that_the_server_drops_them() {
    for (visibility, patience) in [
        (Visibility::Visible, 90),
        (Visibility::Visible, 3_600),
        (Visibility::Hidden, 90),
        (Visibility::Hidden, 31_536_000),
    ] {
        let mut rig = Rig::with_agent();
        rig.visibility(visibility);
        rig.serve(secs(60));
        rig.wait_for("refresh");
        let read = rig.times("refresh").len() - 1;
        rig.answer_with("refresh", retry_after(503, secs(patience)));
        rig.serve_until("refresh", secs(3_600));
        let silence = longest_silence(&rig, read);
        assert!(silence < 45_000, "{visibility:?}, {patience}: {silence}");
        assert!(silence > 10_000, "it is believed as far as that goes");
        rig.refresh(&[agent_says(3, "still there?")], 4);
        assert_eq!(rig.texts(), ["still there?"]);
    }
}

#[test]
fn a_refresh_that_must_wait_holds_up_no_message() {
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    rig.answer_with("refresh", retry_after(503, secs(20)));
    rig.say("hello");
    rig.attach("a.pdf", 3);
    // The wait after any failure is short.
    rig.wait_for("send");
    assert!(rig.is_pending("file"));
    // Nothing that the visitor or the browser does makes the server be asked sooner.
    rig.visibility(Visibility::Hidden);
    rig.visibility(Visibility::Visible);
    rig.network(Network::Offline);
    rig.network(Network::Online);
    rig.command(Command::TryNow);
    assert!(!rig.is_pending("refresh"));
    assert!(rig.wait_for("refresh") > secs(15));
}

#[test]
fn a_disconnect_leaves_although_refreshes_must_wait() {
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    rig.answer_with("refresh", retry_after(503, secs(600)));
    rig.command(Command::End);
    assert!(rig.wait_for("disconnect") <= secs(4));
    // The patience that is asked for in answer to it is longer than the visitor's.
    rig.answer_with("disconnect", retry_after(503, secs(600)));
    rig.advance(secs(10));
    assert!(matches!(rig.state().phase, Phase::Ended(EndReason::Untold)));
}
