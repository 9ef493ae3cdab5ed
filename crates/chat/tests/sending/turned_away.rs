//! Messages that the server turns away for now.

use super::*;

/// Every way of saying "not now".
fn turned_away() -> [Response; 4] {
    [
        http(503, ""),
        http(429, "slow down"),
        http(425, ""),
        http(200, &try_again().to_string()),
    ]
}

#[test]
fn what_the_server_turned_away_is_sent_again_after_a_look() {
    for not_now in turned_away() {
        let mut rig = Rig::with_agent_and(steady());
        rig.say("hello");
        rig.answer_with("send", not_now);
        assert_eq!(rig.lines()[1..], ["me: hello (sending)"]);
        assert_eq!(
            rig.state().connection,
            Connection::Up,
            "it was reached, and answers everything else"
        );
        rig.serve_until("send", millis(1_100));
        rig.answer("send", transcript(&[visitor_says(3, "hello")], 4));
        assert_eq!(rig.lines()[1..], ["me: hello"]);
    }
}

/// Turns a message away until it is given up, and answers everything else. Gives when it left.
fn turn_away_for_ever(rig: &mut Rig, not_now: &Response) -> Vec<Moment> {
    let from = rig.times("send").len() - 1;
    let text = rig.field("send", "message");
    while rig.is_pending("send") && rig.field("send", "message") == text {
        rig.answer_with("send", not_now.clone());
        if !rig.is_pending("send") {
            rig.serve_until("send", secs(60));
        }
        assert!(rig.times("send").len() < from + 100, "it is sent for ever");
    }
    let mut times = rig.times("send").split_off(from);
    if rig.is_pending("send") {
        times.pop();
    }
    times
}

#[test]
fn a_server_that_says_not_now_for_ever_is_asked_ever_more_rarely_and_then_left_alone() {
    for not_now in turned_away() {
        let mut rig = Rig::with_agent_and(steady());
        let hello = rig.say("hello");
        let times = turn_away_for_ever(&mut rig, &not_now);
        assert_eq!(times.len(), 10);
        for (two, most) in times.windows(2).zip([1, 2, 4, 8, 16, 30, 30, 30, 30]) {
            // The message's own answer, and that of the refresh before it leaves again.
            let pause = two[1].since(two[0]) - LATENCY * 2;
            assert!(pause <= secs(most), "{pause:?} of {most} s");
        }
        let waited = times[9].since(times[0]);
        assert!(waited > secs(30), "not with patience: {waited:?}");
        assert_eq!(rig.lines()[1..], ["me: hello (failed: Busy)"]);
        let hasty = rig.pauses().iter().filter(|pause| **pause < 3_000).count();
        assert!(
            hasty <= 9,
            "one refresh before each try: {:?}",
            rig.pauses()
        );
        rig.command(ChatCommand::Retry(hello));
        rig.serve_until("send", millis(100));
        assert_eq!(
            rig.field("send", "message").as_deref(),
            Some("hello"),
            "at once"
        );
        rig.answer_with("send", not_now);
        rig.serve_until("send", millis(1_100));
        assert!(rig.is_pending("send"), "with as much patience again");
    }
}

#[test]
fn what_is_behind_a_message_that_was_turned_away_stays_behind_it() {
    let mut rig = Rig::with_agent();
    rig.say("one");
    rig.say("two");
    rig.answer_with("send", http(429, ""));
    rig.serve_until("send", secs(2));
    assert_eq!(rig.field("send", "message").as_deref(), Some("one"));
    turn_away_for_ever(&mut rig, &http(503, ""));
    assert_eq!(
        rig.lines()[1..],
        ["me: one (failed: Busy)", "me: two (sending)"]
    );
    assert_eq!(rig.field("send", "message").as_deref(), Some("two"));
}

