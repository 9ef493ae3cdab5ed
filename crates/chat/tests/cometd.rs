//! GMS v2 over CometD: one line that is kept up, on which one message is published at a time and the news come
//! by themselves; whatever breaks, the transcript is read again from before it.

#![expect(clippy::panic, reason = "a test may fail")]

mod common;

use common::line::{self, channels};
use common::*;
use parlour_chat::{
    Body, Command, DialectKind, EndReason, EntryId, Failure, FileState, Item, MessageState,
    Network, Panel, Phase, RefusalReason, Settings, Visibility,
};
use serde_json::{Value, json};

const FILES: &str = "https://chat.example/genesys/2/chat-ntf";

fn settings() -> Settings {
    let mut settings = Settings {
        dialect: DialectKind::GmsV2Cometd,
        ..steady()
    };
    settings.features.files = false;
    settings
}

/// A chat with an agent (event 2), all of whose news have come.
fn chatting() -> Rig {
    chatting_with(settings())
}

fn chatting_with(settings: Settings) -> Rig {
    let mut rig = Rig::with(settings);
    rig.start();
    rig.open_the_line();
    rig.hear("start", &[started()]);
    rig.hear("poll", &[transcript(&[agent_joins(2)], 3)]);
    rig.panel(Panel::Open);
    assert_eq!(rig.lines(), ["Anna joined"]);
    rig
}

fn state_of(rig: &Rig, entry: EntryId) -> MessageState {
    match &rig.entry(entry).item {
        Item::Message { state, .. } => state.clone(),
        other => panic!("no message: {other:?}"),
    }
}

fn failed_because(rig: &Rig, entry: EntryId) -> Option<RefusalReason> {
    match state_of(rig, entry) {
        MessageState::Failed(refusal) => Some(refusal.reason),
        _ => None,
    }
}

fn position(rig: &Rig) -> Option<String> {
    rig.field("refresh", "transcriptPosition")
}

/// The only operation under way beside the poll.
fn alone(rig: &Rig) -> Option<String> {
    let mut operations = rig.pending_operations();
    operations.retain(|operation| operation != "poll");
    assert!(operations.len() < 2, "{operations:?}");
    operations.pop()
}

#[test]
fn a_chat_begins_with_a_handshake_a_connect_and_a_request() {
    let mut rig = Rig::with(settings());
    assert_eq!(
        rig.requests(),
        0,
        "nothing is said before the visitor starts"
    );
    rig.start();
    let request = rig.request("poll").clone();
    assert_eq!((request.method, request.url.as_str()), ("POST", line::LINE));
    assert_eq!(channels(&request), ["/meta/handshake"]);
    rig.hear("poll", &[]);
    let connect = line::messages(rig.request("poll")).remove(0);
    assert_eq!(connect["channel"], "/meta/connect");
    assert_eq!(connect["advice"]["timeout"], 0, "it is answered at once");
    assert_eq!(alone(&rig), None, "not before there is a line");
    rig.hear("poll", &[]);

    let request = line::messages(rig.request("start")).remove(0);
    assert_eq!(request["channel"], line::CHANNEL);
    assert_eq!(request["clientId"], connect["clientId"]);
    assert_eq!(request["data"]["operation"], "requestChat");
    assert_eq!(request["data"]["nickname"], "Maria");
    assert_eq!(request["data"]["userData"]["TimeZone"], "0");
    let poll = rig.request("poll");
    assert_eq!(poll.deadline, secs(30) + rig.settings.pace.request_timeout);
    assert_eq!(
        line::messages(poll)[0]["advice"]["timeout"],
        30_000,
        "a lost one is missed before the server drops the visitor"
    );

    rig.hear("start", &[started()]);
    assert_eq!(rig.state().phase, Phase::Chatting);
    assert_eq!(alone(&rig), None, "the news come by themselves");
}

#[test]
fn what_came_of_a_request_may_come_before_or_after_its_acknowledgement() {
    for first in ["start", "poll"] {
        let mut rig = Rig::with(settings());
        rig.start();
        rig.open_the_line();
        if first == "start" {
            rig.hear("start", &[]);
            assert_eq!(rig.state().phase, Phase::Starting);
            rig.hear("poll", &[started()]);
        } else {
            rig.hear("poll", &[started()]);
            assert_eq!(rig.state().phase, Phase::Chatting);
            rig.hear("start", &[]);
        }
        assert_eq!(rig.state().phase, Phase::Chatting, "{first}");
        rig.hear("poll", &[transcript(&[agent_joins(2)], 3)]);
        assert_eq!(rig.lines(), ["Anna joined"], "{first}");
        rig.advance(secs(30));
        assert_eq!(rig.times("start").len(), 1, "{first}: nobody is rung twice");
    }
}

