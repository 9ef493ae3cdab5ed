//! GMS Chat API Version 1: a service first, its chat second; waiting for an agent is no error; events are
//! counted on, because they have no index; positions are exclusive.

#![expect(clippy::panic, reason = "a test may fail")]

mod common;

use common::*;
use parlour_chat::{
    Agents, Command, DialectKind, EndReason, EntryId, Item, MessageState, Phase, RefusalReason,
    Settings, WallTime,
};
use serde_json::{Value, json};

const ID: &str = "a7e6ed0b-0380-4223-97f8-b3c7d93205e8";

fn settings() -> Settings {
    Settings {
        dialect: DialectKind::GmsV1,
        ..steady()
    }
}

fn service() -> Value {
    json!({"_id": ID})
}

fn joined() -> Value {
    json!({"chatIxnState": "CONNECTED", "chatSessionId": "000C2a7VVQRB001U", "transcriptPosition": "1",
           "chatServiceMessage": "Chat service is available"})
}

fn transcript(position: u64, events: &[Value]) -> Value {
    json!({"chatIxnState": "TRANSCRIPT", "chatSessionId": "000C2a7VVQRB001U",
           "transcriptPosition": position.to_string(), "chatServiceMessage": "Chat service is available",
           "transcriptToShow": events, "startedAt": "2014-09-26T07:40:55Z"})
}

fn disconnected(events: &[Value]) -> Value {
    let mut reply = transcript(9, events);
    reply["chatIxnState"] = json!("DISCONNECTED");
    reply
}

fn anna(kind: &str, text: &str, seconds: u64) -> Value {
    json!([kind, "Anna", text, seconds.to_string(), "AGENT"])
}

fn mine(text: &str, seconds: u64) -> Value {
    json!(["Message.Text", "Maria", text, seconds.to_string(), "CLIENT"])
}

fn anna_joins() -> Value {
    anna("Notice.Joined", "has joined the session", 14)
}

fn says(text: &str) -> Value {
    anna("Message.Text", text, 20)
}

fn state_of(rig: &Rig, entry: EntryId) -> MessageState {
    match &rig.entry(entry).item {
        Item::Message { state, .. } => state.clone(),
        other => panic!("no message: {other:?}"),
    }
}

/// A chat that was joined, with an agent in it.
fn chatting() -> Rig {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.answer("start", service());
    rig.answer("join", joined());
    rig.answer("refresh", transcript(2, &[anna_joins()]));
    rig.panel(parlour_chat::Panel::Open);
    rig
}

#[test]
fn a_service_is_made_and_its_chat_joined() {
    let mut rig = Rig::with(settings());
    rig.start();
    let request = rig.request("start").clone();
    assert_eq!(
        request.url,
        "https://chat.example/genesys/1/service/support"
    );
    assert_eq!(rig.field("start", "_verbose").as_deref(), Some("true"));
    assert_eq!(
        rig.field("start", "TimeZone").as_deref(),
        Some("0"),
        "routing sees the data"
    );
    rig.answer("start", service());
    let request = rig.request("join").clone();
    assert_eq!(
        request.url,
        format!("https://chat.example/genesys/1/service/{ID}/ixn/chat")
    );
    assert_eq!(
        rig.field("join", "subject").as_deref(),
        Some("support"),
        "it is required"
    );
    assert_eq!(
        rig.field("join", "userDisplayName").as_deref(),
        Some("Maria")
    );
    rig.answer("join", joined());
    assert_eq!(
        rig.field("refresh", "transcriptPosition").as_deref(),
        Some("1")
    );
    rig.answer("refresh", transcript(2, &[anna_joins()]));
    assert_eq!(rig.state().agents, Agents::Present);
    rig.wait_for("refresh");
    assert_eq!(
        fields(rig.request("refresh")),
        [("transcriptPosition".into(), "2".into())],
        "the last event's own index, and never a message"
    );
}

