//! GMS v1 over CometD: requests as in v1, the news pushed on a line that does nothing else. They come once, so
//! the page keeps them; how far the transcript goes tells whether any is missing.

#![expect(clippy::panic, reason = "a test may fail")]

mod common;

use common::line::{self, channels};
use common::*;
use parlour_chat::{
    Agents, Command, Connection, DialectKind, EndReason, EntryId, Item, MessageState, Panel, Phase,
    RefusalReason, Request, Settings,
};
use serde_json::{Value, json};

const ID: &str = "a7e6ed0b-0380-4223-97f8-b3c7d93205e8";
const USER: &str = "a-name-that-nobody-guesses";

fn settings() -> Settings {
    Settings {
        dialect: DialectKind::GmsV1Cometd,
        ..steady()
    }
}

fn service() -> Value {
    json!({"_id": ID})
}

fn block(state: &str, position: u64) -> Value {
    json!({"chatIxnState": state, "chatSessionId": "000E5aA2A40P000Q", "comet_channel": "/_genesys",
           "transcriptPosition": position.to_string(), "startedAt": "2014-09-26T07:40:55Z"})
}

/// What is pushed about a service's chat: events, of which the last is at this position.
fn push_of(id: &str, state: &str, position: u64, events: &[Value]) -> Value {
    let mut message = block(state, position);
    message["transcriptToShow"] = json!(events);
    json!({"id": "7b239ff0", "message": message, "tag": format!("service.chat.refresh.{id}")})
}

fn push(position: u64, events: &[Value]) -> Value {
    push_of(ID, "TRANSCRIPT", position, events)
}

fn anna(kind: &str, text: &str) -> Value {
    json!([kind, "Anna", text, "20", "AGENT"])
}

fn anna_joins() -> Value {
    anna("Notice.Joined", "has joined the session")
}

fn says(text: &str) -> Value {
    anna("Message.Text", text)
}

fn mine(text: &str) -> Value {
    json!(["Message.Text", "Maria", text, "30", "CLIENT"])
}

fn state_of(rig: &Rig, entry: EntryId) -> MessageState {
    match &rig.entry(entry).item {
        Item::Message { state, .. } => state.clone(),
        other => panic!("no message: {other:?}"),
    }
}

fn user_of(request: &Request) -> Vec<&str> {
    let named = request
        .headers
        .iter()
        .filter(|(name, _)| name == "gms_user");
    named.map(|(_, value)| value.as_str()).collect()
}

/// A chat with an agent (event 2), all of whose news have come.
fn chatting() -> Rig {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.open_the_line();
    rig.answer("start", service());
    rig.answer("join", block("CONNECTED", 1));
    rig.answer("refresh", block("TRANSCRIPT", 1));
    rig.hear("poll", &[push(2, &[anna_joins()])]);
    rig.panel(Panel::Open);
    assert_eq!(rig.lines(), ["Anna joined"]);
    rig
}

#[test]
fn first_there_is_a_line_then_a_service_then_its_chat() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.hear("poll", &[]);
    let subscribe = line::messages(rig.request("poll")).remove(0);
    assert_eq!(subscribe["channel"], "/meta/subscribe");
    assert_eq!(subscribe["subscription"], "/_genesys");
    rig.hear("poll", &[]);
    assert_eq!(channels(rig.request("poll")), ["/meta/connect"]);
    assert_eq!(
        rig.pending_operations(),
        ["poll"],
        "nothing is begun that nobody could hear of"
    );
    rig.hear("poll", &[]);
    rig.answer("start", service());
    assert_eq!(rig.field("join", "notify_by").as_deref(), Some("comet"));
    assert_eq!(
        rig.field("join", "userDisplayName").as_deref(),
        Some("Maria")
    );
    rig.answer("join", block("CONNECTED", 1));
    assert_eq!(rig.state().phase, Phase::Chatting);
    assert_eq!(rig.field("refresh", "_verbose").as_deref(), Some("true"));
    rig.answer("refresh", block("TRANSCRIPT", 1));
    for (_, request) in &rig.log {
        assert_eq!(user_of(request), [USER], "{}", request.url);
    }
    rig.advance(secs(30));
    assert_eq!(
        rig.pending_operations(),
        ["poll"],
        "the news come by themselves"
    );
}

