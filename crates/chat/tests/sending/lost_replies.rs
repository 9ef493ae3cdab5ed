//! Messages whose reply was lost: the transcript decides whether they are sent again.

use super::*;

#[test]
fn a_lost_reply_is_settled_by_the_transcript() {
    for lost in [Failure::Unreachable, Failure::TimedOut] {
        let mut rig = Rig::with_agent();
        let hello = rig.say("hello");
        rig.fail_with("send", lost);
        assert_eq!(
            rig.lines()[1..],
            ["me: hello (sending)"],
            "nobody knows yet"
        );
        let waited = rig.wait_for("refresh");
        assert!(waited <= secs(1), "looks soon: {waited:?}");
        rig.answer("refresh", transcript(&[visitor_says(3, "hello")], 4));
        assert_eq!(rig.lines()[1..], ["me: hello"]);
        rig.entry(hello);
        for _ in 0..20 {
            rig.refresh(&[], 4);
            assert!(!rig.is_pending("send"));
        }
    }
}

#[test]
fn it_is_not_sent_again_before_the_window_and_a_later_look() {
    let mut rig = Rig::with_agent();
    let hello = rig.say("hello");
    let left = rig.now.moment;
    rig.fail("send");
    let asked = until_sent(&mut rig, 3);
    let last = *asked.last().expect("looked at least once");
    assert!(last >= left + secs(30), "{last:?}");
    assert!(last <= left + secs(32), "and soon after: {last:?}");
    assert!(asked.len() > 5, "kept looking meanwhile");
    assert_eq!(rig.field("send", "message").as_deref(), Some("hello"));
    rig.answer("send", transcript(&[visitor_says(3, "hello")], 4));
    assert_eq!(rig.lines()[1..], ["me: hello"]);
    rig.entry(hello);
}

#[test]
fn a_look_that_began_too_early_does_not_count() {
    let mut settings = steady();
    settings.pace.quiet = secs(3);
    let mut rig = Rig::with_agent_and(settings);
    rig.say("hello");
    let left = rig.now.moment;
    rig.fail("send");
    while rig.now.moment < left + secs(23) {
        rig.refresh(&[], 3);
    }
    rig.wait_for("refresh");
    assert!(rig.now.moment < left + secs(30));
    // The server looked before its last chance to take the message, and answered after.
    rig.freeze((left + millis(30_500)).since(rig.now.moment));
    rig.answer("refresh", transcript(&[], 3));
    assert!(!rig.is_pending("send"));
    assert!(
        rig.is_pending("refresh"),
        "a look that counts leaves at once"
    );
    rig.answer("refresh", transcript(&[visitor_says(3, "hello")], 4));
    assert_eq!(rig.lines()[1..], ["me: hello"]);
    assert!(!rig.is_pending("send"));
}

#[test]
fn what_is_undecided_holds_back_what_comes_after() {
    let mut rig = Rig::with_agent();
    rig.say("one");
    rig.fail("send");
    rig.say("two");
    rig.refresh(&[agent_says(3, "still there?")], 4);
    assert!(!rig.is_pending("send"), "the order would be lost");
    assert_eq!(
        rig.lines()[1..],
        [
            "Anna: still there?",
            "me: one (sending)",
            "me: two (sending)"
        ]
    );
    rig.refresh(&[visitor_says(4, "one")], 5);
    assert_eq!(rig.field("send", "message").as_deref(), Some("two"));
    rig.answer("send", transcript(&[visitor_says(5, "two")], 6));
    assert_eq!(
        rig.lines()[1..],
        ["Anna: still there?", "me: one", "me: two"]
    );
}

#[test]
fn a_silent_server_is_given_up_at_the_deadline() {
    let mut rig = Rig::with_agent();
    rig.say("hello");
    rig.advance(millis(9_999));
    assert!(rig.is_pending("send"));
    rig.advance(millis(1));
    assert!(
        rig.aborted
            .iter()
            .any(|request| operation_of(request) == "send")
    );
    assert_eq!(rig.lines()[1..], ["me: hello (sending)"]);
}

