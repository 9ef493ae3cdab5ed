//! GWS: the chat's course is asked for beside the transcript, what the server does not take is not
//! offered, and events that have no time keep the one at which they were first seen.

#![expect(clippy::panic, reason = "a test may fail")]

mod common;

use common::*;
use parlour_chat::{
    Body, ChatCommand, Command, DialectKind, EndReason, EntryId, GwsReads, Item, MessageState,
    Phase, RefusalReason, Settings,
};
use serde_json::{Value, json};

const ID: &str = "652492d9-c2d9-44c9-b9ad-0ab7984114bb";
const ALL: [&str; 4] = [
    "SendMessage",
    "SendStartTypingNotification",
    "SendStopTypingNotification",
    "Complete",
];

fn settings() -> Settings {
    Settings {
        dialect: DialectKind::Gws,
        headers: vec![("apikey".into(), "N18T".into())],
        ..steady()
    }
}

fn course(state: &str, capabilities: &[&str]) -> Value {
    let participants = json!([{"nickname": "Maria", "participantId": "1", "type": "Customer"}]);
    json!({"chat": {"capabilities": capabilities, "id": ID, "participants": participants, "state": state}, "statusCode": 0})
}

fn messages(events: &[Value]) -> Value {
    json!({"messages": events, "statusCode": 0})
}

fn event(index: u64, kind: &str, who: (&str, &str, &str), text: Option<&str>) -> Value {
    let (nickname, id, part) = who;
    let from = json!({"nickname": nickname, "participantId": id, "type": part});
    let mut event = json!({"from": from, "index": index, "type": kind});
    if let Some(text) = text {
        event["text"] = json!(text);
    }
    event
}

const ME: (&str, &str, &str) = ("Maria", "1", "Customer");
const KRISTI: (&str, &str, &str) = ("Kristi", "2", "Agent");

fn own_join() -> Value {
    event(1, "ParticipantJoined", ME, None)
}

fn state_of(rig: &Rig, entry: EntryId) -> MessageState {
    match &rig.entry(entry).item {
        Item::Message { state, .. } => state.clone(),
        other => panic!("no message: {other:?}"),
    }
}

fn ok() -> Value {
    json!({"statusCode": 0})
}

/// A chat that has begun, seen by the server as going on, with an agent in it.
fn chatting() -> Rig {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.answer(
        "start",
        json!({"id": ID, "statusCode": 0, "path": "/api/v2/chats/x"}),
    );
    rig.answer("course", course("Chatting", &ALL));
    rig.answer(
        "refresh",
        messages(&[own_join(), event(2, "ParticipantJoined", KRISTI, None)]),
    );
    rig.panel(parlour_chat::Panel::Open);
    rig
}

#[test]
fn a_chat_is_asked_for_with_what_the_server_needs() {
    let mut rig = Rig::with(settings());
    rig.start();
    let request = rig.request("start").clone();
    assert_eq!(request.method, "POST");
    assert_eq!(request.url, "https://chat.example/api/v2/chats");
    assert_eq!(request.headers, [("apikey".into(), "N18T".into())]);
    let Body::Json(body) = &request.body else {
        panic!("JSON is what it takes: {:?}", request.body)
    };
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["operationName"], "RequestChat");
    assert_eq!(body["nickname"], "Maria");
    assert_eq!(body["subject"], "support", "a subject is required");
    assert_eq!(body["userData"]["TimeZone"], "0");
}

#[test]
fn the_base_and_the_second_name_of_a_chat_are_the_tenants_choice() {
    let mut settings = settings();
    settings.gws.base = "/chat-key".into();
    settings.gws.reads = GwsReads::MeChat;
    let mut session = parlour_chat::Session::new(settings, 7);
    let mut urls = Vec::new();
    let now = start_of_page();
    session.handle(parlour_chat::Input::Command(Command::Start(maria())), now);
    for _ in 0..2 {
        let mut replies = Vec::new();
        while let Some(output) = session.poll() {
            if let parlour_chat::Output::Request(request) = output {
                replies.push(request.id);
                urls.push(request.url);
            }
        }
        for id in replies {
            let response = http(200, &json!({"id": "a b", "statusCode": 0}).to_string());
            session.handle(parlour_chat::Input::Reply { id, response }, now);
        }
    }
    urls.sort();
    assert_eq!(
        urls,
        [
            "https://chat.example/chat-key/v2/chats",
            "https://chat.example/chat-key/v2/me/chat/a%20b",
            "https://chat.example/chat-key/v2/me/chat/a%20b/messages?index=1",
        ]
    );
}