#[test]
fn the_news_are_what_is_pushed() {
    let mut rig = chatting();
    rig.hear(
        "poll",
        &[push(
            4,
            &[anna("Notice.TypingStarted", "is typing"), says("Hello")],
        )],
    );
    assert_eq!(rig.lines(), ["Anna joined", "Anna: Hello"]);
    let said = rig.say("Hi");
    assert_eq!(state_of(&rig, said), MessageState::Sending);
    // Of what it did the server says no more than where to hear of it.
    rig.answer(
        "send",
        json!({"_id": "B2FS3346", "comet_channel": "/_genesys"}),
    );
    assert_eq!(state_of(&rig, said), MessageState::Sent);
    rig.hear("poll", &[push(5, &[mine("Hi")])]);
    assert_eq!(rig.lines(), ["Anna joined", "Anna: Hello", "me: Hi"]);
    rig.hear(
        "poll",
        &[push(6, &[anna("Notice.Left", "has left the session")])],
    );
    assert_eq!(rig.state().agents, Agents::Gone);
}

#[test]
fn what_is_pushed_again_is_shown_once() {
    let mut rig = chatting();
    rig.hear("poll", &[push(3, &[says("one")])]);
    rig.fail("poll");
    rig.open_the_line();
    rig.hear(
        "poll",
        &[push(4, &[anna_joins(), says("one"), says("two")])],
    );
    assert_eq!(rig.lines(), ["Anna joined", "Anna: one", "Anna: two"]);
}

#[test]
fn what_other_chats_of_the_visitor_say_is_no_news() {
    let mut rig = chatting();
    let elsewhere = push_of("another", "TRANSCRIPT", 9, &[says("not for you")]);
    let over = push_of("another", "DISCONNECTED", 9, &[]);
    rig.hear(
        "poll",
        &[elsewhere, over, json!({"message": {"_id": ID}}), json!({})],
    );
    assert_eq!(rig.lines(), ["Anna joined"]);
    assert_eq!(rig.state().phase, Phase::Chatting);
}

#[test]
fn a_reload_shows_what_the_page_has_kept() {
    let mut rig = chatting();
    rig.hear("poll", &[push(3, &[says("Hello")])]);
    rig.say("Hi");
    rig.answer(
        "send",
        json!({"_id": "B2FS3346", "comet_channel": "/_genesys"}),
    );
    let page = anna("Notice.PushUrl", "https://example.org/");
    rig.hear("poll", &[push(5, &[mine("Hi"), page])]);
    let before = rig.lines();
    assert_eq!(before.len(), 4, "{before:?}");
    rig.settings.visitor = "another draw".into();
    rig.reload();
    assert_eq!(rig.lines(), before);
    assert_eq!(
        rig.state().agents,
        Agents::Present,
        "the agent is still there"
    );
    assert_eq!(rig.state().unread, 0);
    rig.open_the_line();
    rig.answer("refresh", block("TRANSCRIPT", 5));
    assert_eq!(
        user_of(rig.request("poll")),
        [USER],
        "the server knows the visitor by no other name"
    );
    rig.hear("poll", &[push(6, &[says("still here")])]);
    assert_eq!(rig.lines().len(), 5);
    assert_eq!(rig.times("send").len(), 0, "it is known to have arrived");
}

#[test]
fn a_lost_send_is_sent_again_only_when_the_transcript_is_known_to_end_without_it() {
    for arrived in [true, false] {
        let mut rig = chatting();
        let said = rig.say("once");
        rig.fail("send");
        assert_eq!(state_of(&rig, said), MessageState::Sending);
        rig.wait_for("refresh");
        if arrived {
            rig.answer("refresh", block("TRANSCRIPT", 3));
            assert!(!rig.is_pending("send"), "something is still to be pushed");
            rig.hear("poll", &[push(3, &[mine("once")])]);
            assert_eq!(state_of(&rig, said), MessageState::Sent);
            rig.advance(secs(40));
            assert_eq!(rig.times("send").len(), 1);
        } else {
            rig.answer("refresh", block("TRANSCRIPT", 2));
            assert!(!rig.is_pending("send"), "it may still be on its way");
            rig.wait_for("refresh");
            rig.answer("refresh", block("TRANSCRIPT", 2));
            assert!(rig.is_pending("send"));
        }
    }
}