#[test]
fn one_message_is_published_at_a_time() {
    let mut rig = chatting();
    rig.say("one");
    rig.command(Command::PushUrl("https://a.example".into()));
    rig.command(Command::Rename("Mary".into()));
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
fn a_server_that_meets_nobody_lets_the_visitor_know_and_leave() {
    let refused = r#"[{"channel":"/meta/handshake","successful":false,"error":"403::denied"}]"#;
    let mut rig = Rig::with(settings());
    rig.start();
    for _ in 0..3 {
        rig.wait_for("poll");
        rig.answer_with("poll", http(200, refused));
    }
    assert!(
        matches!(rig.state().phase, Phase::Refused(_)),
        "{:?}",
        rig.state().phase
    );

    let mut rig = chatting();
    rig.reload();
    rig.command(Command::End);
    for _ in 0..3 {
        rig.wait_for("poll");
        rig.answer_with("poll", http(200, refused));
    }
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByVisitor));
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
fn there_is_never_a_second_poll() {
    // The rig holds every test to it; here is what tempts a page most.
    let mut rig = chatting();
    rig.visibility(Visibility::Hidden);
    rig.visibility(Visibility::Visible);
    rig.network(Network::Offline);
    rig.network(Network::Online);
    rig.say("hello");
    rig.advance(secs(9));
    assert_eq!(rig.times("poll").len(), rig.aborted.len() + 4);
    assert_eq!(channels(rig.request("poll")), ["/meta/handshake"]);
    rig.open_the_line();
    rig.hear("refresh", &[transcript(&[], 3)]);
    rig.hear("send", &[transcript(&[visitor_says(3, "hello")], 4)]);
    let polls = rig.times("poll").len();
    rig.advance(secs(40));
    assert_eq!(rig.times("poll").len(), polls);
}

#[test]
fn a_poll_that_breaks_loses_nothing_and_doubles_nothing() {
    for failure in [Failure::Unreachable, Failure::TimedOut] {
        let mut rig = chatting();
        rig.hear("poll", &[transcript(&[agent_says(3, "one")], 4)]);
        // This one comes with the acknowledgement, while the one before it is lost with the poll.
        rig.draft("h");
        rig.hear("startTyping", &[transcript(&[agent_says(5, "three")], 6)]);
        rig.fail_with("poll", failure);
        rig.open_the_line();
        assert_eq!(position(&rig).as_deref(), Some("4"), "as before the poll");
        let news = [agent_says(4, "two"), agent_says(5, "three")];
        rig.hear("refresh", &[transcript(&news, 6)]);
        assert_eq!(rig.texts(), ["one", "two", "three"]);
        rig.hear("poll", &[transcript(&[agent_says(6, "four")], 7)]);
        assert_eq!(rig.texts(), ["one", "two", "three", "four"]);
    }
}

#[test]
fn a_poll_that_nobody_answers_is_given_up() {
    let mut rig = chatting();
    rig.advance(secs(39));
    assert_eq!(rig.aborted.len(), 0);
    rig.advance(secs(2));
    assert_eq!(operation_of(&rig.aborted[0]), "poll");
    rig.open_the_line();
    assert_eq!(position(&rig).as_deref(), Some("3"));
    // The server may be one that holds them as long as it likes.
    let poll = rig.request("poll");
    assert_eq!(poll.deadline, secs(60) + rig.settings.pace.request_timeout);
}

