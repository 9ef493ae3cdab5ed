//! The composer's text in several tabs.

use crate::browser::Browser;
use crate::common::Rig;
use parlour_chat::{Input, TabMessage, TabRole};

#[test]
fn what_is_typed_in_one_tab_stands_in_all() {
    let mut browser = Browser::chatting(3);
    browser.act(1, |rig| rig.draft("hel"));
    let composers = |browser: &Browser| -> Vec<String> {
        browser
            .tabs
            .iter()
            .map(|rig| rig.composer.clone())
            .collect()
    };
    assert_eq!(composers(&browser), ["hel", "hel", "hel"]);
    browser.act(2, |rig| rig.draft("hello"));
    assert_eq!(composers(&browser), ["hello", "hello", "hello"]);
    browser.say(2, "hello");
    assert_eq!(composers(&browser), ["", "", ""]);
}

#[test]
fn the_agent_sees_that_the_visitor_types_in_a_follower() {
    let mut browser = Browser::chatting(2);
    browser.act(1, |rig| rig.draft("hel"));
    assert!(browser.tabs[0].is_pending("startTyping"));
    assert_eq!(browser.tabs[1].requests(), 0);
}

#[test]
fn what_is_typed_while_the_lead_changes_stands_in_all_tabs() {
    let mut browser = Browser::chatting(2);
    browser.act(1, |rig| rig.draft("hel"));
    browser.act(0, |rig| rig.role(TabRole::Follows));
    browser.heard = false;
    browser.act(1, |rig| rig.role(TabRole::Leads));
    browser.heard = true;
    browser.act(1, |rig| rig.draft("hello"));
    assert_eq!(browser.tabs[0].composer, "hello");
    browser.say(1, "hello");
    assert_eq!(browser.tabs[0].composer, "");
}

#[test]
fn what_is_typed_in_two_tabs_at_once_is_lost_in_neither() {
    let mut browser = Browser::chatting(2);
    browser.heard = false;
    browser.act(0, |rig| rig.draft("one"));
    browser.act(1, |rig| rig.draft("two"));
    browser.heard = true;
    browser.act(0, |rig| rig.draft("one more"));
    browser.act(1, |rig| rig.draft("two more"));
    assert_eq!(browser.tabs[0].composer, "one more");
    assert_eq!(browser.tabs[1].composer, "two more");
    browser.say(0, "one more");
    assert_eq!(browser.tabs[1].composer, "two more");
    browser.act(1, |rig| rig.draft("two more words"));
    assert_eq!(browser.tabs[0].composer, "two more words", "in step again");
}

#[test]
fn a_draft_survives_the_leader() {
    let mut browser = Browser::chatting(2);
    browser.act(0, |rig| rig.draft("half a sen"));
    browser.kill(0);
    browser.act(0, |rig| rig.role(TabRole::Leads));
    assert_eq!(browser.tabs[0].composer, "half a sen");
    browser.act(0, Rig::reload);
    assert_eq!(browser.tabs[0].composer, "half a sen");
}

#[test]
fn a_draft_that_is_heard_of_late_takes_the_place_of_none_in_the_storage() {
    let mut browser = Browser::chatting(2);
    browser.heard = false;
    browser.act(0, |rig| rig.draft("Half"));
    let late = browser.said.iter().rfind(|word| word.contains("\"draft\""));
    let late = TabMessage(late.expect("it was shared").clone());
    browser.act(0, |rig| rig.draft("Half a"));
    browser.act(1, |rig| rig.input(Input::TabMessage(late)));
    assert_eq!(browser.tabs[1].composer, "Half");
    browser.act(0, Rig::reload);
    assert_eq!(browser.tabs[0].composer, "Half a");
}
