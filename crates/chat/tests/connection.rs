//! A connection that comes and goes: nothing leaves of which nobody would know whether it arrived, and what waits
//! leaves as soon as the server answers again.

mod common;

use std::time::Duration;

use common::*;
use parlour_chat::{Command, Connection, Failure, Network, Visibility};

/// Fails everything that is asked for until then, as a browser without a network does.
fn fail_all(rig: &mut Rig, wait: Duration) {
    let end = rig.now.moment + wait;
    while rig.now.moment < end {
        for request in rig.pending() {
            rig.fail_id(request.id, Failure::Unreachable);
        }
        rig.advance(millis(20));
    }
}

fn sends(rig: &Rig) -> usize {
    rig.times("send").len()
}

/// A chat that has gone on for a second.
fn started(seed: u64) -> Rig {
    let mut rig = Rig::with_seed(settings(), seed);
    rig.start();
    rig.serve(secs(1));
    rig
}

/// How long it takes until a message leaves, once the server answers again.
fn sent_after(rig: &mut Rig) -> Duration {
    let from = rig.now.moment;
    rig.serve_until("send", secs(120));
    rig.now.moment.since(from)
}

#[test]
fn what_is_written_offline_leaves_within_two_seconds_of_coming_back() {
    for seed in 0..30 {
        let mut rig = started(seed);
        rig.network(Network::Offline);
        rig.say("hello");
        fail_all(&mut rig, secs(3));
        assert_eq!(rig.lines(), ["me: hello (sending)"]);
        assert_eq!(rig.state().connection, Connection::Offline);
        rig.network(Network::Online);
        let wait = sent_after(&mut rig);
        assert!(wait <= secs(2), "seed {seed}: {wait:?}");
    }
}

#[test]
fn the_first_poll_after_coming_back_may_fail() {
    for seed in 0..30 {
        let mut rig = started(seed);
        rig.network(Network::Offline);
        rig.say("hello");
        fail_all(&mut rig, secs(60));
        rig.network(Network::Online);
        rig.fail("refresh");
        let wait = sent_after(&mut rig);
        assert!(wait <= secs(2), "seed {seed}: {wait:?}");
    }
}

#[test]
fn nothing_leaves_in_doubt_while_the_browser_says_offline() {
    let mut rig = Rig::with_agent();
    rig.network(Network::Offline);
    for text in ["one", "two", "three"] {
        rig.say(text);
        fail_all(&mut rig, secs(10));
    }
    assert_eq!(sends(&rig), 0);
    rig.network(Network::Online);
    rig.answer("refresh", transcript(&[], 3));
    assert_eq!(rig.field("send", "message").as_deref(), Some("one"));
    for (index, text) in [(3, "one"), (4, "two"), (5, "three")] {
        rig.answer("send", transcript(&[visitor_says(index, text)], index + 1));
    }
    assert_eq!(
        rig.lines(),
        ["Anna joined", "me: one", "me: two", "me: three"]
    );
    assert_eq!(sends(&rig), 3, "each once");
}

#[test]
fn offline_is_shown_and_stops_nothing() {
    let mut rig = Rig::with_agent();
    rig.network(Network::Offline);
    rig.say("to a server on this machine");
    rig.answer("refresh", transcript(&[], 3));
    assert_eq!(rig.state().connection, Connection::Up);
    assert_eq!(sends(&rig), 1, "{}", rig.describe());
    rig.answer(
        "send",
        transcript(&[visitor_says(3, "to a server on this machine")], 4),
    );
    rig.say("and more");
    assert_eq!(sends(&rig), 2, "the server answers: no look before each");
}

#[test]
fn what_is_written_to_a_dead_server_leaves_with_the_first_good_poll() {
    for seed in 0..30 {
        let mut rig = started(seed);
        rig.wait_for("refresh");
        rig.fail("refresh");
        rig.say("hello");
        fail_all(&mut rig, secs(60));
        assert_eq!(sends(&rig), 0);
        let wait = sent_after(&mut rig);
        assert!(wait <= secs(5), "seed {seed}: {wait:?}");
    }
}