#[test]
fn a_forgotten_client_introduces_itself_again() {
    let mut rig = chatting();
    let before = line::messages(rig.request("poll")).remove(0)["clientId"].clone();
    rig.forget("poll");
    rig.wait_for("poll");
    let again = line::messages(rig.request("poll")).remove(0);
    assert!(
        again.get("clientId").is_none(),
        "{before} is nobody any more"
    );
    rig.open_the_line();
    assert_eq!(position(&rig).as_deref(), Some("3"));
    assert_ne!(
        line::messages(rig.request("refresh"))[0]["clientId"],
        before
    );
    rig.hear("refresh", &[transcript(&[agent_says(3, "Hi")], 4)]);
    assert_eq!(rig.texts(), ["Hi"]);
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
            assert_eq!(rig.texts(), ["Go on", "too long"]);
        }
        // A refusal may be the end of the chat: the transcript tells.
        rig.open_the_line();
        assert_eq!(position(&rig).as_deref(), Some("3"));
        rig.hear("refresh", &[transcript(&[agent_says(3, "Go on")], 4)]);
        assert_eq!(rig.state().phase, Phase::Chatting);
        assert_eq!(rig.texts(), ["Go on", "too long"]);
        rig.command(Command::Retry(long));
        rig.hear("send", &[transcript(&[visitor_says(4, "too long")], 5)]);
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
    assert_eq!(
        failed_because(&rig, hello),
        Some(RefusalReason::Unreachable)
    );
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

#[test]
fn the_last_word_ends_the_chat_and_the_session() {
    let mut rig = chatting();
    rig.command(Command::End);
    let goodbye = rig.request("disconnect").clone();
    assert_eq!(channels(&goodbye), [line::CHANNEL, "/meta/disconnect"]);
    assert_eq!(field(&goodbye, "operation").as_deref(), Some("disconnect"));
    rig.hear("disconnect", &[]);
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByVisitor));
    assert!(rig.pending().is_empty(), "the poll is given up");
    let requests = rig.requests();
    rig.advance(secs(200));
    assert_eq!(rig.requests(), requests);
}

#[test]
fn the_last_word_waits_for_what_was_said_before() {
    let mut rig = chatting();
    rig.say("Bye");
    rig.command(Command::End);
    assert_eq!(alone(&rig).as_deref(), Some("send"));
    rig.hear("send", &[transcript(&[visitor_says(3, "Bye")], 4)]);
    assert_eq!(alone(&rig).as_deref(), Some("disconnect"));
}

#[test]
fn an_end_that_is_pushed_is_the_end() {
    let mut rig = chatting();
    let last = [agent_says(3, "Bye"), agent_leaves(4, None)];
    rig.hear("poll", &[ended(&last)]);
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
    assert_eq!(
        rig.lines(),
        ["Anna joined", "Anna: Bye", "Anna left", "ended ByServer"]
    );
    let requests = rig.requests();
    rig.advance(secs(200));
    assert_eq!(rig.requests(), requests);
}

#[test]
fn an_end_that_is_the_answer_to_something_else_is_no_surprise_from_long_ago() {
    let mut rig = chatting();
    rig.command(Command::Rename("Mary".into()));
    rig.hear("updateNickname", &[gone()]);
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
}

#[test]
fn a_chat_that_the_server_does_not_know_is_gone() {
    let mut rig = chatting();
    rig.reload();
    rig.open_the_line();
    rig.hear("refresh", &[gone()]);
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::Gone));
}

#[test]
fn what_is_pushed_of_another_chat_is_not_shown() {
    let mut rig = chatting();
    let other = with(
        transcript(&[agent_says(3, "psst")], 4),
        "chatId",
        json!("another"),
    );
    rig.hear("poll", &[other, with(gone(), "chatId", json!("another"))]);
    assert_eq!(rig.lines(), ["Anna joined"]);
    assert_eq!(rig.state().phase, Phase::Chatting);
}

