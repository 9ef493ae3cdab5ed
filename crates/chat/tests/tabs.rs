//! What a tab does that leads, and one that follows.

mod common;

use common::*;
use parlour_chat::{Input, Keep, Phase, Record, RecordName, TabMessage, TabRole};

#[test]
fn a_follower_asks_the_server_for_nothing() {
    let mut rig = Rig::with_agent();
    rig.role(TabRole::Follows);
    let before = rig.requests();
    rig.say("hello");
    rig.draft("and");
    rig.advance(secs(600));
    assert_eq!(rig.requests(), before);
    assert_eq!(rig.lines(), ["Anna joined", "me: hello (sending)"]);
}

#[test]
fn a_follower_tells_what_the_visitor_does_and_a_leader_sends_it() {
    let mut leader = Rig::with_agent();
    let mut settings = settings();
    settings.tab = "other".into();
    let mut follower = Rig::restored(settings, leader.storage.clone());
    follower.role(TabRole::Follows);
    follower.say("from the other tab");
    assert!(!follower.is_pending("send"));
    for word in std::mem::take(&mut follower.told) {
        leader.input(Input::TabMessage(word));
    }
    assert_eq!(
        leader.lines(),
        ["Anna joined", "me: from the other tab (sending)"]
    );
    // It may have left that tab, for all the leader knows: it looks first.
    leader.wait_until("a send", |rig| {
        rig.is_pending("send") || rig.is_pending("refresh")
    });
    if leader.is_pending("refresh") {
        leader.answer("refresh", transcript(&[], 3));
    }
    assert_eq!(
        leader.field("send", "message").as_deref(),
        Some("from the other tab")
    );
    leader.answer(
        "send",
        transcript(&[visitor_says(3, "from the other tab")], 4),
    );
    assert_eq!(leader.lines(), ["Anna joined", "me: from the other tab"]);
}

#[test]
fn a_record_told_twice_is_one_message() {
    let mut follower = Rig::with_agent();
    follower.role(TabRole::Follows);
    follower.say("hello");
    let mut leader = Rig::with_agent();
    for word in [follower.told.clone(), follower.told.clone()].concat() {
        leader.input(Input::TabMessage(word));
    }
    assert_eq!(leader.lines(), ["Anna joined", "me: hello (sending)"]);
}

#[test]
fn a_follower_that_comes_to_lead_sends_what_waits() {
    let mut rig = Rig::with_agent();
    rig.role(TabRole::Follows);
    rig.say("hello");
    rig.role(TabRole::Leads);
    assert_eq!(rig.field("send", "message").as_deref(), Some("hello"));
}

#[test]
fn strange_words_of_other_tabs_are_ignored() {
    let mut rig = Rig::with_agent();
    for (name, value) in [
        ("outbox/x-1", Some("{")),
        (
            "outbox/x-1",
            Some(r#"{"v":1,"scope":"chat:other:::","data":{"text":"no"}}"#),
        ),
        ("outbox/x-1", None),
        ("session", Some("{}")),
        ("nonsense", Some("1")),
    ] {
        let record = Record {
            name: RecordName(name.into()),
            keep: Keep::ForVisitor,
            value: value.map(Into::into),
        };
        rig.input(Input::TabMessage(TabMessage::Record(record)));
    }
    assert_eq!(rig.lines(), ["Anna joined"]);
    assert_eq!(rig.state().phase, Phase::Chatting);
}

#[test]
fn a_leader_tells_no_tales() {
    let mut rig = Rig::with_agent();
    rig.say("hello");
    rig.draft("and");
    rig.serve(secs(60));
    assert_eq!(rig.told, []);
}