#[test]
fn until_an_agent_is_there_the_visitor_waits() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.answer("start", service());
    rig.answer_with("join", http(503, ""));
    assert_eq!(rig.state().phase, Phase::Chatting);
    assert_eq!(rig.state().agents, Agents::Awaited);
    assert_eq!(
        rig.state().connection,
        parlour_chat::Connection::Up,
        "waiting is no error"
    );
    let said = rig.say("I am in a hurry");
    let waiting = json!({"message": {"_id": ID, "_status": "waiting"}, "tag": "a2c.advanced.service.statuschanged.x"});
    for _ in 0..3 {
        rig.answer_next("status", waiting.clone());
    }
    assert_eq!(state_of(&rig, said), MessageState::Sending);
    let available = json!({"message": {"_id": ID, "_status": "available", "_dialog": "x.html"}, "tag": "a2c.advanced.service.agentavailable.x"});
    rig.answer_next("status", available);
    rig.answer("join", joined());
    rig.answer("refresh", transcript(2, &[anna_joins()]));
    assert_eq!(
        rig.field("send", "message").as_deref(),
        Some("I am in a hurry")
    );
}

#[test]
fn a_service_that_does_not_tell_its_status_is_joined_until_it_lets_in() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.answer("start", service());
    rig.answer_with("join", http(503, ""));
    for status in [404, 400, 415] {
        rig.wait_for("status");
        rig.answer_with("status", http(status, "no such thing"));
        rig.wait_for("join");
        rig.answer_with("join", http(503, ""));
    }
    rig.wait_for("status");
    rig.answer_with("status", http(404, ""));
    rig.wait_for("join");
    rig.answer("join", joined());
    assert!(rig.is_pending("refresh"));
}

#[test]
fn who_waits_goes_on_waiting_over_a_reload() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.answer("start", service());
    rig.answer_with("join", http(503, ""));
    rig.say("hello");
    rig.reload();
    assert_eq!(
        rig.field("join", "userDisplayName").as_deref(),
        Some("Maria")
    );
    assert_eq!(rig.lines(), ["me: hello (sending)"]);
    rig.answer("join", joined());
    rig.answer("refresh", transcript(2, &[anna_joins()]));
    assert_eq!(rig.field("send", "message").as_deref(), Some("hello"));
    let stored = format!(
        "{:?}",
        rig.storage
            .values()
            .map(|record| &record.value)
            .collect::<Vec<_>>()
    );
    assert!(
        !stored.contains("joining"),
        "the form's answers are kept no longer than needed"
    );
}

#[test]
fn a_chat_that_may_not_be_joined_leads_back_to_the_form() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.answer("start", service());
    rig.say("hello");
    rig.answer_with("join", http(415, ""));
    let Phase::Refused(refusal) = &rig.state().phase else {
        panic!("{:?}", rig.state().phase)
    };
    assert_eq!(refusal.reason, RefusalReason::Refused);
    assert_eq!(rig.composer, "hello", "what was said waits in the composer");
    assert!(rig.lines().is_empty());
    rig.advance(secs(60));
    assert!(rig.pending_operations().is_empty());
}

/// A visitor who has made a service, said something, and asks `operation` of it.
fn waiting_for(operation: &str) -> Rig {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.answer("start", service());
    rig.say("hello");
    if operation == "status" {
        rig.answer_with("join", http(503, ""));
    }
    rig.wait_for(operation);
    rig
}

