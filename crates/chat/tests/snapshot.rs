//! What survives a reload, a crash and a closed tab, and what must not.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use std::collections::BTreeMap;

use common::*;
use parlour_chat::{
    ChatCommand, Command, EndReason, Input, Item, Keep, MessageState, Panel, Phase, Record,
    RecordName, RefusalReason, Settings, Storage, WallTime,
};
use serde_json::{Value, json};

/// The transcript of a chat with an agent who greeted.
fn greeted() -> Vec<Value> {
    vec![own_join(1), agent_joins(2), agent_says(3, "Hi!")]
}

fn chat() -> Rig {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_says(3, "Hi!")], 4);
    rig
}

fn outbox(rig: &Rig) -> usize {
    rig.storage
        .keys()
        .filter(|name| name.starts_with("outbox/"))
        .count()
}

fn stored(name: &str, value: String) -> (String, Record) {
    let record = Record {
        name: RecordName(name.into()),
        keep: if name == "ended" {
            Keep::ForTab
        } else {
            Keep::ForVisitor
        },
        value: Some(value),
    };
    (name.into(), record)
}

/// A session record as this version writes it, with some of its JSON changed.
fn session_record(change: impl FnOnce(&mut Value)) -> BTreeMap<String, Record> {
    let value = chat().storage["session"].value.clone().unwrap();
    let mut value: Value = serde_json::from_str(&value).unwrap();
    change(&mut value);
    [stored("session", value.to_string())].into()
}

#[test]
fn a_reload_goes_on_with_the_chat_from_the_start_of_its_transcript() {
    let mut rig = chat();
    rig.reload();
    assert_eq!(rig.state().phase, Phase::Chatting);
    for (name, value) in [
        ("transcriptPosition", "1"),
        ("secureKey", KEY),
        ("userId", USER),
    ] {
        assert_eq!(rig.field("refresh", name).as_deref(), Some(value));
    }
    assert!(rig.request("refresh").url.contains(CHAT));
    rig.answer(
        "refresh",
        transcript(
            &[greeted(), vec![agent_says(4, "Still there?")]].concat(),
            5,
        ),
    );
    assert_eq!(
        rig.lines(),
        ["Anna joined", "Anna: Hi!", "Anna: Still there?"]
    );
    assert_eq!(
        rig.incoming,
        ["Anna: Still there?"],
        "what was heard before is no news"
    );
    assert_eq!(rig.state().participants.len(), 1);
}

#[test]
fn a_closed_tab_is_as_good_as_a_reload() {
    let mut rig = chat();
    rig.say("hello");
    rig.draft("and");
    rig.reopen();
    assert_eq!(rig.state().phase, Phase::Chatting);
    assert_eq!(rig.composer, "and");
    assert_eq!(rig.lines()[2..], ["me: hello (sending)"]);
}

#[test]
fn the_draft_survives() {
    let mut rig = chat();
    rig.draft("half a tho");
    rig.reload();
    assert_eq!(rig.composer, "half a tho");
    assert_eq!(rig.session.draft(), "half a tho");
    rig.draft("");
    assert!(!rig.storage.contains_key("draft"));
    rig.reload();
    assert_eq!(rig.composer, "");
}

#[test]
fn before_a_chat_only_memory_knows_the_draft() {
    let mut rig = Rig::new();
    rig.draft("half a tho");
    rig.start();
    assert_eq!(rig.storage.keys().collect::<Vec<_>>(), ["starting"]);
    rig.answer("start", started());
    assert!(rig.storage.contains_key("draft"), "now it is kept");
}

#[test]
fn a_message_that_had_left_is_claimed_by_the_transcript() {
    let mut rig = chat();
    rig.say("hello");
    let lost = rig.reload();
    assert!(lost.iter().any(|request| operation_of(request) == "send"));
    assert_eq!(rig.lines()[2..], ["me: hello (sending)"]);
    let entry = rig.find("hello");
    rig.answer(
        "refresh",
        transcript(&[greeted(), vec![visitor_says(4, "h*llo")]].concat(), 5),
    );
    assert_eq!(rig.lines(), ["Anna joined", "Anna: Hi!", "me: h*llo"]);
    rig.entry(entry);
    assert_eq!(outbox(&rig), 0);
    rig.serve(secs(120));
    assert_eq!(rig.times("send").len(), 0);
}

