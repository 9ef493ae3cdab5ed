//! The tab's own copy of what is stored for the visitor: it brings a chat back that the page's own scripts have
//! erased or spoilt, and never one that is over.

mod common;

use std::collections::BTreeMap;

use common::*;
use parlour_chat::{EndReason, Keep, Output, Phase, Record, Session};

/// A chat with a message that was not sent and a draft.
fn chat() -> Rig {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_says(3, "Hi!")], 4);
    rig.say("hello");
    rig.draft("and");
    rig
}

/// This tab's copies of a storage.
fn copies(storage: &BTreeMap<String, Record>) -> BTreeMap<String, Record> {
    let copy = |(name, record): (&String, &Record)| {
        let mut copy = record.clone();
        copy.keep = Keep::ForTab;
        (["copy of ", name].concat(), copy)
    };
    storage.iter().map(copy).collect()
}

#[test]
fn a_chat_that_the_page_erased_in_the_middle_goes_on_after_a_reload() {
    let before = chat().storage;
    let mut rig = Rig::restored(settings(), copies(&before));
    assert_eq!(rig.state().phase, Phase::Chatting);
    assert_eq!(rig.composer, "and");
    rig.answer(
        "refresh",
        transcript(&[own_join(1), agent_joins(2), agent_says(3, "Hi!")], 4),
    );
    rig.serve_until("send", secs(60));
    assert_eq!(rig.field("send", "message").as_deref(), Some("hello"));
    for name in before.keys() {
        let stored = rig.storage.get(name).unwrap();
        assert_eq!(
            stored.keep,
            Keep::ForVisitor,
            "{name} is there for all tabs again"
        );
    }
}

#[test]
fn a_spoilt_record_is_as_good_as_none() {
    for spoilt in ["", "{", "null", "{\"v\":1}", "[]"] {
        let before = chat().storage;
        let mut storage = copies(&before);
        let mut record = before["session"].clone();
        record.value = Some(spoilt.into());
        storage.insert("session".into(), record);
        let rig = Rig::restored(settings(), storage);
        assert_eq!(rig.state().phase, Phase::Chatting, "{spoilt:?}");
        assert_eq!(rig.composer, "and");
        assert_eq!(rig.storage["session"].value, before["session"].value);
    }
}

#[test]
fn the_copies_of_an_earlier_chat_are_erased_and_nothing_of_them_is_sent() {
    let old = copies(&chat().storage);
    let mut other = Rig::with_agent();
    other.draft("of the new chat");
    let mut records: Vec<Record> = other.storage.into_values().collect();
    records.extend(old.into_values());
    let mut session = Session::restore(settings(), 7, records, start_of_page());
    assert_eq!(session.draft(), "of the new chat");
    let shown = session.timeline().entries();
    assert!(
        shown
            .iter()
            .map(show::line)
            .all(|line| !line.contains("hello"))
    );
    let mut erased = Vec::new();
    while let Some(output) = session.poll() {
        if let Output::Store(Record {
            name, value: None, ..
        }) = output
        {
            erased.push(name.0);
        }
    }
    assert_eq!(erased, ["outbox/tab-0"]);
}

#[test]
fn copies_without_the_keys_of_a_chat_are_nobodys_words() {
    let mut storage = copies(&chat().storage);
    storage.remove("copy of session");
    let rig = Rig::restored(settings(), storage);
    assert_eq!(rig.state().phase, Phase::Idle);
    assert_eq!(rig.composer, "");
}

#[test]
fn a_chat_that_another_tab_has_ended_is_asked_after_before_anything_is_sent() {
    let mut rig = Rig::restored(settings(), copies(&chat().storage));
    assert!(!rig.is_pending("send"));
    rig.answer("refresh", gone());
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::Gone));
    let mut own = rig.storage.clone();
    own.retain(|name, _| !name.starts_with("copy of "));
    let kept: Vec<&str> = own.keys().map(String::as_str).collect();
    assert_eq!(kept, ["ended"]);
    assert_eq!(rig.times("send").len(), 0);
}