#[test]
fn a_server_that_never_lets_in_and_never_says_why_leads_back_to_the_form() {
    for operation in ["join", "status"] {
        for (status, body, reason) in [
            (500, "<html>", RefusalReason::BadReply),
            (200, "<h1>Welcome to the hotel", RefusalReason::BadReply),
            (200, r#"{"message": {}}"#, RefusalReason::BadReply),
            (429, "", RefusalReason::CannotStartNow),
        ] {
            let mut rig = waiting_for(operation);
            let from = rig.now.moment;
            let mut tries = 0;
            while rig.state().phase == Phase::Chatting {
                rig.wait_for(operation);
                rig.answer_with(operation, http(status, body));
                tries += 1;
                assert!(tries < 100, "{operation} {status} {body}: for ever");
            }
            let Phase::Refused(refusal) = &rig.state().phase else {
                panic!("{:?}", rig.state().phase)
            };
            assert_eq!(refusal.reason, reason, "{operation} {status} {body}");
            assert!(tries > 5, "a server may restart meanwhile: {tries}");
            assert!(rig.now.moment.since(from) < secs(180));
            assert_eq!(rig.composer, "hello", "what was said waits in the composer");
            assert!(rig.lines().is_empty());
            assert_eq!(rig.state().connection, parlour_chat::Connection::Up);
            rig.advance(secs(60));
            assert!(rig.pending_operations().is_empty());
            assert!(rig.storage.is_empty(), "{:?}", rig.storage.keys());
        }
    }
}

#[test]
fn who_waits_is_not_sent_away_for_a_bad_connection() {
    for operation in ["join", "status"] {
        let mut rig = waiting_for(operation);
        for _ in 0..30 {
            rig.wait_for(operation);
            rig.fail(operation);
        }
        rig.wait_for(operation);
        rig.answer_with(operation, http(502, ""));
        assert_eq!(rig.state().phase, Phase::Chatting, "{operation}");
        assert_eq!(rig.lines(), ["me: hello (sending)"]);
    }
}

#[test]
fn who_is_answered_now_and_then_goes_on_waiting() {
    let mut rig = waiting_for("status");
    for turn in 0..40 {
        rig.wait_for("status");
        if turn % 5 == 4 {
            let waiting = json!({"message": {"_id": ID, "_status": "waiting"}, "tag": "x"});
            rig.answer("status", waiting);
        } else {
            rig.answer_with("status", http(500, ""));
        }
        assert_eq!(rig.state().phase, Phase::Chatting, "{turn}");
    }
}

#[test]
fn who_is_leaving_is_not_asked_to_fill_in_the_form_again() {
    let mut rig = waiting_for("join");
    rig.command(Command::End);
    rig.answer_with("join", http(415, ""));
    assert_eq!(rig.state().phase, Phase::Ending);
    rig.answer("disconnect", disconnected(&[]));
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByVisitor));
}

#[test]
fn leaving_while_waiting_tells_the_server_once() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.answer("start", service());
    rig.answer_with("join", http(503, ""));
    rig.say("hello");
    rig.command(Command::End);
    rig.answer_with("disconnect", http(503, ""));
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByVisitor));
}

#[test]
fn the_servers_own_links_are_followed() {
    let mut rig = Rig::with(settings());
    rig.start();
    let path = |rest: &str| format!("/genesys/1/service/other/ixn/chat{rest}");
    rig.answer(
        "start",
        json!({"_id": ID, "_chatIxnAPI-CREATE-URL": path("")}),
    );
    assert_eq!(
        rig.request("join").url,
        "https://chat.example/genesys/1/service/other/ixn/chat"
    );
    let mut reply = joined();
    reply["_chatIxnAPI_REFRESH_URL"] = json!(path("/refresh"));
    reply["_chatIxnAPI_SEND_URL"] = json!("//evil.example/genesys/1/service/x/ixn/chat/send");
    reply["_chatIxnAPI_DISCONNECT_URL"] = json!("/genesys/1/service/../../admin");
    reply["secureKey"] = json!("b306749dabfa1cf6");
    rig.answer("join", reply);
    assert!(rig.request("refresh").url.ends_with(&path("/refresh")));
    rig.answer("refresh", transcript(1, &[]));
    rig.say("hi");
    let own = format!("https://chat.example/genesys/1/service/{ID}/ixn/chat");
    assert_eq!(
        rig.request("send").url,
        format!("{own}/send"),
        "never to another host"
    );
    rig.answer("send", transcript(2, &[]));
    rig.reload();
    assert!(
        rig.request("refresh").url.ends_with(&path("/refresh")),
        "over a reload too"
    );
    rig.command(Command::End);
    rig.answer("refresh", transcript(2, &[mine("hi", 3)]));
    assert_eq!(
        rig.request("disconnect").url,
        format!("{own}/disconnect"),
        "and never elsewhere"
    );
}

#[test]
fn only_refreshes_read_and_each_event_is_read_once() {
    let mut rig = chatting();
    let entry = rig.say("hello");
    assert_eq!(
        fields(rig.request("send")),
        [("message".into(), "hello".into())]
    );
    // The reply brings what a refresh will bring again.
    rig.answer("send", transcript(4, &[says("one"), mine("hello", 30)]));
    assert_eq!(state_of(&rig, entry), MessageState::Sent);
    rig.answer("refresh", transcript(4, &[says("one"), mine("hello", 30)]));
    assert_eq!(rig.lines(), ["Anna joined", "Anna: one", "me: hello"]);
    assert_eq!(rig.find("hello"), entry);
}