#[test]
fn files_go_by_posts_of_their_own_without_a_key_in_the_url() {
    let mut settings = settings();
    settings.features.files = true;
    let mut rig = Rig::with(settings);
    rig.start();
    rig.open_the_line();
    rig.hear("start", &[started()]);
    let request = rig.request("file/limits").clone();
    assert_eq!(request.url, FILES);
    let parts = [("operation", "fileGetLimits"), ("secureKey", KEY)];
    let own = |parts: &[(&str, &str)]| -> Vec<(String, String)> {
        let own = parts.iter();
        own.map(|(key, value)| ((*key).into(), (*value).into()))
            .collect()
    };
    assert_eq!(request.body, Body::Parts(own(&parts)));
    rig.answer("file/limits", limits());
    let max = rig
        .state()
        .limits
        .as_ref()
        .and_then(|limits| limits.max_files);
    assert_eq!(max, Some(3));

    let file = rig.attach_described("a.txt", 3, Some("notes")).unwrap();
    let request = rig.request("file").clone();
    assert_eq!(request.url, FILES);
    let Body::Upload { fields, name, .. } = &request.body else {
        panic!("{:?}", request.body)
    };
    let parts = [
        ("operation", "fileUpload"),
        ("secureKey", KEY),
        ("userData[file-description]", "notes"),
    ];
    assert_eq!((fields, name.as_str()), (&own(&parts), "a.txt"));
    rig.say("meanwhile");
    rig.hear("send", &[]);
    rig.answer("file", upload_done("F1"));
    let news = [
        visitor_says(2, "meanwhile"),
        uploaded(3, visitor(), "F1", "a.txt", 3),
    ];
    rig.hear("poll", &[transcript(&news, 4)]);
    let Item::File { file: row, .. } = &rig.entry(file).item else {
        panic!("{:?}", rig.entry(file))
    };
    assert_eq!(row.state, FileState::Available { deletable: true });

    rig.command(Command::Download(file));
    let request = rig.request("file/F1/download").clone();
    assert_eq!(request.url, FILES);
    let parts = [
        ("operation", "fileDownload"),
        ("secureKey", KEY),
        ("fileId", "F1"),
    ];
    assert_eq!(request.body, Body::Parts(own(&parts)));
}

#[test]
fn a_preview_is_told_as_typing() {
    let mut settings = settings();
    settings.features.typing_preview = true;
    let mut rig = chatting_with(settings);
    rig.draft("Whe");
    assert_eq!(rig.field("startTyping", "message").as_deref(), Some("Whe"));
    rig.hear("startTyping", &[]);
    rig.draft("Where i");
    assert_eq!(alone(&rig), None, "not with every key");
    rig.advance(secs(4));
    rig.draft("Where is");
    rig.advance(secs(4));
    rig.draft("Where is it");
    rig.wait_for("startTyping");
    assert_eq!(
        rig.field("startTyping", "message").as_deref(),
        Some("Where is it")
    );
    rig.hear("startTyping", &[]);
    rig.draft("");
    rig.hear("stopTyping", &[]);
    assert_eq!(rig.times("refresh").len(), 0);
}

#[test]
fn typing_without_leave_to_preview_tells_no_word() {
    let mut rig = chatting();
    rig.draft("secret so far");
    assert_eq!(rig.field("startTyping", "message"), None);
}

#[test]
fn an_answer_of_a_session_of_before_is_no_news() {
    let mut rig = chatting();
    let said = rig.say("hello");
    let late = rig.request("send").clone();
    rig.fail("poll");
    rig.open_the_line();
    assert_eq!(alone(&rig).as_deref(), Some("send"), "one at a time");
    // It skips event 4, which went to the poll that broke.
    let pushed = [transcript(&[agent_says(5, "later")], 6)];
    rig.answer_id(late.id, http(200, &line::reply(&late, &pushed).to_string()));
    assert_eq!(
        state_of(&rig, said),
        MessageState::Sent,
        "it was taken all the same"
    );
    assert_eq!(rig.texts(), ["hello"]);
    assert_eq!(position(&rig).as_deref(), Some("3"));
    let news = [
        visitor_says(3, "hello"),
        agent_says(4, "Hi"),
        agent_says(5, "later"),
    ];
    rig.hear("refresh", &[transcript(&news, 6)]);
    assert_eq!(rig.texts(), ["hello", "Hi", "later"]);
}

#[test]
fn news_that_overtake_the_transcript_wait_for_it() {
    let mut rig = chatting();
    rig.fail("poll");
    rig.open_the_line();
    let refresh = rig.request("refresh").clone();
    rig.hear("poll", &[transcript(&[agent_says(5, "three")], 6)]);
    let news = [agent_says(3, "one"), agent_says(4, "two")];
    let reply = line::reply(&refresh, &[transcript(&news, 5)]);
    rig.answer("refresh", reply);
    assert_eq!(rig.texts(), ["one", "two", "three"]);
    rig.hear("poll", &[]);
    rig.fail("poll");
    rig.open_the_line();
    assert_eq!(position(&rig).as_deref(), Some("6"));
}

