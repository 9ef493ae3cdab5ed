//! What the visitor says in a tab that follows.

use crate::browser::Browser;
use crate::common::*;
use parlour_chat::{Input, TabMessage, TabRole};

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
fn a_leader_sends_what_is_said_in_a_follower_at_once_and_all_tabs_show_it() {
    let mut browser = Browser::chatting(3);
    browser.say(1, "from the other tab");
    assert_eq!(
        browser.lines(),
        ["Anna joined", "me: from the other tab (sending)"]
    );
    assert_eq!(
        browser.tabs[0].field("send", "message").as_deref(),
        Some("from the other tab")
    );
    browser.answer(0, "send", done());
    assert_eq!(
        browser.lines(),
        ["Anna joined", "me: from the other tab"],
        "the leader has told that the server took it"
    );
    let echo = visitor_says(3, "from the other tab");
    browser.answer(0, "refresh", transcript(&[echo], 4));
    assert_eq!(browser.lines(), ["Anna joined", "me: from the other tab"]);
    assert!(browser.tabs[1..].iter().all(|rig| rig.requests() == 0));
}

#[test]
fn what_is_said_in_the_leader_turns_up_in_place_in_the_followers() {
    let mut browser = Browser::chatting(2);
    browser.say(0, "hello");
    let row = browser.tabs[1].find("hello");
    browser.answer(0, "send", transcript(&[visitor_says(3, "hello")], 4));
    assert_eq!(browser.lines(), ["Anna joined", "me: hello"]);
    assert_eq!(browser.tabs[1].find("hello"), row);
}

#[test]
fn a_message_handed_over_twice_is_one_message() {
    let mut browser = Browser::chatting(2);
    browser.say(1, "hello");
    let again = browser.said.iter().find(|word| word.contains("\"say\""));
    let again = TabMessage(again.expect("it was handed over").clone());
    browser.act(0, |rig| rig.input(Input::TabMessage(again.clone())));
    assert_eq!(browser.lines(), ["Anna joined", "me: hello (sending)"]);
    browser.answer(0, "send", transcript(&[visitor_says(3, "hello")], 4));
    browser.act(0, |rig| rig.input(Input::TabMessage(again)));
    browser.pass(0, secs(1));
    assert_eq!(browser.lines(), ["Anna joined", "me: hello"]);
    assert!(!browser.tabs[0].is_pending("send"));
}

#[test]
fn a_message_in_doubt_that_is_handed_over_again_and_again_is_sent_again_in_time() {
    let mut browser = Browser::chatting(2);
    browser.say(1, "hello");
    let said = browser.said.iter().find(|word| word.contains("\"say\""));
    let again = said.expect("it was handed over").replace("true", "false");
    browser.act(0, |rig| rig.fail("send"));
    for _ in 0..18 {
        browser.act(0, |rig| {
            rig.input(Input::TabMessage(TabMessage(again.clone())));
            rig.serve_but("send", secs(2));
        });
    }
    assert!(browser.tabs[0].is_pending("send"));
}

#[test]
fn what_a_leader_was_sending_when_it_died_arrives_once() {
    let mut browser = Browser::chatting(2);
    browser.say(1, "hello");
    let dead = browser.kill(0);
    assert_eq!(dead.field("send", "message").as_deref(), Some("hello"));
    browser.act(0, |rig| rig.role(TabRole::Leads));
    assert!(
        browser.tabs[0].is_pending("refresh"),
        "the next one asks at once"
    );
    let echo = visitor_says(3, "hello");
    browser.answer(0, "refresh", transcript(&[echo], 4));
    assert_eq!(browser.lines(), ["Anna joined", "me: hello"]);
    browser.pass(0, secs(1));
    assert!(!browser.tabs[0].is_pending("send"));
}

