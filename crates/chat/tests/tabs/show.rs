//! What a tab that follows shows.

use crate::browser::Browser;
use crate::common::*;
use parlour_chat::{Agents, Command, Connection, Panel, TabRole, Visibility};

#[test]
fn a_tab_opened_in_mid_chat_shows_all_of_it_and_asks_the_server_for_nothing() {
    let mut browser = Browser::chatting(1);
    browser.say(0, "hello");
    browser.answer(0, "send", transcript(&[visitor_says(3, "hello")], 4));
    browser.answer(
        0,
        "refresh",
        transcript(
            &[agent_leaves(4, Some("HOLD")), agent_says(5, "back soon")],
            6,
        ),
    );
    browser.say(0, "fine");
    browser.open(&settings());
    assert_eq!(
        browser.lines().last().map(String::as_str),
        Some("me: fine (sending)")
    );
    let (leader, new) = (browser.tabs[0].state(), browser.tabs[1].state());
    assert_eq!(new.agents, leader.agents);
    assert_eq!(new.participants, leader.participants);
    assert_eq!(new.nickname, leader.nickname);
    assert_eq!(new.limits, leader.limits);
    assert_eq!(browser.tabs[1].requests(), 0);
    assert!(browser.tabs[1].incoming.is_empty(), "it is no news there");
}

#[test]
fn a_follower_shows_who_is_typing_and_how_the_line_is() {
    let mut browser = Browser::chatting(2);
    browser.answer(0, "refresh", transcript(&[agent_types(3)], 4));
    assert_eq!(browser.tabs[1].state().typing.len(), 1);
    assert_eq!(browser.tabs[1].state().agents, Agents::Present);
    browser.act(0, |rig| {
        rig.wait_for("refresh");
        rig.fail("refresh");
    });
    assert_eq!(browser.tabs[1].state().connection, Connection::Reconnecting);
    browser.answer(0, "refresh", transcript(&[], 4));
    assert_eq!(browser.tabs[1].state().connection, Connection::Up);
}

#[test]
fn a_follower_that_missed_news_asks_for_all_of_it() {
    let mut browser = Browser::chatting(2);
    browser.heard = false;
    browser.answer(0, "refresh", transcript(&[agent_says(3, "one")], 4));
    browser.heard = true;
    browser.answer(0, "refresh", transcript(&[agent_says(4, "two")], 5));
    assert_eq!(browser.lines(), ["Anna joined", "Anna: one", "Anna: two"]);
}

#[test]
fn each_tab_tells_once_what_is_new_and_one_makes_a_noise() {
    let mut browser = Browser::chatting(3);
    browser.answer(0, "refresh", transcript(&[agent_says(3, "hello")], 4));
    assert_eq!(browser.tabs[0].incoming, ["Anna joined", "Anna: hello"]);
    for follower in [1, 2] {
        assert_eq!(browser.tabs[follower].incoming, ["Anna: hello"]);
    }
    for number in 0..3 {
        browser.act(number, |rig| rig.visibility(Visibility::Hidden));
    }
    let loud = |browser: &Browser| {
        let tabs = browser.tabs.iter();
        tabs.map(|rig| rig.may_alert()).collect::<Vec<_>>()
    };
    browser.pass(0, secs(5));
    assert_eq!(loud(&browser), [true, false, false]);
    browser.act(2, |rig| rig.visibility(Visibility::Visible));
    assert_eq!(loud(&browser), [false; 3], "the visitor reads it there");
    browser.act(2, |rig| rig.visibility(Visibility::Hidden));
    browser.pass(0, secs(5));
    browser.act(0, |rig| rig.input(parlour_chat::Input::Tick));
    assert_eq!(loud(&browser), [true, false, false]);
    browser.pass_lead(0, 1);
    let all = [own_join(1), agent_joins(2), agent_says(3, "hello")];
    browser.answer(1, "refresh", transcript(&all, 4));
    assert_eq!(browser.tabs[1].incoming, ["Anna: hello"], "not again");
}

#[test]
fn a_tab_opened_while_the_server_is_down_shows_what_is_known_and_nothing_twice() {
    let mut browser = Browser::chatting(1);
    browser.answer(0, "refresh", transcript(&[agent_says(3, "hello")], 4));
    browser.act(0, Rig::reload);
    browser.act(0, |rig| rig.join(TabRole::Leads));
    browser.act(0, |rig| {
        rig.wait_for("refresh");
        rig.fail("refresh");
    });
    browser.open(&settings());
    assert_eq!(browser.lines(), ["Anna joined", "Anna: hello"]);
    assert!(browser.tabs[0].state().is_last_known);
    assert!(browser.tabs[1].state().is_last_known);
    let all = [own_join(1), agent_joins(2), agent_says(4, "hello again")];
    browser.answer(0, "refresh", transcript(&all, 5));
    assert_eq!(browser.lines(), ["Anna joined", "Anna: hello again"]);
    assert!(!browser.tabs[1].state().is_last_known);
}

#[test]
fn an_outage_is_tried_to_be_ended_from_any_tab() {
    let mut browser = Browser::chatting(2);
    browser.act(0, |rig| {
        rig.wait_for("refresh");
        rig.fail("refresh");
    });
    browser.act(1, |rig| rig.command(Command::TryNow));
    assert!(browser.tabs[1].wants_lead);
    browser.pass_lead(0, 1);
    assert!(browser.tabs[1].is_pending("refresh"));
}

#[test]
fn what_is_seen_in_one_tab_is_unread_in_none() {
    let mut receipts = settings();
    receipts.features.read_receipts = true;
    let mut browser = Browser::chatting_with(3, receipts);
    for number in 0..3 {
        browser.act(number, |rig| rig.panel(Panel::Closed));
    }
    browser.answer(0, "refresh", transcript(&[agent_says(3, "hello")], 4));
    let unread = |browser: &Browser| -> Vec<u32> {
        browser.tabs.iter().map(|rig| rig.state().unread).collect()
    };
    assert_eq!(unread(&browser), [1, 1, 1]);
    browser.act(2, |rig| rig.panel(Panel::Open));
    assert_eq!(unread(&browser), [0, 0, 0]);
    assert!(browser.tabs[0].is_pending("readReceipt"));
    browser.act(2, |rig| rig.visibility(Visibility::Hidden));
    browser.act(0, |rig| rig.answer_rest());
    browser.answer(0, "refresh", transcript(&[agent_says(4, "there?")], 5));
    assert_eq!(unread(&browser), [1, 1, 1]);
}
