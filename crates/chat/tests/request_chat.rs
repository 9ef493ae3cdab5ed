//! Starting a chat: what is sent, what comes of each answer.
#![expect(clippy::panic, reason = "a test may fail")]

mod common;

use common::*;
use parlour_chat::{Command, Connection, FormAnswers, Phase, RefusalReason};
use serde_json::{Value, json};

fn refused(rig: &Rig) -> (RefusalReason, Option<i64>) {
    match &rig.state().phase {
        Phase::Refused(refusal) => (refusal.reason, refusal.code),
        other => panic!("not refused but {other:?}"),
    }
}

#[test]
fn nothing_is_sent_or_stored_before_the_visitor_starts() {
    let mut rig = Rig::new();
    rig.draft("half a thought");
    rig.panel(parlour_chat::Panel::Open);
    rig.visibility(parlour_chat::Visibility::Hidden);
    rig.visibility(parlour_chat::Visibility::Visible);
    rig.network(parlour_chat::Network::Offline);
    rig.network(parlour_chat::Network::Online);
    rig.advance(secs(600));
    assert_eq!((rig.requests(), rig.storage.len()), (0, 0));
    assert!(!rig.will_wake());
}

#[test]
fn sends_the_form_with_the_tenants_data_and_the_time_zone() {
    let mut settings = settings();
    settings.utc_offset_minutes = -480;
    settings.user_data = vec![("_genesys_source".into(), "web".into())];
    settings.headers = vec![("X-Tenant".into(), "acme".into())];
    let mut rig = Rig::with(settings);
    rig.command(Command::Start(FormAnswers {
        nickname: None,
        first_name: Some("Zoë".into()),
        last_name: Some("O'Hara & Söhne".into()),
        email: Some("zoe@example.org".into()),
        subject: Some("Order 7 = late?".into()),
        question: Some("Refund, in words of my own".into()),
        user_data: vec![("plan".into(), "gold".into())],
    }));
    let request = rig.request("start");
    assert_eq!(request.url, SERVICE);
    assert_eq!(
        request.headers,
        [("X-Tenant".to_owned(), "acme".to_owned())]
    );
    let mut sent = fields(request);
    sent.sort();
    let expected = [
        ("emailAddress", "zoe@example.org"),
        ("firstName", "Zoë"),
        ("lastName", "O'Hara & Söhne"),
        ("subject", "Order 7 = late?"),
        ("userData[TimeZone]", "-480"),
        ("userData[_genesys_source]", "web"),
        ("userData[plan]", "gold"),
    ];
    assert_eq!(
        sent,
        expected.map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
}

#[test]
fn reads_the_transcript_from_the_start_with_the_new_keys() {
    let mut rig = Rig::new();
    rig.start();
    assert_eq!(rig.state().phase, Phase::Starting);
    rig.answer("start", started());
    assert_eq!(rig.state().phase, Phase::Chatting);
    assert_eq!(
        rig.request("refresh").url,
        format!("{SERVICE}/{CHAT}/refresh")
    );
    for (name, value) in [
        ("transcriptPosition", "1"),
        ("secureKey", KEY),
        ("userId", USER),
        ("alias", ALIAS),
    ] {
        assert_eq!(rig.field("refresh", name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(
        rig.field("refresh", "message"),
        None,
        "blank counts as typing"
    );
}

#[test]
fn the_vendors_reply_without_position_and_end_starts_a_chat() {
    let mut rig = Rig::new();
    rig.start();
    let reply = json!({
        "statusCode": 0, "alias": 117, "userId": USER, "secureKey": KEY, "chatId": CHAT,
        "messages": [own_join(1)],
    });
    rig.answer("start", reply);
    assert_eq!(rig.state().phase, Phase::Chatting);
    assert_eq!(
        rig.field("refresh", "alias").as_deref(),
        Some("117"),
        "numbers pass as text"
    );
}

#[test]
fn a_second_press_of_the_button_starts_no_second_chat() {
    let mut rig = Rig::new();
    rig.start();
    rig.start();
    assert_eq!(rig.requests(), 1);
    rig.answer("start", started());
    rig.start();
    assert!(!rig.is_pending("start"));
}

#[test]
fn every_error_of_the_form_is_told_and_can_be_corrected() {
    for (code, reason) in [
        (102, RefusalReason::FirstNameMissing),
        (103, RefusalReason::LastNameMissing),
        (161, RefusalReason::NameInvalid),
        (364, RefusalReason::EmailInvalid),
        (240, RefusalReason::CannotStartNow),
        (306, RefusalReason::UnknownService),
        (249, RefusalReason::Refused),
        (-7, RefusalReason::Refused),
    ] {
        for status in [200, 400] {
            let mut rig = Rig::new();
            rig.start();
            rig.answer_with("start", http(status, &refusal(code, "no").to_string()));
            assert_eq!(refused(&rig), (reason, Some(code)), "HTTP {status}");
            assert_eq!(rig.state().connection, Connection::Up);
            assert!(!rig.will_wake(), "the visitor's turn");
            rig.start();
            rig.answer("start", started());
            assert_eq!(rig.state().phase, Phase::Chatting);
        }
    }
}

#[test]
fn a_refusal_without_any_code_is_told_too() {
    for errors in [
        json!(null),
        json!([]),
        json!("gone"),
        json!([{"advice": "?"}]),
    ] {
        let mut rig = Rig::new();
        rig.start();
        rig.answer(
            "start",
            json!({"statusCode": 2, "chatEnded": true, "errors": errors}),
        );
        assert_eq!(refused(&rig), (RefusalReason::Refused, None));
    }
}

#[test]
fn a_status_tells_what_the_body_does_not() {
    for (status, body, reason) in [
        (404, "<h1>Not Found</h1>", RefusalReason::UnknownService),
        (403, "", RefusalReason::Refused),
        (500, "<html>oops</html>", RefusalReason::BadReply),
        (502, "", RefusalReason::BadReply),
        (
            200,
            "<!doctype html><p>Welcome to the Wi-Fi",
            RefusalReason::BadReply,
        ),
        (
            200,
            r#"{"statusCode":0,"alias":"1","chatId":"x"#,
            RefusalReason::BadReply,
        ),
        (200, r#"{"hello":"world"}"#, RefusalReason::BadReply),
        (200, "", RefusalReason::BadReply),
        (200, "[]", RefusalReason::BadReply),
    ] {
        let mut rig = Rig::new();
        rig.start();
        rig.answer_with("start", http(status, body));
        assert_eq!(refused(&rig).0, reason, "HTTP {status} {body}");
        assert!(
            !rig.will_wake(),
            "no second try by itself: it could ring twice"
        );
    }
}

#[test]
fn a_reply_without_usable_keys_is_no_chat() {
    let spoilt = [
        with(started(), "secureKey", Value::Null),
        with(started(), "chatId", json!("")),
        with(started(), "chatId", json!("..")),
    ];
    for reply in spoilt {
        let mut rig = Rig::new();
        rig.start();
        rig.answer("start", reply);
        assert_eq!(refused(&rig).0, RefusalReason::BadReply);
    }
}

#[test]
fn a_lost_connection_and_a_late_answer_are_told_apart() {
    let mut rig = Rig::new();
    rig.start();
    rig.fail("start");
    assert_eq!(refused(&rig).0, RefusalReason::Unreachable);

    let mut rig = Rig::new();
    rig.start();
    let id = rig.request("start").id;
    rig.advance(secs(10));
    assert_eq!(rig.aborted.len(), 1, "the deadline is 10 s");
    assert_eq!(
        refused(&rig).0,
        RefusalReason::BadReply,
        "reached, but no answer in time"
    );
    rig.answer_id(id, http(200, &started().to_string()));
    assert!(matches!(rig.state().phase, Phase::Refused(_)), "too late");
}

#[test]
fn a_busy_server_is_asked_again_a_few_times() {
    let mut rig = Rig::new();
    rig.start();
    rig.answer("start", try_again());
    assert_eq!(rig.state().phase, Phase::Starting);
    rig.wait_for("start");
    rig.answer_with("start", retry_after(503, secs(1)));
    rig.answer_next("start", started());
    assert_eq!(rig.state().phase, Phase::Chatting);

    let mut rig = Rig::new();
    rig.start();
    for _ in 0..3 {
        rig.wait_for("start");
        rig.answer_with("start", http(503, &try_again().to_string()));
    }
    assert_eq!(refused(&rig).0, RefusalReason::CannotStartNow);
    assert_eq!(rig.requests(), 3);
}

#[test]
fn a_server_that_asks_for_patience_gets_it() {
    let mut rig = Rig::new();
    rig.start();
    rig.answer_with("start", retry_after(503, secs(20)));
    rig.advance(millis(19_999));
    assert!(!rig.is_pending("start"));
    rig.advance(millis(1));
    rig.answer("start", started());
    assert_eq!(rig.state().phase, Phase::Chatting);
}

#[test]
fn nobody_is_kept_at_a_starting_chat_for_an_hour() {
    let mut rig = Rig::new();
    rig.start();
    rig.answer_with("start", retry_after(503, secs(3_600)));
    assert_eq!(refused(&rig).0, RefusalReason::CannotStartNow);
    assert!(!rig.will_wake());
}

#[test]
fn a_visitor_can_change_their_mind_while_it_starts() {
    let mut rig = Rig::new();
    rig.start();
    let id = rig.request("start").id;
    rig.command(Command::End);
    assert_eq!(rig.state().phase, Phase::Idle);
    assert_eq!(rig.aborted.len(), 1);
    rig.answer_id(id, http(200, &started().to_string()));
    assert_eq!(rig.state().phase, Phase::Idle);
    rig.advance(secs(60));
    assert_eq!((rig.requests(), rig.storage.len()), (1, 0));
}