#[test]
fn a_transcript_that_never_comes_is_asked_for_on_another_line() {
    let mut rig = chatting();
    rig.fail("poll");
    rig.open_the_line();
    rig.hear("refresh", &[]);
    rig.advance(secs(11));
    rig.open_the_line();
    assert_eq!(position(&rig).as_deref(), Some("3"));
    rig.hear("refresh", &[transcript(&[agent_says(3, "Hi")], 4)]);
    assert_eq!(rig.texts(), ["Hi"]);
}

#[test]
fn the_servers_advice_is_followed() {
    let mut rig = chatting();
    let mut reply = line::reply(rig.request("poll"), &[]);
    reply[0]["advice"] = json!({"interval": 4000, "timeout": 20000, "reconnect": "retry"});
    rig.answer("poll", reply);
    assert!(!rig.is_pending("poll"));
    rig.say("hello");
    assert_eq!(
        alone(&rig).as_deref(),
        Some("send"),
        "what is said need not wait"
    );
    rig.hear("send", &[]);
    let waited = rig.wait_for("poll");
    assert_eq!(waited, millis(4000) - LATENCY);
    let poll = rig.request("poll");
    assert_eq!(poll.deadline, secs(20) + rig.settings.pace.request_timeout);
}

#[test]
fn who_is_told_not_to_come_back_still_asks_whether_the_chat_goes_on() {
    let mut rig = chatting();
    let mut reply = line::reply(rig.request("poll"), &[]);
    reply[0]["advice"] = json!({"reconnect": "none"});
    rig.answer("poll", reply);
    rig.open_the_line();
    rig.hear("refresh", &[ended(&[])]);
    assert!(matches!(rig.state().phase, Phase::Ended(_)));
}

#[test]
fn a_page_that_comes_back_reads_from_the_start() {
    let mut rig = chatting();
    rig.say("hello");
    rig.hear("send", &[]);
    let mut events = vec![visitor_says(3, "hello"), agent_says(4, "Hi")];
    rig.hear("poll", &[transcript(&events, 5)]);
    let lines = rig.lines();
    rig.reload();
    rig.open_the_line();
    assert_eq!(position(&rig).as_deref(), Some("1"));
    assert_eq!(rig.field("refresh", "secureKey").as_deref(), Some(KEY));
    events.splice(0..0, [own_join(1), agent_joins(2)]);
    rig.hear("refresh", &[transcript(&events, 5)]);
    assert_eq!(rig.lines(), lines);
    rig.hear("poll", &[transcript(&[agent_says(5, "Still there?")], 6)]);
    assert_eq!(rig.texts(), ["hello", "Hi", "Still there?"]);
}

#[test]
fn a_server_that_keeps_no_session_is_not_stormed() {
    // As behind a balancer that leads each request elsewhere.
    for kept in ["/meta/handshake", "/meta/connect"] {
        let mut rig = chatting();
        let from = rig.requests();
        let end = rig.now.moment + secs(120);
        let mut met = false;
        while rig.now.moment < end {
            rig.wait_for("poll");
            let poll = line::messages(rig.request("poll")).remove(0);
            let first = poll["advice"]["timeout"] == 0;
            if poll["channel"] == "/meta/handshake" || first && kept == "/meta/connect" {
                rig.hear("poll", &[]);
                met = true;
            } else {
                rig.forget("poll");
            }
            if rig.is_pending("refresh") {
                rig.hear("refresh", &[transcript(&[], 3)]);
            }
        }
        assert!(met);
        let requests = rig.requests() - from;
        assert!(requests < 50, "{kept}: {requests} in two minutes");
        assert!(requests > 10, "{kept}: {requests} in two minutes");
        // Once it keeps them the chat goes on.
        rig.wait_for("poll");
        while channels(rig.request("poll")) != ["/meta/handshake"] {
            rig.forget("poll");
            rig.wait_for("poll");
        }
        rig.open_the_line();
        rig.hear("refresh", &[transcript(&[agent_says(3, "Hi")], 4)]);
        assert_eq!(rig.texts(), ["Hi"]);
    }
}

