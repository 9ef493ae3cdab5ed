//! A chat that begins or ends in one of the tabs.

use crate::browser::Browser;
use crate::common::*;
use parlour_chat::{Command, EndReason, Keep, Phase, TabRole};

fn begin(browser: &mut Browser) {
    browser.act(0, |rig| {
        rig.start();
        rig.answer("start", started());
    });
}

#[test]
fn a_form_in_another_tab_turns_into_the_chat_that_begins() {
    let mut browser = Browser::idle(2);
    browser.act(0, Rig::start);
    assert_eq!(browser.tabs[1].state().phase, Phase::Starting);
    browser.act(0, |rig| rig.answer("start", started()));
    assert_eq!(browser.tabs[1].state().phase, Phase::Chatting);
    let hello = agent_says(3, "hello");
    browser.answer(
        0,
        "refresh",
        transcript(&[own_join(1), agent_joins(2), hello], 4),
    );
    assert_eq!(browser.lines(), ["Anna joined", "Anna: hello"]);
    assert_eq!(browser.tabs[1].requests(), 0);
}

#[test]
fn a_form_is_back_in_all_tabs_when_no_chat_came_about() {
    let mut browser = Browser::idle(2);
    browser.act(0, |rig| {
        rig.start();
        rig.answer_with("start", http(403, ""));
    });
    assert!(matches!(browser.tabs[0].state().phase, Phase::Refused(_)));
    assert_eq!(browser.tabs[1].state().phase, Phase::Idle);
}

#[test]
fn a_chat_is_begun_from_any_tab_and_once_only() {
    let mut browser = Browser::idle(2);
    browser.act(1, Rig::start);
    assert!(browser.tabs[1].wants_lead);
    browser.pass_lead(0, 1);
    browser.act(1, |rig| rig.answer("start", started()));
    assert_eq!(browser.tabs[0].state().phase, Phase::Chatting);
    assert_eq!(browser.tabs[0].requests(), 0);
}

#[test]
fn a_form_that_is_sent_while_a_chat_goes_on_joins_it() {
    let mut browser = Browser::idle(2);
    browser.heard = false;
    begin(&mut browser);
    browser.act(1, Rig::start);
    browser.pass_lead(0, 1);
    assert_eq!(browser.tabs[1].state().phase, Phase::Chatting);
    assert!(!browser.tabs[1].is_pending("start"));
}

#[test]
fn a_start_that_a_dead_tab_has_asked_for_is_left_to_the_visitor() {
    let mut browser = Browser::idle(2);
    browser.act(0, Rig::start);
    browser.kill(0);
    browser.act(0, |rig| rig.role(TabRole::Leads));
    assert!(matches!(browser.tabs[0].state().phase, Phase::Refused(_)));
    assert_eq!(browser.tabs[0].requests(), 0);
}

#[test]
fn a_chat_that_the_visitor_ends_in_one_tab_ends_in_the_others() {
    let mut browser = Browser::chatting(3);
    browser.act(1, |rig| rig.command(Command::End));
    browser.pass_lead(0, 1);
    browser.answer(1, "disconnect", done());
    let ended = |reason| Phase::Ended(reason);
    assert_eq!(browser.tabs[1].state().phase, ended(EndReason::ByVisitor));
    for other in [0, 2] {
        assert_eq!(
            browser.tabs[other].state().phase,
            ended(EndReason::Elsewhere)
        );
        assert_eq!(
            browser.tabs[other].lines(),
            ["Anna joined", "ended Elsewhere"]
        );
    }
}

#[test]
fn an_end_that_no_tab_has_asked_for_is_not_said_to_be_the_visitors() {
    let mut browser = Browser::chatting(2);
    let left = crate::common::ended(&[visitor_leaves(3), agent_leaves(4, None)]);
    browser.answer(0, "refresh", left);
    assert_eq!(browser.lines(), ["Anna joined", "ended ByServer"]);
}

#[test]
fn a_chat_that_another_tab_has_ended_does_not_come_back_from_the_copies_of_this_one() {
    let mut browser = Browser::chatting(2);
    browser.act(1, |rig| {
        for name in ["session", "transcript"] {
            let mut copy = rig.storage[name].clone();
            copy.keep = Keep::ForTab;
            rig.storage.insert(["copy of ", name].concat(), copy);
        }
    });
    browser.act(0, |rig| rig.command(Command::End));
    browser.answer(0, "disconnect", done());
    for phase in [Phase::Ended(EndReason::Elsewhere), Phase::Idle] {
        browser.act(1, Rig::reload);
        assert_eq!(browser.tabs[1].state().phase, phase);
        browser.act(1, |rig| rig.command(Command::Reset));
    }
}

#[test]
fn what_was_being_written_when_the_chat_ends_stays_to_be_read_in_all_tabs() {
    let mut browser = Browser::chatting(2);
    browser.act(1, |rig| rig.draft("One more thing"));
    browser.answer(0, "refresh", ended(&[agent_leaves(3, None)]));
    assert_eq!(
        browser.lines(),
        [
            "Anna joined",
            "Anna left",
            "me: One more thing (failed: ChatEnded)",
            "ended ByServer"
        ]
    );
    for rig in &browser.tabs {
        let ends = rig.incoming.iter().filter(|line| *line == "ended ByServer");
        assert_eq!(ends.count(), 1);
    }
}

#[test]
fn a_chat_that_the_agent_ends_ends_everywhere_for_the_same_reason() {
    let mut browser = Browser::chatting(2);
    browser.say(1, "too late");
    browser.act(0, |rig| rig.answer("send", ended(&[agent_says(3, "bye")])));
    assert_eq!(
        browser.lines(),
        [
            "Anna joined",
            "Anna: bye",
            "me: too late (failed: ChatEnded)",
            "ended ByServer"
        ]
    );
}

#[test]
fn an_end_that_a_dead_tab_was_about_is_brought_to_its_end() {
    let mut browser = Browser::chatting(2);
    browser.act(0, |rig| rig.command(Command::End));
    browser.kill(0);
    browser.act(0, |rig| rig.role(TabRole::Leads));
    assert!(browser.tabs[0].is_pending("disconnect"));
}

#[test]
fn an_ended_chat_gives_way_to_the_next_one() {
    let mut browser = Browser::chatting(2);
    browser.act(0, |rig| {
        rig.wait_for("refresh");
        rig.answer("refresh", ended(&[agent_says(3, "bye")]));
        rig.command(Command::Reset);
        rig.start();
    });
    assert!(matches!(browser.tabs[1].state().phase, Phase::Ended(_)));
    let mut next = started();
    next["chatId"] = "00048aAPEQJ80AAA".into();
    browser.act(0, |rig| rig.answer("start", next));
    assert_eq!(browser.tabs[1].state().phase, Phase::Chatting);
    assert_eq!(browser.lines(), Vec::<String>::new());
}

#[test]
fn a_tab_whose_chat_the_leader_does_not_know_asks_the_server_itself() {
    let mut browser = Browser::chatting(2);
    browser.heard = false;
    browser.act(0, |rig| {
        rig.wait_for("refresh");
        rig.answer("refresh", ended(&[]));
        rig.command(Command::Reset);
    });
    browser.heard = true;
    browser.pass(1, secs(3));
    assert!(browser.tabs[1].wants_lead);
    browser.pass_lead(0, 1);
    browser.answer(1, "refresh", gone());
    assert_eq!(browser.tabs[1].state().phase, Phase::Ended(EndReason::Gone));
}
