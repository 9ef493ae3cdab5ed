//! Messages that the server refuses, and what the visitor can do with them.

use super::*;

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