#[test]
fn each_look_asks_for_the_transcript_and_for_the_course() {
    let mut rig = chatting();
    rig.wait_for("refresh");
    assert!(rig.is_pending("course"));
    assert!(
        rig.request("refresh").url.ends_with("/messages?index=3"),
        "always with the next index: {}",
        rig.request("refresh").url
    );
    assert_eq!(rig.request("refresh").method, "GET");
}

#[test]
fn a_message_is_sent_and_looked_for_at_once() {
    let mut rig = chatting();
    let entry = rig.say("Are you there?");
    let request = rig.request("send").clone();
    assert_eq!(
        request.url,
        format!("https://chat.example/api/v2/chats/{ID}")
    );
    rig.answer("send", ok());
    assert_eq!(state_of(&rig, entry), MessageState::Sent);
    rig.answer(
        "refresh",
        messages(&[event(3, "Text", ME, Some("Are you there?"))]),
    );
    assert_eq!(rig.lines(), ["Kristi joined", "me: Are you there?"]);
    assert_eq!(rig.find("Are you there?"), entry, "the echo is the message");
}

#[test]
fn nothing_is_sent_that_the_server_does_not_take_now() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.answer("start", json!({"id": ID, "statusCode": 0}));
    let entry = rig.say("hello");
    assert!(
        !rig.is_pending("send"),
        "nobody knows yet whether it would be taken"
    );
    rig.answer("course", course("WaitingForAgent", &["Complete"]));
    rig.answer("refresh", messages(&[own_join()]));
    assert!(!rig.state().messages_taken);
    rig.draft("ano");
    assert_eq!(rig.pending_operations(), Vec::<String>::new());
    rig.wait_for("course");
    rig.answer("course", course("Chatting", &ALL));
    assert!(rig.state().messages_taken);
    assert!(rig.is_pending("send"), "what waited leaves");
    rig.answer("send", ok());
    assert_eq!(state_of(&rig, entry), MessageState::Sent);
}

#[test]
fn files_receipts_previews_and_names_are_not_offered() {
    let mut settings = settings();
    settings.features.typing_preview = true;
    settings.features.read_receipts = true;
    let mut rig = Rig::with(settings);
    rig.start();
    rig.answer("start", json!({"id": ID, "statusCode": 0}));
    let offers = rig.state().offers;
    assert!(!offers.files && !offers.rename && !offers.typing_preview);
    rig.answer("course", course("Chatting", &ALL));
    rig.answer(
        "refresh",
        messages(&[own_join(), event(2, "Text", KRISTI, Some("Hi"))]),
    );
    rig.panel(parlour_chat::Panel::Open);
    assert_eq!(
        rig.pending_operations(),
        Vec::<String>::new(),
        "no limits, no receipt"
    );
    rig.draft("secret so far");
    assert_eq!(
        fields(rig.request("startTyping")),
        [("operationName".into(), "SendStartTypingNotification".into())]
    );
    rig.answer("startTyping", ok());
    rig.command(ChatCommand::Rename("Mary".into()));
    rig.command(ChatCommand::PushUrl("https://a.example".into()));
    let refusal = rig.state().refusal.clone();
    assert_eq!(
        refusal.map(|refusal| refusal.reason),
        Some(RefusalReason::NotOffered)
    );
    assert!(rig.pending_operations().is_empty());
}

#[test]
fn an_idle_chat_is_over_once_its_last_words_are_read() {
    // The vendor's sample server lists every capability for ever.
    let mut rig = chatting();
    rig.wait_for("refresh");
    rig.answer("refresh", messages(&[]));
    rig.answer("course", course("Idle", &ALL));
    assert_eq!(
        rig.state().phase,
        Phase::Chatting,
        "not before its last words"
    );
    rig.answer(
        "refresh",
        messages(&[
            event(3, "Text", KRISTI, Some("Goodbye")),
            event(4, "ParticipantLeft", KRISTI, None),
        ]),
    );
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
    assert_eq!(
        rig.lines(),
        [
            "Kristi joined",
            "Kristi: Goodbye",
            "Kristi left",
            "ended ByServer"
        ]
    );
}