#[test]
fn a_message_that_had_left_is_sent_again_only_after_the_window() {
    let mut rig = chat();
    rig.say("hello");
    rig.reload();
    let from = rig.now.moment;
    rig.answer("refresh", transcript(&greeted(), 4));
    rig.serve(millis(29_900));
    assert_eq!(rig.times("send").len(), 0);
    rig.serve(secs(5));
    let sent = rig.times("send");
    assert_eq!(sent.len(), 1);
    assert!(sent[0].since(from) >= secs(30));
    assert_eq!(rig.lines(), ["Anna joined", "Anna: Hi!", "me: hello"]);
}

#[test]
fn a_message_that_had_not_left_is_sent_after_a_look() {
    let mut rig = chat();
    rig.say("one");
    rig.say("two");
    rig.reload();
    assert!(!rig.is_pending("send"));
    rig.answer(
        "refresh",
        transcript(&[greeted(), vec![visitor_says(4, "one")]].concat(), 5),
    );
    assert_eq!(
        rig.field("send", "message").as_deref(),
        Some("two"),
        "no need to wait"
    );
    rig.serve(secs(1));
    assert_eq!(
        rig.lines(),
        ["Anna joined", "Anna: Hi!", "me: one", "me: two"]
    );
}

#[test]
fn a_message_that_was_taken_keeps_its_state() {
    let mut rig = chat();
    rig.say("hello");
    rig.answer("send", done());
    rig.reload();
    assert_eq!(rig.lines()[2..], ["me: hello"]);
    rig.answer(
        "refresh",
        transcript(&[greeted(), vec![visitor_says(4, "hello")]].concat(), 5),
    );
    assert_eq!(rig.lines(), ["Anna joined", "Anna: Hi!", "me: hello"]);
    assert_eq!(outbox(&rig), 0);
}

#[test]
fn a_message_that_failed_keeps_its_reason_and_can_be_retried() {
    let mut rig = chat();
    rig.say("a long story");
    rig.answer("send", refusal(204, "4"));
    let before = rig.entries().last().unwrap().item.clone();
    rig.reload();
    assert_eq!(rig.entries().last().unwrap().item, before);
    assert_eq!(
        rig.lines()[2..],
        ["me: a long story (failed: MessageTooLong)"]
    );
    rig.answer("refresh", transcript(&greeted(), 4));
    rig.serve(secs(60));
    assert_eq!(rig.times("send").len(), 0);
    rig.command(ChatCommand::Retry(rig.find("a long story")));
    assert_eq!(
        rig.field("send", "message").as_deref(),
        Some("a long story")
    );
}

#[test]
fn several_messages_keep_their_order() {
    let mut rig = chat();
    let texts: Vec<String> = (0..12).map(|number| format!("message {number}")).collect();
    for text in &texts {
        rig.say(text);
    }
    rig.reload();
    assert_eq!(rig.texts()[1..], texts);
    let said = [greeted(), vec![visitor_says(4, &texts[0])]].concat();
    rig.answer("refresh", transcript(&said, 5));
    rig.serve(secs(30));
    assert_eq!(rig.texts()[1..], texts);
    let sent: Vec<String> = rig
        .log
        .iter()
        .filter(|(_, request)| operation_of(request) == "send")
        .filter_map(|(_, request)| field(request, "message"))
        .collect();
    assert_eq!(sent, texts[1..]);
}

#[test]
fn what_one_said_before_a_reload_is_no_echo_of_what_one_says_after() {
    let mut rig = chat();
    rig.say("before");
    rig.answer("send", transcript(&[visitor_says(4, "before")], 5));
    rig.reload();
    let after = rig.say("after");
    rig.wait_until("the first look", |rig| rig.is_pending("refresh"));
    rig.answer(
        "refresh",
        transcript(&[greeted(), vec![visitor_says(4, "before")]].concat(), 5),
    );
    assert_eq!(
        rig.lines(),
        [
            "Anna joined",
            "Anna: Hi!",
            "me: before",
            "me: after (sending)"
        ]
    );
    rig.answer("send", transcript(&[visitor_says(5, "after")], 6));
    assert_eq!(rig.texts(), ["Hi!", "before", "after"]);
    rig.entry(after);
}