#[test]
fn texts_come_back_trimmed_or_masked() {
    for (typed, recorded) in [
        ("  my order\nis late \n", "my order\nis late"),
        ("call 0170 1234567", "call 0170 *******"),
        ("4111 1111 1111 1111", "****"),
        ("a < b", "a &lt; b"),
    ] {
        let mut rig = Rig::with_agent();
        let entry = rig.say(typed);
        assert_eq!(rig.field("send", "message").as_deref(), Some(typed));
        rig.answer("send", transcript(&[visitor_says(3, recorded)], 4));
        assert_eq!(rig.texts(), [recorded], "the transcript is the truth");
        rig.entry(entry);

        let mut rig = Rig::with_agent();
        let entry = rig.say(typed);
        rig.fail("send");
        rig.refresh(&[visitor_says(3, recorded)], 4);
        assert_eq!(rig.texts(), [recorded]);
        rig.entry(entry);
    }
}

#[test]
fn what_was_said_elsewhere_shows_as_ones_own() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[visitor_says(3, "from my phone")], 4);
    assert_eq!(rig.lines()[1..], ["me: from my phone"]);
}

#[test]
fn what_was_said_in_another_tab_is_no_echo_of_a_message_that_got_no_answer() {
    for elsewhere in ["call me today", "call you ******", "👍", "call"] {
        let mut rig = Rig::with_agent();
        let mine = rig.say("call me tomorrow");
        rig.fail("send");
        rig.refresh(&[visitor_says(3, elsewhere)], 4);
        assert_eq!(
            rig.lines()[1..],
            [
                format!("me: {elsewhere}"),
                "me: call me tomorrow (sending)".into()
            ]
        );
        until_sent(&mut rig, 4);
        rig.answer(
            "send",
            transcript(&[visitor_says(4, "call me tomorrow")], 5),
        );
        assert_eq!(rig.texts(), [elsewhere, "call me tomorrow"]);
        rig.entry(mine);
    }
}

#[test]
fn what_was_said_in_another_tab_may_overtake_an_echo() {
    let mut rig = Rig::with_agent();
    let mine = rig.say("hello");
    rig.refresh(&[visitor_says(4, "from the other tab")], 5);
    rig.answer("send", transcript(&[visitor_says(3, "hello")], 5));
    assert_eq!(rig.texts(), ["hello", "from the other tab"]);
    rig.entry(mine);
}

/// A message whose first copy is still on its way when the second has arrived.
fn sent_twice(text: &str) -> Rig {
    let mut rig = Rig::with_agent();
    rig.say(text);
    rig.fail("send");
    until_sent(&mut rig, 3);
    rig.answer("send", transcript(&[visitor_says(3, text)], 4));
    assert_eq!(rig.texts(), [text]);
    rig
}

#[test]
fn a_late_copy_is_not_taken_for_the_next_message() {
    for late in ["please call me", "please call **", "please  call me "] {
        let mut rig = sent_twice("please call me");
        let bye = rig.say("bye");
        rig.fail("send");
        rig.refresh(&[visitor_says(4, late)], 5);
        assert_eq!(
            rig.lines()[1..],
            [
                "me: please call me".to_owned(),
                format!("me: {late}"),
                "me: bye (sending)".into()
            ]
        );
        rig.refresh(&[visitor_says(5, "bye")], 6);
        assert_eq!(rig.texts(), ["please call me", late, "bye"]);
        rig.entry(bye);
    }
}

#[test]
fn when_in_doubt_a_message_is_doubled_but_not_lost() {
    let mut rig = sent_twice("please call me");
    rig.say("please mail me");
    rig.fail("send");
    // Either of the two, masked: nobody can tell.
    rig.refresh(&[visitor_says(4, "please **** me")], 5);
    until_sent(&mut rig, 5);
    assert_eq!(
        rig.field("send", "message").as_deref(),
        Some("please mail me")
    );
}