#[test]
fn a_new_line_is_made_for_what_is_not_pushed_and_then_it_counts_as_lost() {
    let mut rig = chatting();
    rig.reload();
    rig.open_the_line();
    let said = rig.say("Is anybody there?");
    let mut lines = 1;
    for _ in 0..20 {
        if rig.is_pending("send") {
            break;
        }
        rig.wait_until("a refresh or a new line", |rig| {
            let making = |request: &Request| channels(request) == ["/meta/handshake"];
            rig.is_pending("refresh")
                || rig.is_pending("send")
                || rig.is_pending("poll") && making(rig.request("poll"))
        });
        if rig.is_pending("refresh") {
            rig.answer("refresh", block("TRANSCRIPT", 4));
        } else if !rig.is_pending("send") {
            rig.open_the_line();
            lines += 1;
        }
    }
    assert_eq!(lines, 2, "a new session may bring it again");
    assert!(rig.is_pending("send"), "nobody waits for ever");
    assert_eq!(rig.times("refresh").len(), 4);
    rig.answer(
        "send",
        json!({"_id": "B2FS3346", "comet_channel": "/_genesys"}),
    );
    rig.hear("poll", &[push(5, &[mine("Is anybody there?")])]);
    assert_eq!(state_of(&rig, said), MessageState::Sent);
}

#[test]
fn the_last_words_are_shown_though_the_end_is_known_before() {
    let mut rig = chatting();
    rig.draft("I am typ");
    rig.answer("startTyping", block("DISCONNECTED", 4));
    assert_eq!(rig.state().phase, Phase::Chatting);
    rig.answer("refresh", block("DISCONNECTED", 4));
    assert_eq!(
        rig.state().phase,
        Phase::Chatting,
        "its end is still to be pushed"
    );
    let last = [says("Bye"), anna("Notice.Left", "has left the session")];
    rig.hear("poll", &[push_of(ID, "DISCONNECTED", 4, &last)]);
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
    assert!(
        rig.lines().contains(&"Anna: Bye".to_owned()),
        "{:?}",
        rig.lines()
    );
}

#[test]
fn last_words_that_never_come_are_not_waited_for() {
    let mut rig = chatting();
    rig.draft("I am typ");
    rig.answer("startTyping", block("DISCONNECTED", 4));
    for _ in 0..10 {
        if rig.state().phase != Phase::Chatting {
            break;
        }
        rig.wait_for("refresh");
        rig.answer("refresh", block("DISCONNECTED", 4));
    }
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
    assert_eq!(rig.times("refresh").len(), 1 + 4);
}

#[test]
fn a_chat_that_ended_while_the_page_was_away_is_over() {
    let mut rig = chatting();
    rig.reload();
    rig.open_the_line();
    rig.answer("refresh", block("DISCONNECTED", 2));
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::Gone));
    assert_eq!(rig.lines().first().map(String::as_str), Some("Anna joined"));
}

#[test]
fn whoever_ends_the_chat_leaves_the_line() {
    let mut rig = chatting();
    rig.command(Command::End);
    rig.answer("disconnect", block("DISCONNECTED", 2));
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByVisitor));
    assert_eq!(channels(rig.request("goodbye")), ["/meta/disconnect"]);
    assert_eq!(user_of(rig.request("goodbye")), [USER]);
    assert_eq!(
        rig.pending_operations(),
        ["goodbye"],
        "nobody listens any more"
    );
    rig.hear("goodbye", &[]);
    rig.advance(secs(120));
    assert!(rig.pending().is_empty());
    assert!(
        !rig.storage.contains_key("transcript"),
        "what was kept is gone with the chat"
    );
}

#[test]
fn until_an_agent_is_there_the_line_is_kept_and_the_status_asked_for() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.open_the_line();
    rig.answer("start", service());
    rig.answer_with("join", http(503, ""));
    assert_eq!(rig.state().agents, Agents::Awaited);
    let waiting = json!({"message": {"_id": ID, "_status": "waiting"}});
    for _ in 0..5 {
        let waited = rig.wait_for("status");
        assert!(waited >= secs(2), "{waited:?}");
        rig.answer("status", waiting.clone());
    }
    assert_eq!(
        rig.state().connection,
        Connection::Up,
        "waiting is no error"
    );
    rig.answer_next(
        "status",
        json!({"message": {"_id": ID, "_status": "available"}}),
    );
    rig.answer("join", block("CONNECTED", 1));
    rig.answer("refresh", block("TRANSCRIPT", 1));
    rig.hear("poll", &[push(2, &[anna_joins()])]);
    assert_eq!(rig.lines(), ["Anna joined"]);
}

