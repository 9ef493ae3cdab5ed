//! A message on its way: shown at once, sent once and in order, merged with the server's own event.

mod common;

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

#[test]
fn a_refused_message_stays_with_the_reason_and_lets_others_pass() {
    let mut rig = Rig::with_agent();
    rig.say("a long story");
    rig.say("short");
    rig.answer("send", refusal(204, "14700"));
    assert_eq!(
        rig.lines()[1..],
        [
            "me: a long story (failed: MessageTooLong)",
            "me: short (sending)"
        ]
    );
    let story = rig.find("a long story");
    let Item::Message {
        state: MessageState::Failed(why),
        ..
    } = &rig.entry(story).item
    else {
        panic!("{}", rig.describe());
    };
    assert_eq!((why.code, why.limit), (Some(204), Some(14_700)));
    rig.answer("send", transcript(&[visitor_says(3, "short")], 4));
    assert_eq!(
        rig.lines()[1..],
        ["me: a long story (failed: MessageTooLong)", "me: short"]
    );
    rig.advance(secs(120));
    assert!(!rig.is_pending("send"), "it is the visitor's turn");
}

#[test]
fn statuses_say_whether_it_failed_or_nobody_knows() {
    for (status, body, outcome) in [
        (413, "<h1>Too large</h1>", "(failed: MessageTooLong)"),
        (400, "", "(failed: Refused)"),
        (404, "<h1>Not Found</h1>", "(failed: Refused)"),
        (500, "<html>", "(sending)"),
        (502, "Bad Gateway", "(sending)"),
        (408, "", "(sending)"),
        (503, "", "(sending)"),
        (429, "", "(sending)"),
        (200, "<html>Sign in to the Wi-Fi", "(sending)"),
        (200, r#"{"messages":[{"from":{"ni"#, "(sending)"),
        (200, "", "(sending)"),
    ] {
        let mut rig = Rig::with_agent();
        rig.say("hello");
        rig.answer_with("send", http(status, body));
        assert_eq!(
            rig.lines()[1..],
            [format!("me: hello {outcome}")],
            "HTTP {status} {body}"
        );
    }
}

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

#[test]
fn a_failed_message_is_retried_where_it_failed_and_sent_where_the_server_has_it() {
    let mut rig = Rig::with_agent();
    let first = rig.say("first");
    rig.answer("send", refusal(249, ""));
    rig.say("second");
    rig.answer("send", transcript(&[visitor_says(3, "second")], 4));
    assert_eq!(
        rig.lines()[1..],
        ["me: first (failed: Refused)", "me: second"]
    );
    rig.command(ChatCommand::Retry(first));
    assert_eq!(rig.lines()[1..], ["me: first (sending)", "me: second"]);
    rig.answer("send", done());
    assert_eq!(rig.lines()[1..], ["me: first", "me: second"]);
    rig.refresh(&[agent_says(4, "Hi!"), visitor_says(5, "first")], 6);
    assert_eq!(rig.lines()[1..], ["me: second", "Anna: Hi!", "me: first"]);
    assert_eq!(rig.find("first"), first, "it is the same entry");
    assert_eq!(rig.entry(first).at, WallTime(START + 5_000));
    rig.command(ChatCommand::Retry(first));
    assert!(!rig.is_pending("send"), "what is sent is not sent again");
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
fn the_conversation_goes_on_below_what_failed() {
    let mut rig = Rig::with_agent();
    rig.say("first");
    rig.answer("send", refusal(249, ""));
    rig.refresh(&[agent_says(3, "Are you there?")], 4);
    rig.say("second");
    rig.answer("send", refusal(249, ""));
    rig.say("third");
    rig.refresh(&[agent_says(4, "Hello?")], 5);
    let lines = [
        "Anna joined",
        "me: first (failed: Refused)",
        "Anna: Are you there?",
        "me: second (failed: Refused)",
        "Anna: Hello?",
        "me: third (sending)",
    ];
    assert_eq!(rig.lines(), lines);
    rig.reload();
    let before = [agent_says(3, "Are you there?"), agent_says(4, "Hello?")];
    let before = [&[own_join(1), agent_joins(2)][..], &before].concat();
    rig.answer("refresh", transcript(&before, 5));
    assert_eq!(rig.lines(), lines, "also after a reload");
    let (first, second) = (rig.find("first"), rig.find("second"));
    rig.command(ChatCommand::Discard(second));
    rig.command(ChatCommand::Retry(first));
    rig.command(ChatCommand::Discard(first));
    assert_eq!(
        rig.lines()[1],
        "me: first (sending)",
        "it is on its way again"
    );
    assert!(rig.lines().iter().all(|line| !line.contains("second")));
}

#[test]
fn what_failed_twice_stays_where_it_failed_first() {
    let mut rig = Rig::with_agent();
    let first = rig.say("first");
    rig.answer("send", refusal(249, ""));
    rig.refresh(&[agent_says(3, "Hi!")], 4);
    rig.command(ChatCommand::Retry(first));
    assert_eq!(rig.lines()[1..], ["me: first (sending)", "Anna: Hi!"]);
    rig.answer("send", refusal(249, ""));
    rig.refresh(&[agent_says(4, "Well?")], 5);
    let after = ["Anna: Hi!", "Anna: Well?"];
    assert_eq!(rig.lines()[1], "me: first (failed: Refused)");
    assert_eq!(rig.lines()[2..], after);
    rig.command(ChatCommand::Retry(first));
    rig.reload();
    assert_eq!(
        rig.lines(),
        [
            "Anna joined",
            "me: first (sending)",
            "Anna: Hi!",
            "Anna: Well?"
        ]
    );
    let before = [agent_says(3, "Hi!"), agent_says(4, "Well?")];
    let before = [&[own_join(1), agent_joins(2)][..], &before].concat();
    rig.answer("refresh", transcript(&before, 5));
    assert_eq!(rig.lines()[1], "me: first (sending)");
    assert_eq!(rig.lines()[2..], after);
}

#[test]
fn what_failed_below_a_message_stays_below_it_when_that_is_recorded() {
    let mut rig = Rig::with_agent();
    rig.say("first");
    let file = rig.attach("a.txt", 3).expect("a row");
    rig.answer_with("file", http(413, ""));
    rig.answer("send", transcript(&[visitor_says(3, "first")], 4));
    rig.refresh(&[agent_says(4, "Hi!")], 5);
    let lines = [
        "Anna joined",
        "me: first",
        "me: file a.txt (failed: FileTooLarge)",
        "Anna: Hi!",
    ];
    assert_eq!(rig.lines(), lines);
    rig.command(ChatCommand::CancelUpload(file));
    rig.command(ChatCommand::Retry(file));
    assert_eq!(rig.lines(), lines, "neither makes sense any more");
    rig.command(ChatCommand::Discard(file));
    assert_eq!(rig.lines().len(), 3);
}

#[test]
fn a_failed_message_can_be_edited_after_what_is_typed() {
    let mut rig = Rig::with_agent();
    let first = rig.say("first");
    rig.answer("send", refusal(204, "3"));
    rig.draft("second");
    rig.command(ChatCommand::Edit(first));
    assert_eq!(rig.composer, "second\nfirst");
    assert_eq!(rig.session.draft(), "second\nfirst");
    assert_eq!(rig.lines(), ["Anna joined"]);
    assert_eq!(
        rig.storage.keys().collect::<Vec<_>>(),
        ["draft", "session", "transcript"]
    );
}

#[test]
fn a_failed_message_can_be_discarded() {
    let mut rig = Rig::with_agent();
    let first = rig.say("first");
    rig.command(ChatCommand::Discard(first));
    assert_eq!(rig.texts(), ["first"], "too late while it is on its way");
    rig.answer("send", refusal(204, "3"));
    rig.command(ChatCommand::Discard(first));
    assert_eq!(rig.lines(), ["Anna joined"]);
    assert_eq!(
        rig.storage.keys().collect::<Vec<_>>(),
        ["session", "transcript"]
    );
    assert_eq!(rig.composer, "");
}

#[test]
fn too_long_a_message_goes_back_into_the_composer() {
    let mut settings = settings();
    settings.max_message_units = 10;
    let mut rig = Rig::chatting_with(settings);
    for (text, passes) in [
        ("0123456789", true),
        ("01234567890", false),
        ("😀😀😀😀😀", true),
        ("😀😀😀😀😀😀", false),
        ("éééééééééé", true),
    ] {
        rig.say(text);
        assert_eq!(rig.composer == text, !passes, "{text}");
        let refusal = rig
            .state()
            .refusal
            .clone()
            .map(|why| (why.reason, why.limit));
        let expected = (!passes).then_some((RefusalReason::MessageTooLong, Some(10)));
        assert_eq!(refusal, expected, "{text}");
    }
    assert_eq!(rig.texts(), ["0123456789", "😀😀😀😀😀", "éééééééééé"]);
}

#[test]
fn forty_thousand_characters_are_refused_with_the_text_kept() {
    let mut rig = Rig::with_agent();
    let novel = "word ".repeat(8_000);
    rig.say(&novel);
    assert_eq!(rig.composer, novel);
    assert_eq!(rig.session.draft(), novel);
    assert!(!rig.is_pending("send"));
    rig.draft("word");
    assert!(rig.state().refusal.is_some(), "stays until the next try");
    rig.say("word");
    assert_eq!(rig.state().refusal, None);
}

#[test]
fn blank_messages_are_none() {
    let mut rig = Rig::with_agent();
    // What is copied from other chats may hold nothing but marks that nobody sees.
    for blank in [
        "",
        " ",
        "\n\t ",
        "\u{3000}",
        "\u{200b}",
        "\u{feff}\u{2060}\u{a0}",
    ] {
        assert!(!rig.state().can_send(blank), "{blank:?}");
        rig.command(Command::Say(blank.into()));
    }
    assert_eq!(rig.lines(), ["Anna joined"]);
    assert!(!rig.is_pending("send"));
}

#[test]
fn whatever_is_typed_reaches_the_server_unchanged() {
    let mut rig = Rig::with_agent();
    let nasty = "a+b&c=d%20;\u{0}\r\n\t\"'<script>é漢😀\u{202e}";
    rig.say(nasty);
    assert_eq!(rig.field("send", "message").as_deref(), Some(nasty));
}

#[test]
fn a_refused_send_asks_at_once_whether_the_chat_goes_on() {
    let mut rig = Rig::with_agent();
    rig.say("hello");
    rig.answer("send", refusal(249, ""));
    assert!(rig.is_pending("refresh"));
    rig.answer("refresh", gone());
    assert_eq!(
        rig.lines()[1..],
        ["me: hello (failed: ChatEnded)", "ended Gone"]
    );
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