#[test]
fn events_that_are_never_shown_use_up_positions_only() {
    // Positions 3 to 5 are of events that this dialect has no word for.
    let mut rig = chatting();
    rig.wait_for("refresh");
    rig.answer("refresh", transcript(6, &[says("one")]));
    rig.say("mine");
    rig.answer("send", transcript(7, &[]));
    rig.answer("refresh", transcript(7, &[mine("mine", 40)]));
    rig.reload();
    assert_eq!(
        rig.field("refresh", "transcriptPosition").as_deref(),
        Some("1")
    );
    rig.answer(
        "refresh",
        transcript(7, &[anna_joins(), says("one"), mine("mine", 40)]),
    );
    assert_eq!(rig.lines(), ["Anna joined", "Anna: one", "me: mine"]);
    rig.wait_for("refresh");
    assert_eq!(
        rig.field("refresh", "transcriptPosition").as_deref(),
        Some("7")
    );
}

/// A reply that tells a position, and keeps its transcript to itself.
fn silent(position: u64) -> Value {
    json!({"chatIxnState": "TRANSCRIPT", "chatSessionId": "000C2a7VVQRB001U",
           "transcriptPosition": position.to_string(), "startedAt": "2014-09-26T07:40:55Z"})
}

#[test]
fn a_position_without_its_transcript_passes_nothing_by() {
    for reply in [silent(5), with(silent(5), "transcriptToShow", json!(null))] {
        let mut rig = chatting();
        rig.refresh_with(reply);
        rig.wait_for("refresh");
        assert_eq!(
            rig.field("refresh", "transcriptPosition").as_deref(),
            Some("2")
        );
        rig.answer("refresh", transcript(5, &[says("one")]));
        assert_eq!(rig.lines(), ["Anna joined", "Anna: one"]);
    }
}

#[test]
fn a_transcript_that_is_kept_back_proves_nothing_missing() {
    let mut rig = chatting();
    let entry = rig.say("hello");
    rig.fail("send");
    let from = rig.now.moment;
    let refreshes = rig.times("refresh").len();
    while rig.now.moment < from + secs(120) {
        rig.wait_for("refresh");
        rig.answer("refresh", silent(3));
        assert_eq!(rig.times("send").len(), 1, "it may be there: {:?}", rig.now);
    }
    assert!(rig.times("refresh").len() - refreshes < 40, "no storm");
    assert_eq!(
        rig.state().connection,
        parlour_chat::Connection::Reconnecting
    );
    rig.wait_for("refresh");
    rig.answer("refresh", transcript(3, &[mine("hello", 30)]));
    assert_eq!(state_of(&rig, entry), MessageState::Sent);
    rig.advance(secs(60));
    assert_eq!((rig.times("send").len(), rig.texts().len()), (1, 1));
}

#[test]
fn nothing_leaves_before_the_transcript_is_there_to_be_read() {
    let mut rig = chatting();
    rig.say("hello");
    rig.reload();
    for reply in [
        silent(3),
        with(silent(3), "transcriptPosition", json!(null)),
    ] {
        rig.wait_for("refresh");
        rig.answer("refresh", reply);
        rig.say("more");
        assert!(!rig.is_pending("send"), "no echo could be told from it");
    }
}

#[test]
fn a_server_may_leave_an_empty_transcript_out() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.answer("start", service());
    rig.answer("join", joined());
    for reply in [silent(1), transcript(2, &[anna_joins()]), silent(2)] {
        rig.refresh_with(reply);
        assert_eq!(
            rig.state().connection,
            parlour_chat::Connection::Up,
            "there is nothing new, and that is no error"
        );
    }
    // By the position nothing came: it is surely not there.
    rig.say("hello");
    rig.fail("send");
    let from = rig.now.moment;
    while !rig.is_pending("send") {
        rig.wait_until("a refresh or a send", |rig| {
            rig.is_pending("refresh") || rig.is_pending("send")
        });
        if rig.is_pending("refresh") {
            rig.answer("refresh", silent(2));
        }
        assert!(rig.now.moment < from + secs(40), "it is sent again");
    }
}

#[test]
fn an_end_without_a_transcript_is_an_end() {
    let mut rig = chatting();
    let reply = with(silent(9), "chatIxnState", json!("DISCONNECTED"));
    rig.refresh_with(reply);
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
}