#[test]
fn a_reload_after_a_second_try_remembers_the_first() {
    let mut rig = chat();
    rig.say("please call me");
    rig.fail("send");
    while !rig.is_pending("send") {
        rig.wait_until("a send or a refresh", |rig| {
            rig.is_pending("send") || rig.is_pending("refresh")
        });
        if !rig.is_pending("send") {
            rig.answer("refresh", transcript(&[], 4));
        }
    }
    rig.answer("send", transcript(&[visitor_says(4, "please call me")], 5));
    rig.say("bye");
    rig.reload();
    let late = vec![
        visitor_says(4, "please call me"),
        visitor_says(5, "please call me"),
    ];
    rig.answer("refresh", transcript(&[greeted(), late].concat(), 6));
    assert_eq!(
        rig.lines()[2..],
        [
            "me: please call me",
            "me: please call me",
            "me: bye (sending)"
        ]
    );
}

#[test]
fn the_chat_may_have_ended_meanwhile() {
    let mut rig = chat();
    rig.say("hello");
    rig.draft("and");
    rig.reload();
    rig.answer("refresh", gone());
    let unsent = ["hello", "and"].map(|text| format!("me: {text} (failed: ChatEnded)"));
    assert_eq!(rig.lines()[2..4], unsent);
    assert_eq!(rig.lines()[4..], ["ended Gone"]);
    rig.command(Command::Reset);
    assert_eq!(rig.composer, "hello\nand");
}

#[test]
fn an_end_that_a_page_finds_on_its_return_came_while_one_was_away() {
    let mut rig = chat();
    rig.reload();
    let mut events = greeted();
    events.push(agent_leaves(4, None));
    rig.answer("refresh", ended(&events));
    assert_eq!(
        rig.lines(),
        ["Anna joined", "Anna: Hi!", "Anna left", "ended Gone"]
    );
}

#[test]
fn the_keys_are_erased_the_moment_the_chat_ends() {
    let mut rig = chat();
    rig.say("hello");
    rig.draft("and");
    rig.answer_next("refresh", ended(&[]));
    let kept: Vec<&str> = rig.storage.keys().map(String::as_str).collect();
    assert_eq!(kept, ["ended"]);
    let text = rig.storage["ended"].value.clone().unwrap();
    for key in [KEY, USER, ALIAS, CHAT] {
        assert!(!text.contains(key), "{text}");
    }
}

#[test]
fn an_ended_transcript_stays_for_this_tab_until_dismissed() {
    let mut rig = chat();
    rig.say("hello");
    rig.draft("and");
    rig.answer_next("refresh", ended(&[agent_leaves(4, None)]));
    let lines = rig.lines();
    assert_eq!(rig.storage["ended"].keep, Keep::ForTab);
    rig.reload();
    assert_eq!(rig.lines(), lines);
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
    assert!(lines.contains(&"me: and (failed: ChatEnded)".to_owned()));
    assert!(!rig.will_wake());
    assert_eq!(rig.requests(), 0);
    rig.draft("and then");
    rig.reload();
    assert_eq!(rig.composer, "and then");
    rig.command(Command::Reset);
    assert_eq!(rig.composer, "hello\nand\nand then");
    assert!(rig.storage.is_empty());
    rig.reload();
    assert_eq!((rig.lines().len(), &rig.state().phase), (0, &Phase::Idle));
}

#[test]
fn an_ended_transcript_is_not_shown_in_another_tab() {
    let mut rig = chat();
    rig.answer_next("refresh", ended(&[]));
    rig.reopen();
    assert_eq!((rig.lines().len(), &rig.state().phase), (0, &Phase::Idle));
}

#[test]
fn a_new_chat_wins_over_an_ended_one() {
    let mut rig = chat();
    rig.answer_next("refresh", ended(&[]));
    let old = rig.storage["ended"].clone();
    rig.start();
    rig.answer("start", started());
    assert!(!rig.storage.contains_key("ended"));
    rig.storage.insert("ended".into(), old);
    rig.reload();
    assert_eq!(rig.state().phase, Phase::Chatting);
    assert_eq!(rig.lines(), [""; 0]);
}

#[test]
fn a_denied_storage_is_told_and_the_chat_goes_on() {
    let mut rig = Rig::new();
    rig.storage_works = false;
    rig.start();
    rig.answer("start", started());
    assert_eq!(rig.state().storage, Storage::Fails);
    rig.answer("refresh", transcript(&[own_join(1)], 2));
    rig.answer_rest();
    rig.draft("hel");
    rig.say("hello");
    rig.answer("send", transcript(&[visitor_says(2, "hello")], 3));
    assert_eq!(rig.lines(), ["me: hello"]);
    assert_eq!(rig.state().storage, Storage::Fails);
    rig.serve(secs(60));
    assert_eq!(rig.state().storage, Storage::Fails);
    assert_eq!(rig.storage.len(), 0);
}

