//! Which tab leads, and when it does.

use crate::browser::Browser;
use crate::common::*;
use parlour_chat::{
    ChatCommand, DialectKind, Input, Phase, Settings, TabMessage, TabRole, Visibility,
};

#[test]
fn a_tab_asks_for_the_lead_when_the_leader_is_silent_and_it_is_looked_at() {
    let mut browser = Browser::chatting(3);
    browser.act(2, |rig| rig.visibility(Visibility::Hidden));
    for _ in 0..20 {
        browser.pass(1, secs(1));
    }
    assert!(!browser.tabs[1].wants_lead, "the leader answers");
    browser.heard = false;
    browser.pass(1, secs(7));
    browser.pass(2, secs(60));
    assert!(browser.tabs[1].wants_lead);
    assert!(!browser.tabs[2].wants_lead, "it is hidden");
}

#[test]
fn a_tab_that_is_shown_again_asks_before_it_takes_the_lead() {
    let mut browser = Browser::chatting(2);
    browser.act(1, |rig| rig.visibility(Visibility::Hidden));
    browser.act(1, |rig| rig.freeze(secs(600)));
    browser.heard = false;
    browser.act(1, |rig| {
        rig.input(Input::Tick);
        rig.visibility(Visibility::Visible);
    });
    assert!(!browser.tabs[1].wants_lead);
}

#[test]
fn the_tab_that_is_looked_at_takes_the_lead_from_one_that_is_hidden_and_idle() {
    let mut browser = Browser::chatting(2);
    browser.act(0, |rig| rig.visibility(Visibility::Hidden));
    assert!(browser.tabs[1].wants_lead);
    let mut busy = Browser::chatting(2);
    busy.say(0, "hello");
    busy.act(0, |rig| rig.visibility(Visibility::Hidden));
    assert!(!busy.tabs[1].wants_lead, "a message is on its way");
    busy.answer(0, "send", transcript(&[visitor_says(3, "hello")], 4));
    assert!(busy.tabs[1].wants_lead);
}

#[test]
fn a_hidden_tab_goes_on_leading_where_news_are_pushed() {
    let mut settings = settings();
    settings.dialect = DialectKind::GmsV2Cometd;
    let mut browser = Browser::chatting(1);
    // It is for the tab that follows to decide.
    browser.open(&settings);
    assert_eq!(browser.tabs[1].state().phase, Phase::Chatting);
    browser.act(0, |rig| rig.visibility(Visibility::Hidden));
    assert!(!browser.tabs[1].wants_lead);
    browser.open(&crate::common::settings());
    assert!(browser.tabs[2].wants_lead, "where news are polled for");
}

#[test]
fn a_tab_takes_the_lead_for_what_only_a_leader_can_do() {
    let mut browser = Browser::chatting(2);
    browser.act(1, |rig| rig.command(ChatCommand::Rename("Mary".into())));
    assert!(browser.tabs[1].wants_lead);
    assert!(!browser.tabs[0].is_pending("updateNickname"));
    browser.pass_lead(0, 1);
    browser.answer(1, "refresh", transcript(&[], 3));
    browser.answer(1, "file/limits", limits());
    assert_eq!(
        browser.tabs[1]
            .field("updateNickname", "nickname")
            .as_deref(),
        Some("Mary")
    );
}

#[test]
fn a_leader_that_another_took_the_lead_from_asks_for_nothing_more() {
    let mut browser = Browser::chatting(2);
    browser.pass_lead(0, 1);
    let before = browser.tabs[0].requests();
    for second in 0..30 {
        browser.pass(0, secs(1));
        browser.act(1, |rig| {
            rig.advance(secs(1));
            if rig.is_pending("refresh") {
                rig.answer("refresh", transcript(&[agent_says(3, "hello")], 4));
            }
            if second == 5 {
                rig.answer_rest();
            }
        });
    }
    assert_eq!(browser.tabs[0].requests(), before);
    assert_eq!(browser.lines(), ["Anna joined", "Anna: hello"]);
    assert_eq!(browser.tabs[1].state().role, TabRole::Leads);
    assert_eq!(browser.tabs[0].state().role, TabRole::Follows);
}

#[test]
fn a_leader_tells_no_tales_when_nobody_follows() {
    let mut browser = Browser::chatting(1);
    browser.said.clear();
    browser.say(0, "hello");
    browser.act(0, |rig| {
        rig.draft("and");
        rig.serve(secs(60));
    });
    assert_eq!(browser.said, Vec::<String>::new());
}

#[test]
fn strange_words_of_other_tabs_are_ignored() {
    let mut browser = Browser::chatting(2);
    let before = browser.tabs[1].state().clone();
    let real = browser.said.last().expect("something was said").clone();
    for word in [
        "",
        "{",
        "[]",
        "null",
        r#"{"v":1}"#,
        r#"{"v":2,"tab":"x","ask":0}"#,
        r#"{"v":1,"tab":"x","news":"much","whole":true}"#,
        r#"{"v":1,"tab":"x","news":1,"whole":true,"events":[1,{}],"records":[1,[],[2]],"status":[]}"#,
        r#"{"v":1,"tab":"x","say":"outbox/x-1","value":"{","to":"t0","new":true}"#,
        r#"{"v":1,"tab":"x","say":"session","value":"{}","to":"t0","new":true}"#,
        r#"{"v":1,"tab":"x","draft":7}"#,
        r#"{"v":1,"tab":"x","seen":-1}"#,
        &real.replace("\"v\":1", "\"v\":9"),
    ] {
        for number in [0, 1] {
            browser.act(number, |rig| {
                rig.input(Input::TabMessage(TabMessage(word.into())))
            });
        }
    }
    assert_eq!(browser.lines(), ["Anna joined"]);
    assert_eq!(browser.tabs[1].state().phase, Phase::Chatting);
    assert_eq!(browser.tabs[1].state().participants, before.participants);
}

#[test]
fn no_key_of_the_chat_is_told() {
    let mut browser = Browser::chatting(3);
    browser.say(1, "hello");
    browser.answer(0, "send", transcript(&[visitor_says(3, "hello")], 4));
    browser.pass_lead(0, 2);
    let said = browser.said.concat();
    for key in [KEY, USER, ALIAS, CHAT] {
        assert!(!said.contains(key), "{key} in {said}");
    }
}

#[test]
fn tabs_without_a_leader_each_ask_the_server() {
    let first = Rig::with_agent();
    let mut second = Rig::restored(
        Settings {
            tab: "other".into(),
            ..settings()
        },
        first.storage.clone(),
    );
    second.wait_for("refresh");
    assert_eq!(second.told, []);
}