#[test]
fn a_server_that_lets_nobody_listen_is_told_of_after_a_few_tries() {
    let mut rig = Rig::with(settings());
    rig.start();
    let mut subscribed = 0;
    for _ in 0..40 {
        if rig.state().phase != Phase::Starting {
            break;
        }
        rig.wait_for("poll");
        let request = rig.request("poll");
        let mut reply = line::reply(request, &[]);
        if channels(request) == ["/meta/subscribe"] {
            reply[0]["successful"] = json!(false);
            reply[0]["error"] = json!("403:/_genesys:denied");
            subscribed += 1;
        }
        rig.answer("poll", reply);
    }
    let Phase::Refused(refusal) = &rig.state().phase else {
        panic!("{:?}", rig.state().phase)
    };
    assert_eq!(refusal.reason, RefusalReason::CannotStartNow);
    assert_eq!(subscribed, 3, "nobody was rung, so it was tried again");
}

#[test]
fn a_server_that_always_has_something_to_say_is_not_flooded() {
    let mut rig = chatting();
    let other = push_of("another", "TRANSCRIPT", 9, &[says("not for you")]);
    let same = push(2, &[anna_joins()]);
    for news in [other, same] {
        let before = rig.log.len();
        let until = rig.now.moment + secs(60);
        while rig.now.moment < until {
            if rig.is_pending("poll") {
                rig.hear("poll", std::slice::from_ref(&news));
            }
            rig.advance(millis(1));
        }
        let asked = rig.log.len() - before;
        assert!(asked <= 100, "{asked} requests in a minute");
    }
}

#[test]
fn what_is_kept_does_not_fill_the_storage() {
    let mut rig = chatting();
    let words = "word ".repeat(1000);
    let said: Vec<_> = (0..2000).map(|n| says(&format!("{n} {words}"))).collect();
    rig.hear("poll", &[push(2002, &said)]);
    rig.hear("poll", &[push(2003, &[mine("Thanks!")])]);
    assert_eq!(rig.lines().len(), 2002, "all of it is shown");
    let stored = rig.storage["transcript"].value.as_ref();
    let size = stored.map_or(0, String::len);
    assert!((400_000..600_000).contains(&size), "{size}");
    rig.reload();
    let lines = rig.lines();
    assert_eq!(lines[0], "Anna joined", "and is there");
    assert_eq!(rig.state().agents, Agents::Present);
    assert!(lines[lines.len() - 2].starts_with("Anna: 1999"));
    assert_eq!(lines[lines.len() - 1], "me: Thanks!");
}

#[test]
fn people_who_come_and_go_without_end_do_not_fill_the_storage_either() {
    let mut rig = chatting();
    let comings: Vec<_> = (0..20_000).map(|_| anna_joins()).collect();
    rig.hear("poll", &[push(20_002, &comings)]);
    let stored = rig.storage["transcript"].value.as_ref();
    let size = stored.map_or(0, String::len);
    assert!(size < 600_000, "{size}");
}

#[test]
fn what_is_pushed_of_the_chat_before_does_not_begin_the_next() {
    let mut rig = chatting();
    rig.command(Command::End);
    rig.answer("disconnect", block("DISCONNECTED", 2));
    rig.start();
    rig.open_the_line();
    rig.hear("poll", &[push(3, &[says("not gone yet")])]);
    assert_eq!(rig.state().phase, Phase::Starting);
    rig.answer("start", json!({"_id": "another"}));
    assert!(
        rig.request("join").url.contains("/another/"),
        "{}",
        rig.request("join").url
    );
}