#[test]
fn a_storage_that_recovers_gets_everything() {
    let mut rig = chat();
    rig.storage_works = false;
    rig.say("hello");
    rig.draft("and");
    assert_eq!(rig.state().storage, Storage::Fails);
    assert_eq!(outbox(&rig), 0);
    rig.storage_works = true;
    rig.advance(secs(1));
    rig.input(Input::Tick);
    rig.advance(secs(1));
    rig.input(Input::Tick);
    assert_eq!(rig.state().storage, Storage::Works);
    assert_eq!((outbox(&rig), rig.storage.contains_key("draft")), (1, true));
    rig.reload();
    assert_eq!(rig.lines()[2..], ["me: hello (sending)"]);
}

#[test]
fn what_could_not_be_erased_is_erased_later() {
    let mut rig = chat();
    rig.say("hello");
    rig.storage_works = false;
    rig.answer("send", transcript(&[visitor_says(4, "hello")], 5));
    assert_eq!(outbox(&rig), 1);
    rig.storage_works = true;
    rig.input(Input::Tick);
    assert_eq!(outbox(&rig), 0);
}

#[test]
fn keys_that_could_not_be_erased_are_erased_later() {
    let mut rig = chat();
    rig.storage_works = false;
    rig.answer_next("refresh", ended(&[]));
    assert!(rig.storage.contains_key("session"));
    rig.storage_works = true;
    rig.panel(Panel::Open);
    assert!(!rig.storage.contains_key("session"));
}

#[test]
fn a_stale_outbox_record_is_not_sent_blindly() {
    // The message left, but the storage could not take note of that.
    let mut rig = chat();
    rig.say("one");
    rig.say("two");
    let queued = rig.storage.clone();
    rig.answer("send", transcript(&[visitor_says(4, "one")], 5));
    rig.answer("send", transcript(&[visitor_says(5, "two")], 6));
    rig.storage = queued;
    rig.reload();
    let said = vec![visitor_says(4, "one"), visitor_says(5, "two")];
    rig.answer("refresh", transcript(&[greeted(), said].concat(), 6));
    rig.serve(secs(120));
    assert_eq!(rig.times("send").len(), 0);
    assert_eq!(rig.texts(), ["Hi!", "one", "two"]);
}

#[test]
fn records_of_another_tenant_server_or_service_are_not_read() {
    let mut source = chat();
    source.say("hello");
    let other = |tenant, server, service| Settings::new(tenant, server, service);
    for settings in [
        other("umbrella", "https://chat.example", "support"),
        other("acme", "https://other.example", "support"),
        other("acme", "https://chat.example", "sales"),
    ] {
        assert_ne!(settings.scope(), source.settings.scope());
        let rig = Rig::restored(settings, source.storage.clone());
        assert_eq!((&rig.state().phase, rig.requests()), (&Phase::Idle, 0));
        assert_eq!(rig.lines(), [""; 0]);
        assert_eq!(
            rig.storage, source.storage,
            "what is not ours is left alone"
        );
    }
}

#[test]
fn scopes_do_not_run_into_each_other() {
    let scope = |tenant, server, service| Settings::new(tenant, server, service).scope();
    let scopes = [
        scope("a", "b", "c"),
        scope("a:b", "", "c"),
        scope("a", "b:c", ""),
        scope("a%3Ab", "", "c"),
        scope("", "a:b", "c"),
        scope("", "a", "b:c"),
    ];
    for (at, one) in scopes.iter().enumerate() {
        assert!(scopes[at + 1..].iter().all(|other| other != one), "{one}");
    }
    assert_eq!(scope("a", "https://x/", "c"), scope("a", "https://x", "c"));
}

#[test]
fn records_of_a_newer_version_are_left_alone() {
    let storage = session_record(|record| record["v"] = json!(2));
    let rig = Rig::restored(settings(), storage.clone());
    assert_eq!((&rig.state().phase, rig.requests()), (&Phase::Idle, 0));
    assert_eq!(rig.storage, storage, "the newer page may come back");
}

#[test]
fn older_and_larger_records_are_read() {
    let older = session_record(|record| {
        let data = record["data"].as_object_mut().unwrap();
        data.retain(|key, _| key == "keys");
        data["keys"].as_object_mut().unwrap().remove("alias");
        record.as_object_mut().unwrap().remove("v");
    });
    let larger = session_record(|record| {
        record["data"]["mood"] = json!({"of": ["tomorrow"]});
        record["note"] = json!(7);
    });
    for storage in [older, larger] {
        let rig = Rig::restored(settings(), storage);
        assert_eq!(rig.state().phase, Phase::Chatting);
        assert_eq!(rig.field("refresh", "secureKey").as_deref(), Some(KEY));
    }
}