#[test]
fn a_server_that_is_back_is_noticed_within_five_seconds_while_the_page_is_shown() {
    for seed in 0..30 {
        let mut rig = started(seed);
        fail_all(&mut rig, secs(120));
        let from = rig.now.moment;
        while rig.state().connection != Connection::Up {
            rig.serve(millis(10));
        }
        let wait = rig.now.moment.since(from);
        assert!(wait <= secs(5), "seed {seed}: {wait:?}");
    }
}

#[test]
fn a_hidden_page_has_more_patience_with_a_dead_server() {
    let mut rig = Rig::with_agent();
    rig.visibility(Visibility::Hidden);
    fail_all(&mut rig, secs(300));
    let asked = rig.requests();
    fail_all(&mut rig, secs(300));
    assert!(rig.requests() - asked < 40, "{}", rig.requests() - asked);
}

#[test]
fn try_now_asks_at_once() {
    let mut rig = Rig::with_agent();
    for _ in 0..8 {
        rig.wait_for("refresh");
        rig.fail("refresh");
    }
    assert_eq!(rig.pending_operations(), [""; 0]);
    rig.command(Command::TryNow);
    assert_eq!(rig.pending_operations(), ["refresh"]);
    rig.answer("refresh", transcript(&[], 3));
    assert_eq!(rig.state().connection, Connection::Up);
    rig.command(Command::TryNow);
    assert_eq!(rig.pending_operations(), [""; 0], "all is well");
}

#[test]
fn try_now_gives_up_a_poll_that_hangs() {
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    rig.fail("refresh");
    rig.wait_for("refresh");
    let hanging = rig.request("refresh").id;
    rig.command(Command::TryNow);
    assert_ne!(rig.request("refresh").id, hanging);
    assert_eq!(rig.aborted.len(), 1);
}

#[test]
fn try_now_obeys_the_server() {
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    rig.answer_with("refresh", retry_after(503, secs(20)));
    rig.command(Command::TryNow);
    assert_eq!(rig.pending_operations(), [""; 0]);
}

#[test]
fn a_file_waits_for_the_connection_too() {
    let mut rig = Rig::with_agent();
    rig.network(Network::Offline);
    rig.attach("a.pdf", 3);
    fail_all(&mut rig, secs(20));
    assert_eq!(
        rig.lines().last().unwrap(),
        "me: file a.pdf (uploading 0/3)"
    );
    rig.network(Network::Online);
    rig.answer("refresh", transcript(&[], 3));
    assert!(rig.is_pending("file"), "{}", rig.describe());
}

#[test]
fn a_long_transcript_that_comes_slowly_is_read_to_its_end() {
    let mut rig = started(1);
    rig.wait_for("refresh");
    let asked = rig.times("refresh");
    // Ten seconds are the deadline of an answer of which nothing comes.
    for step in 1..=3 {
        rig.serve_but("refresh", secs(9));
        assert_eq!(rig.times("refresh"), asked, "given up at step {step}");
        rig.progress("refresh", step * 50_000, 0);
    }
    rig.answer("refresh", transcript(&[agent_says(2, "at last")], 3));
    assert!(rig.texts().contains(&"at last".into()), "{:?}", rig.lines());
    assert_eq!(rig.state().connection, Connection::Up);
}

#[test]
fn an_answer_that_comes_drop_by_drop_does_not_have_the_visitor_dropped() {
    let mut rig = started(1);
    rig.wait_for("refresh");
    let asked = rig.times("refresh");
    let from = rig.now.moment;
    for step in 1..60 {
        rig.serve_but("refresh", secs(1));
        if rig.times("refresh") != asked || !rig.is_pending("refresh") {
            break;
        }
        rig.progress("refresh", step, 0);
    }
    rig.serve_until("refresh", secs(60));
    let silence = rig.now.moment.since(from);
    assert!(silence > secs(29), "given up after {silence:?}");
    assert!(silence < settings().pace.drop_after, "{silence:?}");
}
