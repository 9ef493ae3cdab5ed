//! Tabs that come to have the code for keeping step while a chat goes on.

use crate::browser::{Browser, tab};
use crate::common::*;
use parlour_chat::{Input, Phase, TabRole};

#[test]
fn a_stored_chat_waits_to_join_the_others_and_then_goes_on_alone() {
    let first = Rig::chatting_with(tab(0, settings()));
    let mut rig = Rig::restored(tab(1, settings()), first.storage.clone());
    assert_eq!(rig.state().phase, Phase::Chatting);
    rig.advance(secs(9));
    assert_eq!(rig.requests(), 0, "another tab may lead");
    rig.advance(secs(1));
    rig.answer_next("refresh", transcript(&[own_join(1), agent_joins(2)], 3));
    assert_eq!(rig.lines(), ["Anna joined"]);
}

#[test]
fn what_is_said_before_the_tab_joins_is_sent_once() {
    let mut browser = Browser::chatting(1);
    let stored = browser.tabs[0].storage.clone();
    let mut late = Rig::restored(tab(1, settings()), stored);
    late.say("early");
    assert_eq!(late.lines(), ["Anna joined", "me: early (sending)"]);
    browser.tabs.push(late);
    browser.act(1, |rig| rig.join(TabRole::Follows));
    browser.answer(0, "refresh", transcript(&[], 3));
    browser.answer(0, "send", transcript(&[visitor_says(3, "early")], 4));
    assert_eq!(browser.lines(), ["Anna joined", "me: early"]);
    assert_eq!(browser.tabs[1].requests(), 0);
}

#[test]
fn what_a_tab_sent_alone_is_not_sent_again_when_it_joins() {
    let mut browser = Browser::chatting(1);
    let stored = browser.tabs[0].storage.clone();
    let mut alone = Rig::restored(tab(1, settings()), stored);
    alone.role(TabRole::Leads);
    alone.answer_next("refresh", transcript(&[own_join(1), agent_joins(2)], 3));
    alone.say("alone");
    alone.answer_next("send", transcript(&[visitor_says(3, "alone")], 4));
    let asked = alone.requests();
    browser.tabs.push(alone);
    browser.act(1, |rig| rig.join(TabRole::Follows));
    browser.pass(0, secs(5));
    browser.answer(0, "refresh", transcript(&[visitor_says(3, "alone")], 4));
    assert_eq!(browser.lines(), ["Anna joined", "me: alone"]);
    browser.pass(1, secs(60));
    assert_eq!(browser.tabs[1].requests(), asked, "it follows now");
    assert_eq!(browser.tabs[0].times("send"), []);
}

#[test]
fn a_form_turns_into_the_chat_that_another_tab_has_begun() {
    let mut form = Rig::restored(tab(1, settings()), Default::default());
    let mut other = Rig::with(tab(0, settings()));
    other.start();
    other.answer("start", started());
    form.storage = other.storage.clone();
    let records = form.storage.values().cloned().collect();
    form.input(Input::Records(records));
    assert_eq!(form.state().phase, Phase::Chatting);
    assert_eq!(form.requests(), 0, "the other tab may lead");
    form.join(TabRole::Leads);
    form.answer_next("refresh", transcript(&[own_join(1), agent_joins(2)], 3));
    assert_eq!(form.lines(), ["Anna joined"]);
}

#[test]
fn a_chat_that_has_begun_here_is_told_whole_to_a_tab_that_comes_later() {
    let mut first = Rig::with_agent_and(tab(0, settings()));
    first.refresh(&[agent_says(3, "hello")], 4);
    let mut browser = Browser::around(first);
    browser.act(0, |rig| rig.join(TabRole::Leads));
    browser.open(&settings());
    assert_eq!(browser.lines(), ["Anna joined", "Anna: hello"]);
}

#[test]
fn a_chat_that_is_asked_for_while_the_tab_joins_begins() {
    for roles in [
        &[TabRole::Follows, TabRole::Leads][..],
        &[TabRole::Leads, TabRole::Follows, TabRole::Leads],
    ] {
        let mut rig = Rig::restored(tab(1, settings()), Default::default());
        rig.start();
        rig.join(roles[0]);
        for role in &roles[1..] {
            rig.advance(millis(5));
            rig.role(*role);
        }
        assert_eq!(rig.state().phase, Phase::Starting);
        rig.answer("start", started());
        assert_eq!(rig.state().phase, Phase::Chatting);
        rig.answer_next("refresh", transcript(&[own_join(1), agent_joins(2)], 3));
        assert_eq!(rig.lines(), ["Anna joined"]);
    }
}

#[test]
fn a_chat_that_begins_in_a_tab_that_follows_is_stored_and_led_at_once() {
    let mut rig = Rig::restored(tab(1, settings()), Default::default());
    rig.start();
    rig.join(TabRole::Follows);
    rig.answer("start", started());
    assert!(rig.wants_lead);
    assert!(
        rig.storage.keys().any(|name| name == "session"),
        "a reload must find it"
    );
    rig.role(TabRole::Leads);
    rig.answer_next("refresh", transcript(&[own_join(1), agent_joins(2)], 3));
    assert_eq!(rig.lines(), ["Anna joined"]);
}

#[test]
fn a_chat_that_is_asked_for_here_is_not_given_up_for_a_leader_without_one() {
    let mut browser = Browser::idle(1);
    let mut late = Rig::restored(tab(1, settings()), Default::default());
    late.start();
    browser.tabs.push(late);
    browser.act(1, |rig| rig.join(TabRole::Follows));
    assert_eq!(browser.tabs[1].state().phase, Phase::Starting);
    browser.act(0, |rig| rig.role(TabRole::Follows));
    browser.act(1, |rig| rig.answer("start", started()));
    browser.act(1, |rig| rig.role(TabRole::Leads));
    assert_eq!(browser.tabs[1].state().phase, Phase::Chatting);
    assert_eq!(browser.tabs[0].state().phase, Phase::Chatting);
}

#[test]
fn a_tab_that_goes_on_alone_says_so_to_whoever_comes_later() {
    let mut alone = Rig::with_agent_and(tab(0, settings()));
    // The code for keeping step could not be loaded.
    alone.role(TabRole::Leads);
    let session = alone.storage["session"].value.clone();
    assert!(session.is_some_and(|record| record.contains("\"senders\":true")));
}

#[test]
fn the_limits_of_files_are_asked_for_once() {
    let mut rig = Rig::restored(tab(0, settings()), Default::default());
    rig.start();
    rig.answer("start", started());
    rig.answer("refresh", transcript(&[own_join(1)], 2));
    rig.answer_rest();
    assert_eq!(rig.times("file/limits").len(), 1);
}

#[test]
fn a_tab_that_was_loaded_anew_while_another_asks_for_a_chat_has_asked_for_none() {
    let mut browser = Browser::idle(2);
    browser.act(0, Rig::start);
    assert_eq!(browser.tabs[1].state().phase, Phase::Starting);
    browser.heard = false;
    browser.act(1, Rig::reload);
    assert_eq!(browser.tabs[1].state().phase, Phase::Idle);
}