#[test]
fn a_hole_is_something_missing_though_the_news_go_on_after_it() {
    let mut rig = chatting();
    let said = rig.say("once");
    // It is event 3. The cut takes the reply, and the push of it.
    rig.fail("send");
    rig.fail("poll");
    rig.open_the_line();
    rig.hear("poll", &[push(4, &[says("I see")])]);
    for _ in 0..20 {
        if rig.is_pending("send") || state_of(&rig, said) == MessageState::Sent {
            break;
        }
        rig.wait_until("a refresh or a new line", |rig| {
            rig.is_pending("refresh")
                || rig.is_pending("poll") && channels(rig.request("poll")) == ["/meta/handshake"]
        });
        if rig.is_pending("refresh") {
            rig.answer("refresh", block("TRANSCRIPT", 4));
        } else {
            rig.open_the_line();
            let again = [anna_joins(), mine("once"), says("I see")];
            rig.hear("poll", &[push(4, &again)]);
        }
    }
    assert_eq!(rig.times("send").len(), 1, "the new session has brought it");
    assert_eq!(rig.lines(), ["Anna joined", "me: once", "Anna: I see"]);
}

#[test]
fn a_line_that_is_refused_while_a_chat_is_asked_for_leaves_nothing_behind() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.open_the_line();
    rig.answer_with("poll", http(404, "<html>"));
    rig.answer("start", service());
    rig.open_the_line();
    rig.answer("join", block("CONNECTED", 1));
    assert_eq!(rig.state().phase, Phase::Chatting);
}

#[test]
fn an_empty_list_is_no_list() {
    let mut rig = chatting();
    rig.reload();
    rig.open_the_line();
    let mut reply = block("TRANSCRIPT", 2);
    reply["transcriptToShow"] = json!([]);
    rig.answer("refresh", reply);
    assert_eq!(rig.wrong_dialects, []);
    rig.say("Hello");
    assert!(rig.is_pending("send"), "all is known");
}

#[test]
fn a_server_that_does_not_say_how_far_it_got_is_asked_a_few_times() {
    let mut rig = chatting();
    let said = rig.say("lost");
    rig.fail("send");
    let mut asked = 0;
    for _ in 0..40 {
        rig.wait_until("a request", |rig| {
            let making = |rig: &Rig| channels(rig.request("poll")) == ["/meta/handshake"];
            rig.is_pending("refresh") || rig.is_pending("send") || making(rig)
        });
        if rig.is_pending("send") {
            break;
        }
        if rig.is_pending("refresh") {
            rig.answer("refresh", json!({"_id": "x", "comet_channel": "/_genesys"}));
            asked += 1;
        } else {
            rig.open_the_line();
        }
    }
    assert_eq!(state_of(&rig, said), MessageState::Sending);
    assert!(rig.is_pending("send") && asked >= 4, "{asked}");
}

#[test]
fn what_one_chat_waited_for_is_no_matter_of_the_next() {
    let mut rig = chatting();
    rig.reload();
    rig.open_the_line();
    rig.answer("refresh", block("TRANSCRIPT", 9));
    rig.answer_next("refresh", block("TRANSCRIPT", 9));
    rig.command(Command::End);
    rig.wait_until("the end", |rig| {
        rig.is_pending("disconnect") || rig.state().phase != Phase::Ending
    });
    if rig.is_pending("disconnect") {
        rig.answer("disconnect", block("DISCONNECTED", 9));
    }
    rig.start();
    rig.open_the_line();
    rig.answer("start", service());
    rig.answer("join", block("CONNECTED", 1));
    rig.answer("refresh", block("TRANSCRIPT", 2));
    let before = rig.times("refresh").len();
    rig.hear("poll", &[push(2, &[anna_joins()])]);
    rig.advance(secs(20));
    assert_eq!(rig.times("refresh").len(), before, "all of it has come");
}

#[test]
fn a_position_beyond_all_counting_loses_no_message() {
    for position in [
        "9223372036854775807",
        "9223372036854775806",
        "9007199254740992",
    ] {
        let mut rig = chatting();
        let mut far = push(3, &[mine("Hello")]);
        far["message"]["transcriptPosition"] = json!(position);
        rig.hear("poll", &[far]);
        rig.say("Is anybody there?");
        assert!(rig.is_pending("send"));
        rig.reload();
        let lines = rig.lines();
        let kept = lines
            .iter()
            .filter(|line| line.contains("Is anybody there?"));
        assert_eq!(kept.count(), 1, "{position}: {lines:?}");
    }
}
