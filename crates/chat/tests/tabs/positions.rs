//! What becomes of a position or an event's number that the server denies later, where several tabs are open.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use crate::browser::Browser;
use crate::common::*;
use parlour_chat::Command;
use serde_json::Value;

const WRONG: u64 = 99_999;

/// Answers the next question for the transcript as a server does that has these events.
fn serve(browser: &mut Browser, number: usize, events: &[Value]) {
    browser.act(number, |rig| {
        rig.wait_for("refresh");
        let from = asked(rig);
        let index = |event: &Value| event["index"].as_u64().unwrap();
        let asked = events.iter().filter(|event| index(event) >= from);
        let asked: Vec<Value> = asked.cloned().collect();
        let next = events.iter().map(index).max().unwrap_or(0) + 1;
        rig.answer("refresh", transcript(&asked, next));
    });
}

/// The first event that is asked for.
fn asked(rig: &Rig) -> u64 {
    let position = rig.field("refresh", "transcriptPosition");
    position.unwrap().parse().unwrap()
}

#[test]
fn an_event_with_a_wrong_number_is_put_right_in_all_tabs() {
    for heard in [true, false] {
        let mut browser = Browser::chatting(2);
        let mut events = vec![own_join(1), agent_joins(2), agent_says(3, "one")];
        let wrong = transcript(&[agent_says(WRONG, "one")], WRONG + 1);
        for rig in &mut browser.tabs {
            rig.incoming.clear();
        }
        browser.answer(0, "refresh", wrong);
        assert_eq!(browser.lines(), ["Anna joined", "Anna: one"]);
        browser.heard = heard;
        for _ in 0..3 {
            serve(&mut browser, 0, &events);
        }
        browser.heard = true;
        events.push(agent_says(4, "two"));
        serve(&mut browser, 0, &events);
        assert_eq!(browser.lines(), ["Anna joined", "Anna: one", "Anna: two"]);
        for rig in &browser.tabs {
            assert_eq!(rig.incoming.len(), 2, "heard: {heard}");
        }
        browser.pass_lead(0, 1);
        assert_eq!(asked(&browser.tabs[1]), 5, "heard: {heard}");
    }
}

#[test]
fn what_the_server_has_under_the_number_of_another_event_is_shown_in_all_tabs() {
    for heard in [true, false] {
        let mut browser = Browser::chatting(2);
        let mut events = vec![own_join(1), agent_joins(2), agent_says(3, "one")];
        let wrong = transcript(&[agent_says(5, "one")], 6);
        browser.answer(0, "refresh", wrong);
        browser.heard = heard;
        for _ in 0..3 {
            serve(&mut browser, 0, &events);
        }
        events.extend([agent_says(4, "two"), agent_says(5, "three")]);
        serve(&mut browser, 0, &events);
        browser.heard = true;
        events.push(agent_says(6, "four"));
        serve(&mut browser, 0, &events);
        let texts = ["one", "two", "three", "four"];
        let said = texts.map(|text| format!("Anna: {text}"));
        assert_eq!(browser.lines()[1..], said, "heard: {heard}");
    }
}

#[test]
fn a_message_said_behind_a_wrong_number_finds_its_echo_whichever_tab_leads() {
    let mut browser = Browser::chatting(2);
    let mut events = vec![own_join(1), agent_joins(2), agent_says(3, "one")];
    let wrong = transcript(&[agent_says(WRONG, "one")], WRONG + 1);
    browser.answer(0, "refresh", wrong);
    browser.say(1, "hello");
    browser.act(0, |rig| {
        rig.wait_for("send");
        rig.fail("send");
    });
    events.push(visitor_says(4, "hello"));
    for _ in 0..3 {
        serve(&mut browser, 0, &events);
    }
    let lines = ["Anna joined", "Anna: one", "me: hello"];
    assert_eq!(browser.lines(), lines);
    browser.pass_lead(0, 1);
    for _ in 0..3 {
        serve(&mut browser, 1, &events);
    }
    assert_eq!(browser.lines(), lines);
    assert!(!browser.tabs[1].is_pending("send"));
}

#[test]
fn a_tab_that_leads_again_goes_on_although_it_was_reading_from_the_start() {
    let mut browser = Browser::chatting(2);
    let mut events = vec![own_join(1), agent_joins(2), agent_says(3, "one")];
    browser.answer(0, "refresh", transcript(&[], WRONG));
    for _ in 0..2 {
        serve(&mut browser, 0, &events);
    }
    browser.act(0, |rig| rig.wait_for("refresh"));
    assert_eq!(asked(&browser.tabs[0]), 1);
    browser.pass_lead(0, 1);
    serve(&mut browser, 1, &events);
    assert_eq!(browser.lines(), ["Anna joined", "Anna: one"]);
    browser.pass_lead(1, 0);
    for text in ["two", "three"] {
        events.push(agent_says(events.len() as u64 + 1, text));
        serve(&mut browser, 0, &events);
    }
    let lines = ["Anna joined", "Anna: one", "Anna: two", "Anna: three"];
    assert_eq!(browser.lines(), lines);
}

#[test]
fn a_tab_opened_in_a_second_chat_shows_nothing_of_the_first() {
    let mut browser = Browser::chatting(2);
    browser.answer(0, "refresh", transcript(&[agent_says(3, "first chat")], 4));
    browser.answer(0, "refresh", ended(&[agent_leaves(4, None)]));
    browser.act(1, |rig| rig.command(Command::StartAgain));
    browser.act(0, |rig| {
        rig.command(Command::StartAgain);
        rig.start();
        let mut reply = started();
        reply["chatId"] = "second".into();
        rig.answer("start", reply);
        rig.answer("refresh", transcript(&[own_join(1)], 2));
        rig.answer_rest();
        rig.refresh(&[agent_joins(2), agent_says(3, "second chat")], 4);
    });
    browser.open(&settings());
    let shown = browser.tabs[2].texts();
    assert_eq!(shown, ["second chat"]);
}
