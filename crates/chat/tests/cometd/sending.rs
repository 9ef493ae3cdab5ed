//! What the visitor says: acknowledgements, echoes, refusals, and what is lost.

use parlour_chat::ChatCommand;

use super::*;

#[test]
fn one_message_is_published_at_a_time() {
    let mut rig = chatting();
    rig.say("one");
    rig.command(ChatCommand::PushUrl("https://a.example".into()));
    rig.command(ChatCommand::Rename("Mary".into()));
    let mut published = Vec::new();
    while let Some(operation) = alone(&rig) {
        let request = line::messages(rig.request(&operation)).remove(0);
        assert_eq!(request["data"]["secureKey"], KEY);
        published.push(operation.clone());
        let echo = transcript(&[visitor_says(3, "one")], 4);
        let said = operation == "send";
        rig.hear(
            &operation,
            if said {
                std::slice::from_ref(&echo)
            } else {
                &[]
            },
        );
    }
    assert_eq!(published, ["send", "pushUrl", "updateNickname"]);
}

#[test]
fn what_is_refused_after_a_message_that_was_typed_is_the_message() {
    let mut rig = chatting();
    rig.draft("too long");
    rig.hear("startTyping", &[]);
    let long = rig.say("too long");
    rig.hear("send", &[]);
    assert_eq!(
        alone(&rig),
        None,
        "that typing stopped can wait until it is seen"
    );
    rig.hear("poll", &[refusal(204, "4096")]);
    assert_eq!(
        failed_because(&rig, long),
        Some(RefusalReason::MessageTooLong)
    );
}

#[test]
fn the_echo_is_the_message_and_lets_the_next_one_leave() {
    let mut rig = chatting();
    let one = rig.say("one");
    let two = rig.say("two");
    rig.hear("send", &[]);
    assert_eq!(state_of(&rig, one), MessageState::Sent, "it was taken");
    assert_eq!(state_of(&rig, two), MessageState::Sending);
    assert_eq!(alone(&rig), None);
    rig.hear("poll", &[transcript(&[visitor_says(3, "one")], 4)]);
    rig.hear("send", &[transcript(&[visitor_says(4, "two")], 5)]);
    assert_eq!(rig.lines(), ["Anna joined", "me: one", "me: two"]);
    assert_eq!((rig.find("one"), rig.find("two")), (one, two));
    let requests = rig.requests();
    rig.advance(secs(35));
    assert_eq!(
        rig.requests(),
        requests,
        "nobody asks for what comes by itself"
    );
}

#[test]
fn an_echo_that_does_not_come_is_looked_for() {
    let mut rig = chatting();
    rig.say("hello");
    rig.hear("send", &[]);
    rig.advance(secs(11));
    rig.open_the_line();
    assert_eq!(position(&rig).as_deref(), Some("3"));
    rig.hear("refresh", &[transcript(&[visitor_says(3, "hello")], 4)]);
    assert_eq!(rig.lines(), ["Anna joined", "me: hello"]);
    assert_eq!(rig.times("send").len(), 1);
}

#[test]
fn an_echo_before_the_acknowledgement_is_the_message_too() {
    let mut rig = chatting();
    let said = rig.say("hello");
    rig.hear("poll", &[transcript(&[visitor_says(3, "hello")], 4)]);
    rig.hear("send", &[transcript(&[agent_says(4, "Hi")], 5)]);
    assert_eq!(rig.lines(), ["Anna joined", "me: hello", "Anna: Hi"]);
    assert_eq!(rig.find("hello"), said);
    rig.advance(secs(60));
    assert_eq!(rig.times("send").len(), 1);
}

#[test]
fn a_message_that_a_forgotten_client_sent_is_sent_again_once() {
    let mut rig = chatting();
    let said = rig.say("hello");
    rig.forget("send");
    assert_eq!(state_of(&rig, said), MessageState::Sending);
    rig.open_the_line();
    assert_eq!(
        alone(&rig).as_deref(),
        Some("refresh"),
        "first what happened"
    );
    rig.hear("refresh", &[transcript(&[], 3)]);
    rig.wait_for("send");
    rig.hear("send", &[transcript(&[visitor_says(3, "hello")], 4)]);
    rig.advance(secs(60));
    assert_eq!(rig.times("send").len(), 2);
    assert_eq!(rig.lines(), ["Anna joined", "me: hello"]);
    assert_eq!(state_of(&rig, said), MessageState::Sent);
}