#[test]
fn times_are_counted_from_the_start() {
    let mut rig = chatting();
    rig.wait_for("refresh");
    // Numbers may come as numbers, too, and an index may follow.
    rig.answer(
        "refresh",
        transcript(
            3,
            &[json!(["Message.Text", "Anna", "Hello", 23, "AGENT", 3])],
        ),
    );
    let entry = rig.find("Hello");
    assert_eq!(rig.entry(entry).at, WallTime(1_411_717_255_000 + 23_000));
}

#[test]
fn both_spellings_of_typing_are_read() {
    for (started, stopped) in [
        ("Notice.TypingStarted", "Notice.TypingStopped"),
        ("Notice.TypingStart", "Notice.TypingStop"),
    ] {
        let mut rig = chatting();
        rig.refresh_with(transcript(3, &[anna(started, "is typing", 30)]));
        assert_eq!(rig.state().typing.len(), 1, "{started}");
        rig.refresh_with(transcript(4, &[anna(stopped, "stopped typing", 33)]));
        assert!(rig.state().typing.is_empty(), "{stopped}");
    }
}

#[test]
fn what_agents_push_is_offered_and_what_is_unknown_is_passed_over() {
    let mut rig = chatting();
    rig.refresh_with(transcript(
        6,
        &[
            anna("Notice.PushUrl", "https://shop.example/a", 30),
            anna("Notice.Custom", "x", 31),
            anna("Notice.Something", "x", 32),
            json!("no event"),
            anna("Notice.Left", "has left the session", 40),
        ],
    ));
    assert_eq!(
        rig.lines(),
        [
            "Anna joined",
            "Anna offers https://shop.example/a",
            "Anna left"
        ]
    );
    assert_eq!(
        rig.state().phase,
        Phase::Chatting,
        "an agent who leaves is no end"
    );
}

#[test]
fn the_chat_has_ended_only_when_it_is_disconnected() {
    let mut rig = chatting();
    rig.refresh_with(disconnected(&[
        says("Bye"),
        anna("Notice.Left", "has left the session", 40),
    ]));
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
    assert_eq!(
        rig.lines(),
        ["Anna joined", "Anna: Bye", "Anna left", "ended ByServer"]
    );
}

#[test]
fn a_send_that_hears_of_the_end_has_the_last_words_read() {
    let mut rig = chatting();
    rig.say("still there?");
    rig.answer("send", disconnected(&[]));
    rig.answer("refresh", disconnected(&[says("Bye")]));
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
    assert!(
        rig.lines().contains(&"Anna: Bye".into()),
        "{:?}",
        rig.lines()
    );
}

#[test]
fn refusals_after_the_agent_has_gone_are_the_end() {
    let mut rig = chatting();
    rig.refresh_with(transcript(
        3,
        &[anna("Notice.Left", "has left the session", 40)],
    ));
    for _ in 0..3 {
        rig.wait_for("refresh");
        rig.answer_with("refresh", http(400, ""));
    }
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
}

#[test]
fn what_this_server_lacks_is_not_offered() {
    let mut settings = settings();
    settings.features.typing_preview = true;
    settings.features.read_receipts = true;
    let mut rig = Rig::with(settings);
    rig.start();
    rig.answer("start", service());
    rig.answer("join", joined());
    rig.answer("refresh", transcript(2, &[anna_joins()]));
    let offers = rig.state().offers;
    assert!(!offers.files && !offers.rename && !offers.typing_preview);
    rig.draft("secret so far");
    assert!(
        fields(rig.request("startTyping")).is_empty(),
        "a message here would be said"
    );
    rig.answer(
        "startTyping",
        transcript(
            3,
            &[json!([
                "Notice.TypingStarted",
                "Maria",
                "is typing",
                "33",
                "CLIENT"
            ])],
        ),
    );
    rig.wait_for("refresh");
    assert_eq!(fields(rig.request("refresh")).len(), 1);
}

#[test]
fn the_id_of_a_service_may_be_a_number() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.answer("start", json!({"_id": 1_234_567_890_123_456_789_u64}));
    let url = &rig.request("join").url;
    assert!(url.ends_with("/1234567890123456789/ixn/chat"), "{url}");
}