#[test]
fn last_words_that_were_asked_for_too_early_are_asked_for_again() {
    let mut rig = chatting();
    rig.wait_for("refresh");
    rig.answer("course", course("Idle", &ALL));
    rig.answer("refresh", messages(&[]));
    assert_eq!(rig.state().phase, Phase::Chatting);
    rig.answer(
        "refresh",
        messages(&[event(3, "Text", KRISTI, Some("Bye"))]),
    );
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
    assert_eq!(
        rig.lines(),
        ["Kristi joined", "Kristi: Bye", "ended ByServer"]
    );
}

#[test]
fn ending_completes_the_chat_and_nothing_is_asked_any_more() {
    let mut rig = chatting();
    rig.command(Command::End);
    assert_eq!(
        rig.field("disconnect", "operationName").as_deref(),
        Some("Complete")
    );
    rig.answer("disconnect", ok());
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByVisitor));
    let requests = rig.requests();
    rig.advance(secs(120));
    assert_eq!(rig.requests(), requests);
}

#[test]
fn a_chat_that_the_server_does_not_know_is_gone() {
    let mut rig = chatting();
    for _ in 0..3 {
        rig.wait_for("refresh");
        rig.answer_with("refresh", http(400, "Bad Request"));
    }
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::Gone));
}

#[test]
fn a_refused_message_can_be_tried_again() {
    let mut rig = chatting();
    let entry = rig.say("hello");
    rig.answer_with("send", http(400, "not now"));
    assert!(matches!(state_of(&rig, entry), MessageState::Failed(_)));
    rig.command(ChatCommand::Retry(entry));
    rig.answer("send", ok());
    assert_eq!(state_of(&rig, entry), MessageState::Sent);
}

#[test]
fn events_keep_the_time_they_were_first_seen_over_a_reload() {
    let mut rig = chatting();
    rig.advance(secs(60));
    rig.wait_for("refresh");
    let first = rig.now.wall;
    rig.answer(
        "refresh",
        messages(&[event(3, "Text", KRISTI, Some("one"))]),
    );
    let transcript = [
        own_join(),
        event(2, "ParticipantJoined", KRISTI, None),
        event(3, "Text", KRISTI, Some("one")),
        event(4, "Text", KRISTI, Some("two")),
    ];
    let shown = |rig: &Rig, text: &str| {
        let entry = rig.find(text);
        rig.entry(entry).at
    };
    let one = shown(&rig, "one");
    assert!(
        one.0 - first.0 < 1000,
        "{one:?} is when it was seen: {first:?}"
    );

    let wall = rig.now.wall.0 + 3_600_000;
    rig.reload();
    rig.set_wall(wall);
    rig.answer("course", course("Chatting", &ALL));
    rig.answer("refresh", messages(&transcript));
    assert_eq!(shown(&rig, "one"), one, "as before the reload");
    assert!(shown(&rig, "two").0 >= wall, "new ones are seen now");
}

#[test]
fn system_messages_come_either_way() {
    let mut rig = chatting();
    rig.wait_for("refresh");
    let system = ("system", "3", "External");
    rig.answer(
        "refresh",
        messages(&[
            event(3, "Text", system, Some("one")),
            event(4, "External", system, Some("two")),
            event(5, "TranscriptSaveDone", system, None),
        ]),
    );
    assert_eq!(rig.lines(), ["Kristi joined", "system: one", "system: two"]);
}

#[test]
fn who_may_not_ask_for_the_course_can_talk_all_the_same() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.answer("start", json!({"id": ID, "statusCode": 0}));
    rig.say("hello");
    rig.answer_with("course", http(403, "not through this proxy"));
    rig.wait_for("refresh");
    rig.answer("refresh", messages(&[own_join()]));
    rig.wait_for("send");
    assert_eq!(rig.field("send", "text").as_deref(), Some("hello"));
}

#[test]
fn the_id_of_a_chat_may_be_a_number() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.answer(
        "start",
        json!({"id": 1_234_567_890_123_456_789_u64, "statusCode": 0}),
    );
    let url = &rig.request("course").url;
    assert!(url.ends_with("/v2/chats/1234567890123456789"), "{url}");
}
