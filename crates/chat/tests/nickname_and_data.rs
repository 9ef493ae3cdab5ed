//! The small requests: names, pages, data and notices; one at a time, in order, told when they fail.

mod common;

use common::*;
use parlour_chat::{ChatCommand, RefusalReason};
use serde_json::json;

fn rename(rig: &mut Rig, name: &str) {
    rig.command(ChatCommand::Rename(name.into()));
}

fn push(rig: &mut Rig, url: &str) {
    rig.command(ChatCommand::PushUrl(url.into()));
}

fn reason(rig: &Rig) -> Option<RefusalReason> {
    rig.state().refusal.as_ref().map(|refusal| refusal.reason)
}

#[test]
fn the_name_is_the_one_the_server_shows() {
    let mut rig = Rig::chatting();
    assert_eq!(rig.state().nickname.as_deref(), Some("Maria"));
    rename(&mut rig, "  Mia ");
    assert_eq!(
        rig.field("updateNickname", "nickname").as_deref(),
        Some("Mia")
    );
    assert_eq!(rig.state().nickname.as_deref(), Some("Maria"), "not yet");
    rig.answer("updateNickname", done());
    assert_eq!(rig.state().nickname.as_deref(), Some("Mia"));
}

#[test]
fn whatever_name_the_event_of_a_rename_carries_the_new_one_stays() {
    // No source says which of `text` and `from.nickname` holds the new name.
    let old = visitor();
    let new = json!({"nickname": "Mia", "participantId": 1, "type": "Client"});
    for renamed in [
        with(event(3, "NicknameUpdated", old), "text", json!("Mia")),
        with(event(3, "NicknameUpdated", new), "text", json!("Maria")),
    ] {
        let mut rig = Rig::with_agent();
        rename(&mut rig, "Mia");
        rig.answer("updateNickname", done());
        rig.refresh(&[renamed], 4);
        assert_eq!(rig.state().nickname.as_deref(), Some("Mia"));
        assert_eq!(rig.lines(), ["Anna joined", "me renamed (Maria to Mia)"]);
    }
}

#[test]
fn a_refused_name_is_told_and_the_old_one_stays() {
    let mut rig = Rig::with_agent();
    rename(&mut rig, "Adm!n");
    rig.answer("updateNickname", refusal(161, ""));
    assert_eq!(reason(&rig), Some(RefusalReason::NameInvalid));
    assert_eq!(rig.state().nickname.as_deref(), Some("Maria"));
    rename(&mut rig, "   ");
    assert_eq!(reason(&rig), Some(RefusalReason::NameInvalid));
    assert!(!rig.is_pending("updateNickname"));
    rename(&mut rig, "Mia");
    assert_eq!(reason(&rig), None, "gone with the next try");
}

#[test]
fn an_agent_may_change_their_name() {
    let mut rig = Rig::with_agent();
    let anne = json!({"nickname": "Anne", "participantId": 3, "type": "Agent"});
    rig.refresh(&[event(3, "NicknameUpdated", anne)], 4);
    assert_eq!(rig.state().participants[0].nickname, "Anne");
    assert_eq!(rig.lines(), ["Anna joined", "Anne renamed (Anna to Anne)"]);
}

#[test]
fn a_rename_whose_answer_is_lost_is_tried_again() {
    let mut rig = Rig::with_agent();
    rename(&mut rig, "Mia");
    rig.fail("updateNickname");
    rig.wait_until("a second try", |rig| rig.is_pending("updateNickname"));
    rig.answer("updateNickname", done());
    assert_eq!(rig.state().nickname.as_deref(), Some("Mia"));
    assert_eq!(reason(&rig), None);
}

#[test]
fn tries_come_to_an_end() {
    let mut rig = Rig::with_agent();
    rename(&mut rig, "Mia");
    for _ in 0..5 {
        rig.wait_until("another try", |rig| rig.is_pending("updateNickname"));
        rig.fail("updateNickname");
        if rig.is_pending("refresh") {
            rig.answer("refresh", transcript(&[], 3));
        }
    }
    assert_eq!(reason(&rig), Some(RefusalReason::Unreachable));
    rig.serve(secs(120));
    assert_eq!(rig.times("updateNickname").len(), 5);
}

#[test]
fn a_page_is_offered_once() {
    let mut rig = Rig::with_agent();
    push(&mut rig, "https://shop.example/?a=1&b=2");
    let url = rig.field("pushUrl", "pushUrl");
    assert_eq!(url.as_deref(), Some("https://shop.example/?a=1&b=2"));
    rig.answer("pushUrl", done());
    let pushed = with(event(3, "PushUrl", visitor()), "text", json!(url));
    rig.refresh(&[pushed], 4);
    assert_eq!(
        rig.lines()[1..],
        ["me offers https://shop.example/?a=1&b=2"]
    );
    rig.serve(secs(60));
    assert_eq!(rig.times("pushUrl").len(), 1);
}