#[test]
fn what_no_leader_took_is_sent_by_the_tab_that_comes_to_lead() {
    let mut browser = Browser::chatting(2);
    browser.kill(0);
    browser.say(0, "hello");
    browser.act(0, |rig| rig.role(TabRole::Leads));
    browser.answer(0, "refresh", transcript(&[], 3));
    assert_eq!(
        browser.tabs[0].field("send", "message").as_deref(),
        Some("hello")
    );
}

#[test]
fn what_a_leader_has_not_heard_is_handed_over_again() {
    let mut browser = Browser::chatting(2);
    browser.heard = false;
    browser.say(1, "hello");
    browser.heard = true;
    browser.pass(1, secs(2));
    browser.answer(0, "refresh", transcript(&[], 3));
    browser.answer(0, "send", transcript(&[visitor_says(3, "hello")], 4));
    assert_eq!(browser.lines(), ["Anna joined", "me: hello"]);
}

#[test]
fn a_leader_that_slept_sends_nothing_that_another_has_sent() {
    let mut browser = Browser::chatting(2);
    browser.act(0, |rig| {
        rig.network(parlour_chat::Network::Offline);
        rig.wait_for("refresh");
        rig.fail("refresh");
        rig.say("hello");
    });
    // The first tab sleeps, and its lock is taken.
    browser.heard = false;
    browser.act(1, |rig| rig.role(TabRole::Leads));
    browser.answer(1, "refresh", transcript(&[], 3));
    browser.answer(1, "send", transcript(&[visitor_says(3, "hello")], 4));
    assert_eq!(browser.tabs[1].lines(), ["Anna joined", "me: hello"]);
    // It wakes up and does not know.
    browser.act(0, |rig| {
        rig.freeze(secs(60));
        rig.input(Input::Tick);
        rig.advance(secs(1));
    });
    assert!(!browser.tabs[0].is_pending("send"));
    browser.heard = true;
    browser.act(0, |rig| rig.role(TabRole::Follows));
    assert_eq!(browser.lines(), ["Anna joined", "me: hello"]);
}

#[test]
fn a_failed_message_is_tried_again_from_any_tab() {
    let mut browser = Browser::chatting(2);
    browser.say(1, "hello");
    browser.act(0, |rig| rig.answer_with("send", http(403, "")));
    assert_eq!(
        browser.lines(),
        ["Anna joined", "me: hello (failed: Refused)"]
    );
    browser.act(1, |rig| {
        let row = rig.find("hello");
        rig.command(parlour_chat::ChatCommand::Retry(row));
    });
    assert!(browser.tabs[1].wants_lead);
    browser.pass_lead(0, 1);
    browser.answer(1, "refresh", transcript(&[], 3));
    browser.answer(1, "send", transcript(&[visitor_says(3, "hello")], 4));
    assert_eq!(browser.lines(), ["Anna joined", "me: hello"]);
}

#[test]
fn a_message_discarded_in_one_tab_is_gone_in_all() {
    let mut browser = Browser::chatting(3);
    browser.say(1, "hello");
    browser.act(0, |rig| rig.answer_with("send", http(403, "")));
    browser.act(0, |rig| {
        let row = rig.find("hello");
        rig.command(parlour_chat::ChatCommand::Discard(row));
    });
    assert_eq!(browser.lines(), ["Anna joined"]);
    browser.pass_lead(0, 2);
    browser.pass(1, secs(3));
    assert_eq!(browser.lines(), ["Anna joined"]);
}

#[test]
fn a_file_is_sent_by_the_tab_that_has_it() {
    let mut browser = Browser::chatting(2);
    browser.act(1, |rig| rig.attach("a.txt", 3));
    assert_eq!(browser.tabs[1].pending_operations(), ["file"]);
    assert_eq!(browser.tabs[0].lines(), ["Anna joined"]);
    browser.act(1, |rig| rig.answer("file", upload_done("F1")));
    let event = uploaded(3, visitor(), "F1", "a.txt", 3);
    browser.answer(0, "refresh", transcript(&[event], 4));
    assert_eq!(
        browser.lines(),
        ["Anna joined", "me: file a.txt (there, own)"]
    );
}