#[test]
fn a_message_whose_acknowledgement_is_lost_is_looked_for_before_it_is_sent_again() {
    let mut rig = chatting();
    let said = rig.say("hello");
    rig.fail("send");
    rig.open_the_line();
    assert_eq!(position(&rig).as_deref(), Some("3"));
    rig.hear("refresh", &[transcript(&[visitor_says(3, "hello")], 4)]);
    rig.advance(secs(59));
    assert_eq!(rig.times("send").len(), 1);
    assert_eq!(rig.find("hello"), said);
}

#[test]
fn a_refusal_that_is_pushed_fails_the_message() {
    for acknowledged in [true, false] {
        let mut rig = chatting();
        let long = rig.say("too long");
        if acknowledged {
            rig.hear("send", &[]);
            assert_eq!(state_of(&rig, long), MessageState::Sent);
        }
        rig.hear("poll", &[refusal(204, "4096")]);
        let reason = Some(RefusalReason::MessageTooLong);
        assert_eq!(failed_because(&rig, long), reason);
        if !acknowledged {
            // The acknowledgement says nothing more of it, and may bring news.
            rig.hear("send", &[transcript(&[agent_says(3, "Go on")], 4)]);
            assert_eq!(failed_because(&rig, long), reason);
            assert_eq!(rig.texts(), ["too long", "Go on"]);
        }
        // A refusal may be the end of the chat: the transcript tells.
        rig.open_the_line();
        assert_eq!(position(&rig).as_deref(), Some("3"));
        rig.hear("refresh", &[transcript(&[agent_says(3, "Go on")], 4)]);
        assert_eq!(rig.state().phase, Phase::Chatting);
        assert_eq!(rig.texts(), ["too long", "Go on"], "it failed before");
        rig.command(ChatCommand::Retry(long));
        rig.hear("send", &[transcript(&[visitor_says(4, "too long")], 5)]);
        assert_eq!(rig.texts(), ["Go on", "too long"], "as the server has it");
        assert_eq!(state_of(&rig, long), MessageState::Sent);
    }
}

#[test]
fn a_message_that_is_turned_away_waits_on_the_line_and_goes_again() {
    let mut rig = chatting();
    let hello = rig.say("hello");
    rig.hear("send", &[]);
    assert_eq!(state_of(&rig, hello), MessageState::Sent);
    rig.hear("poll", &[try_again()]);
    assert_eq!(state_of(&rig, hello), MessageState::Sending);
    let polls = rig.times("poll").len();
    assert!(rig.wait_for("send") <= secs(1));
    assert_eq!(
        rig.times("poll").len(),
        polls,
        "no other line is needed: it was not done"
    );
    rig.hear("send", &[transcript(&[visitor_says(3, "hello")], 4)]);
    assert_eq!(rig.lines()[1..], ["me: hello"]);
}

#[test]
fn a_not_now_that_was_meant_for_something_else_doubles_no_message() {
    let mut rig = chatting();
    let hello = rig.say("hello");
    rig.hear("send", &[try_again()]);
    rig.hear("poll", &[transcript(&[visitor_says(3, "hello")], 4)]);
    assert_eq!(rig.lines()[1..], ["me: hello"]);
    rig.entry(hello);
    rig.advance(secs(50));
    assert_eq!(rig.times("send").len(), 1);
}

#[test]
fn a_server_that_turns_every_message_away_is_not_stormed() {
    let mut rig = chatting();
    let hello = rig.say("hello");
    for pause in [0, 1, 2, 4, 8, 16, 30, 30, 30, 30] {
        assert_eq!(state_of(&rig, hello), MessageState::Sending);
        assert!(rig.wait_for("send") <= secs(pause));
        rig.answer_with("send", http(503, ""));
        // What else would have come with it is read anew.
        rig.open_the_line();
        rig.hear("refresh", &[transcript(&[], 3)]);
    }
    assert_eq!(failed_because(&rig, hello), Some(RefusalReason::Busy));
    let times = rig.times("send");
    assert!(times[9].since(times[0]) > secs(30), "{times:?}");
}

#[test]
fn a_refusal_of_something_else_does_not_unsay_a_message() {
    let mut rig = chatting();
    let said = rig.say("hello");
    rig.hear("send", &[transcript(&[visitor_says(3, "hello")], 4)]);
    rig.hear("poll", &[refusal(249, "")]);
    assert_eq!(state_of(&rig, said), MessageState::Sent);
    assert_eq!(rig.state().phase, Phase::Chatting);
}

#[test]
fn a_refused_preview_is_no_reason_to_stop() {
    let mut settings = settings();
    settings.features.typing_preview = true;
    let mut rig = chatting_with(settings);
    rig.draft("far too long");
    rig.hear("startTyping", &[]);
    rig.hear("poll", &[refusal(204, "4096")]);
    assert_eq!(rig.state().phase, Phase::Chatting);
    assert_eq!(rig.state().refusal, None);
}