#[test]
fn broken_records_are_skipped_and_swept_away() {
    let scope = settings().scope();
    for broken in [
        String::new(),
        "null".into(),
        "[]".into(),
        "{\"v\":1".into(),
        "\u{0}\u{1}".into(),
        json!({"v": 1, "scope": scope, "data": null}).to_string(),
        json!({"v": 1, "scope": scope, "data": {"keys": "none"}}).to_string(),
        json!({"v": -1, "scope": scope, "data": {}}).to_string(),
        json!({"v": 1, "scope": scope, "data": {"keys": {"chat": "..", "secure": "x"}}})
            .to_string(),
    ] {
        let names = ["session", "draft", "ended", "outbox/tab-0", "what/ever"];
        let storage = names.map(|name| stored(name, broken.clone())).into();
        let mut rig = Rig::restored(settings(), storage);
        assert_eq!(
            (&rig.state().phase, rig.requests()),
            (&Phase::Idle, 0),
            "{broken}"
        );
        assert_eq!(rig.storage.len(), 0, "{broken}");
        rig.start();
        rig.answer("start", started());
        assert_eq!(rig.state().phase, Phase::Chatting);
    }
}

#[test]
fn a_broken_outbox_record_costs_only_itself() {
    let mut rig = chat();
    rig.say("one");
    rig.say("two");
    let first = rig
        .storage
        .keys()
        .find(|name| name.starts_with("outbox/"))
        .unwrap()
        .clone();
    rig.storage.extend([stored(&first, "{".into())]);
    rig.reload();
    assert_eq!(rig.lines()[2..], ["me: two (sending)"]);
}

#[test]
fn words_without_their_chat_go_into_the_next_one() {
    let mut rig = chat();
    rig.say("zero");
    rig.answer("send", transcript(&[], 4));
    rig.say("one");
    rig.say("two");
    rig.draft("three");
    rig.storage.remove("session");
    rig.reload();
    assert_eq!(rig.state().phase, Phase::Idle);
    assert_eq!(rig.storage.len(), 0, "before a chat, only memory knows");
    assert_eq!(
        rig.session.draft(),
        "one\ntwo\nthree",
        "all but what the server has"
    );
    assert_eq!(rig.composer, rig.session.draft());
}

#[test]
fn the_clocks_may_jump() {
    let mut rig = chat();
    rig.say("hello");
    rig.set_wall(0);
    rig.advance(secs(1));
    rig.set_wall(i64::MAX / 2);
    rig.draft("x");
    rig.reload();
    rig.answer(
        "refresh",
        transcript(&[greeted(), vec![visitor_says(4, "hello")]].concat(), 5),
    );
    assert_eq!(rig.entries().last().unwrap().at, WallTime(START + 4_000));
    // A monotonic clock that runs backwards is held.
    let held = rig.now;
    rig.now.moment = parlour_chat::Moment(0);
    rig.session.handle(Input::Tick, rig.now);
    rig.now = held;
    rig.serve(secs(20));
    assert_eq!(rig.texts(), ["Hi!", "hello"]);
}

#[test]
fn a_crash_between_any_two_stores_loses_no_message() {
    // The end of a chat erases several records: whatever the storage holds when the page dies, what
    // was not sent is still there, or the chat is.
    for survivors in 0..=4 {
        let mut rig = chat();
        rig.say("hello");
        rig.draft("and");
        rig.stores_left = Some(survivors);
        rig.answer_next("refresh", gone());
        rig.stores_left = None;
        rig.reload();
        if rig.is_pending("refresh") {
            rig.answer("refresh", gone());
        }
        let lines = rig.lines();
        let last = [
            "me: hello (failed: ChatEnded)",
            "me: and (failed: ChatEnded)",
            "ended Gone",
        ];
        assert_eq!(lines[lines.len() - 3..], last, "{survivors} stores of four");
    }
}

#[test]
fn a_failed_message_names_its_reason_in_the_ended_transcript() {
    let mut rig = chat();
    rig.say("hello");
    rig.answer_next("refresh", gone());
    rig.reload();
    let Item::Message {
        state: MessageState::Failed(why),
        ..
    } = &rig.entries()[2].item
    else {
        panic!("{}", rig.describe());
    };
    assert_eq!(why.reason, RefusalReason::ChatEnded);
}