#[test]
fn a_page_whose_fate_is_unknown_is_not_offered_twice() {
    let mut rig = Rig::with_agent();
    push(&mut rig, "https://shop.example");
    rig.fail("pushUrl");
    assert_eq!(reason(&rig), Some(RefusalReason::Unreachable));
    rig.serve(secs(60));
    assert_eq!(rig.times("pushUrl").len(), 1);
    // But one that was turned away is.
    push(&mut rig, "https://shop.example");
    rig.answer_with("pushUrl", http(503, ""));
    rig.serve(secs(60));
    assert_eq!(rig.times("pushUrl").len(), 3);
}

#[test]
fn others_pages_are_shown_as_sent() {
    let mut rig = Rig::with_agent();
    for (index, url) in (3..).zip(["url.to.see", "javascript:alert(1)", "https://shop.example"]) {
        rig.refresh(
            &[with(event(index, "PushUrl", agent()), "text", json!(url))],
            index + 1,
        );
    }
    assert_eq!(
        rig.lines()[1..],
        [
            "Anna offers url.to.see",
            "Anna offers javascript:alert(1)",
            "Anna offers https://shop.example"
        ],
        "what may become a link is the view's to decide"
    );
}

#[test]
fn data_and_notices_are_sent_as_given() {
    let mut rig = Rig::with_agent();
    rig.command(update_data(vec![
        ("cart total".into(), "12 €".into()),
        ("plan".into(), String::new()),
    ]));
    assert_eq!(
        rig.field("updateData", "userData[cart total]").as_deref(),
        Some("12 €")
    );
    assert_eq!(
        rig.field("updateData", "userData[plan]").as_deref(),
        Some("")
    );
    rig.answer("updateData", done());
    rig.command(ChatCommand::CustomNotice {
        message: Some("custom message".into()),
        attributes: Some(r#"{"a":"b"}"#.into()),
    });
    assert_eq!(
        rig.field("customNotice", "message").as_deref(),
        Some("custom message")
    );
    assert_eq!(
        rig.field("customNotice", "eventAttributes").as_deref(),
        Some(r#"{"a":"b"}"#)
    );
    rig.answer("customNotice", done());
    rig.command(ChatCommand::CustomNotice {
        message: None,
        attributes: None,
    });
    assert_eq!(rig.field("customNotice", "message"), None);
}

#[test]
fn one_is_in_flight_at_a_time_in_order() {
    let mut rig = Rig::with_agent();
    let from = rig.log.len();
    rename(&mut rig, "Mia");
    push(&mut rig, "https://shop.example");
    rig.command(update_data(vec![("a".into(), "b".into())]));
    assert_eq!(rig.operations_since(from), ["updateNickname"]);
    rig.answer("updateNickname", done());
    assert_eq!(rig.operations_since(from), ["updateNickname", "pushUrl"]);
    rig.answer("pushUrl", done());
    assert_eq!(
        rig.operations_since(from),
        ["updateNickname", "pushUrl", "updateData"]
    );
}

#[test]
fn they_hold_up_neither_messages_nor_the_transcript() {
    let mut rig = Rig::with_agent();
    rename(&mut rig, "Mia");
    rig.say("hello");
    assert!(rig.is_pending("send"));
    rig.wait_for("refresh");
    assert!(rig.is_pending("updateNickname"));
}

#[test]
fn they_need_a_chat() {
    let mut rig = Rig::new();
    rename(&mut rig, "Mia");
    push(&mut rig, "https://shop.example");
    rig.command(update_data(vec![("a".into(), "b".into())]));
    rig.command(ChatCommand::CustomNotice {
        message: None,
        attributes: None,
    });
    rig.advance(secs(60));
    assert_eq!(rig.requests(), 0);
}

#[test]
fn a_notice_to_be_read_is_shown_and_one_between_programs_is_not() {
    let mut rig = Rig::with_agent();
    let events = [
        with(
            event(3, "Notice", system()),
            "text",
            json!("You are number 2"),
        ),
        with(
            event(4, "CustomNotice", agent()),
            "text",
            json!("{\"desk\":1}"),
        ),
        event(5, "Notice", system()),
    ];
    rig.refresh(&events, 6);
    assert_eq!(rig.lines()[1..], ["system notes You are number 2"]);
}