#[test]
fn what_was_turned_away_leaves_no_ghost() {
    let mut rig = Rig::with_agent();
    rig.say("please call me");
    rig.answer_with("send", http(503, ""));
    rig.serve_until("send", secs(2));
    rig.answer("send", transcript(&[visitor_says(3, "please call me")], 4));
    let more = rig.say("please mail me");
    rig.fail("send");
    // Masked it is as like the first one as the second; but of the first there is no late copy.
    rig.refresh(&[visitor_says(4, "please **** me")], 5);
    assert_eq!(rig.texts(), ["please call me", "please **** me"]);
    rig.entry(more);
    rig.serve(secs(100));
    assert_eq!(rig.times("send").len(), 3, "nothing is sent once more");
}

#[test]
fn what_a_liar_at_the_door_let_in_is_not_sent_again() {
    let mut rig = Rig::with_agent_and(steady());
    let hello = rig.say("hello");
    rig.wait_for("refresh");
    rig.answer_with("send", http(503, "upstream reset"));
    rig.answer("refresh", transcript(&[visitor_says(3, "hello")], 4));
    assert_eq!(rig.lines()[1..], ["me: hello"]);
    rig.entry(hello);
    rig.serve(secs(60));
    assert_eq!(rig.times("send").len(), 1);
}

#[test]
fn another_text_is_no_echo_of_what_was_turned_away() {
    let mut rig = Rig::with_agent_and(steady());
    rig.say("hello");
    rig.wait_for("refresh");
    rig.answer_with("send", http(503, ""));
    rig.answer(
        "refresh",
        transcript(&[visitor_says(3, "from my phone")], 4),
    );
    assert_eq!(
        rig.lines()[1..],
        ["me: from my phone", "me: hello (sending)"]
    );
    rig.wait_for("refresh");
    rig.answer("refresh", transcript(&[], 4));
    assert!(rig.is_pending("send"), "{}", rig.describe());
}

#[test]
fn nobody_waits_an_hour_for_a_message_to_leave() {
    let mut rig = Rig::with_agent();
    rig.say("hello");
    rig.answer_with("send", retry_after(429, secs(3_600)));
    assert_eq!(rig.lines()[1..], ["me: hello (failed: Busy)"]);
    let mut rig = Rig::with_agent();
    rig.say("hello");
    rig.answer_with("send", retry_after(429, secs(60)));
    assert_eq!(rig.lines()[1..], ["me: hello (sending)"]);
    let from = rig.now.moment;
    rig.serve_until("send", secs(90));
    assert_eq!(rig.now.moment.since(from).as_secs(), 60);
}

#[test]
fn what_was_turned_away_survives_a_reload() {
    let mut rig = Rig::with_agent();
    rig.say("hello");
    rig.answer_with("send", http(503, ""));
    rig.reload();
    assert_eq!(rig.lines(), ["Anna joined", "me: hello (sending)"]);
    rig.answer("refresh", transcript(&[own_join(1), agent_joins(2)], 3));
    assert_eq!(rig.field("send", "message").as_deref(), Some("hello"));
}

fn has_failed(rig: &Rig, entry: EntryId) -> bool {
    let item = &rig.entry(entry).item;
    matches!(
        item,
        Item::Message {
            state: MessageState::Failed(_),
            ..
        }
    )
}

#[test]
fn a_message_that_was_turned_away_to_the_end_and_got_in_all_the_same_is_shown_once() {
    let mut rig = Rig::with_agent();
    let said = rig.say("let me in");
    for _ in 0..200 {
        if has_failed(&rig, said) {
            break;
        }
        rig.wait_until("a request", |rig| {
            rig.is_pending("send") || rig.is_pending("refresh")
        });
        if rig.is_pending("send") {
            rig.answer_with("send", http(503, ""));
        } else {
            rig.answer("refresh", transcript(&[], 3));
        }
    }
    assert!(has_failed(&rig, said));
    rig.refresh(&[visitor_says(3, "let me in")], 4);
    assert_eq!(rig.texts(), ["let me in"]);
    assert!(!has_failed(&rig, said));
}