#[test]
fn a_server_without_a_line_is_told_to_the_visitor() {
    let answers: [(u16, &str, RefusalReason); 3] = [
        (404, "<html>", RefusalReason::UnknownService),
        (200, r#"{"statusCode":0}"#, RefusalReason::BadReply),
        (200, "<html>", RefusalReason::BadReply),
    ];
    for (status, body, reason) in answers {
        let mut rig = Rig::with(settings());
        rig.start();
        for _ in 0..5 {
            if rig.state().phase == Phase::Starting {
                rig.wait_for("poll");
                rig.answer_with("poll", http(status, body));
            }
        }
        let Phase::Refused(refusal) = &rig.state().phase else {
            panic!("{:?}", rig.state().phase)
        };
        assert_eq!(refusal.reason, reason, "{status} {body}");
        let requests = rig.requests();
        rig.advance(secs(120));
        assert_eq!(rig.requests(), requests);
        assert_eq!(rig.times("start").len(), 0);
    }
}

#[test]
fn a_request_that_is_refused_leads_back_to_the_form() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.open_the_line();
    rig.hear("start", &[refusal(161, "")]);
    let Phase::Refused(refused) = &rig.state().phase else {
        panic!("{:?}", rig.state().phase)
    };
    assert_eq!(refused.reason, RefusalReason::NameInvalid);
    assert!(rig.pending().is_empty(), "no line is kept up for nobody");
    rig.start();
    rig.open_the_line();
    rig.hear("start", &[started()]);
    assert_eq!(rig.state().phase, Phase::Chatting);
}

#[test]
fn keys_that_come_with_the_news_are_used() {
    let mut rig = chatting();
    let news = |reply: Value| {
        with(
            with(reply, "alias", json!("alias-118")),
            "secureKey",
            json!("another-key"),
        )
    };
    rig.hear("poll", &[news(transcript(&[], 3))]);
    rig.say("hello");
    assert_eq!(rig.field("send", "alias").as_deref(), Some("alias-118"));
    assert_eq!(
        rig.field("send", "secureKey").as_deref(),
        Some("another-key")
    );
}

/// So many things that Anna said, from an index on.
fn words(from: u64, count: u64) -> Vec<Value> {
    (from..from + count)
        .map(|index| agent_says(index, &format!("word {index}")))
        .collect()
}

#[test]
fn a_long_history_is_read_page_by_page() {
    let mut rig = chatting();
    rig.say("lost");
    rig.fail("send");
    rig.reload();
    rig.open_the_line();
    rig.hear("refresh", &[transcript(&words(1, 20), 21)]);
    assert_eq!(
        rig.field("refresh", "operation").as_deref(),
        Some("refresh")
    );
    assert_eq!(position(&rig).as_deref(), Some("21"));
    // What is said meanwhile does not hide the pages before it.
    rig.hear("refresh", &[]);
    rig.hear("poll", &[transcript(&words(21, 20), 41)]);
    rig.hear("poll", &[transcript(&words(50, 1), 51)]);
    assert_eq!(position(&rig).as_deref(), Some("41"));
    assert_eq!(
        rig.times("send").len(),
        0,
        "the message may be on the next page"
    );
    let mut last = words(41, 8);
    last.push(visitor_says(49, "lost"));
    rig.hear("refresh", &[transcript(&last, 51)]);
    assert_eq!(alone(&rig), None);
    let texts = rig.texts();
    assert_eq!(texts.len(), 50);
    assert_eq!((texts[0].as_str(), texts[48].as_str()), ("word 1", "lost"));
    rig.advance(secs(35));
    assert_eq!(rig.times("send").len(), 0);
}

#[test]
fn a_server_without_pages_has_said_it_all() {
    for refused in [true, false] {
        let mut rig = chatting();
        rig.reload();
        rig.say("still here");
        for _ in 0..2 {
            rig.wait_until("a line", |rig| rig.is_pending("poll"));
            rig.open_the_line();
            rig.hear("refresh", &[transcript(&words(1, 30), 31)]);
            assert_eq!(position(&rig).as_deref(), Some("31"));
            if refused {
                rig.hear("refresh", &[refusal(249, "")]);
                break;
            }
            rig.hear("refresh", &[]);
            rig.wait_until("patience to end", |rig| {
                rig.is_pending("poll") && channels(rig.request("poll")) == ["/meta/handshake"]
            });
        }
        if !refused {
            rig.open_the_line();
            rig.hear("refresh", &[transcript(&words(1, 30), 31)]);
        }
        assert_eq!(rig.state().phase, Phase::Chatting);
        assert_eq!(alone(&rig).as_deref(), Some("send"), "refused: {refused}");
    }
}
