//! A server that speaks another dialect than the tenant's file says is told of, with the one it speaks where that
//! can be known; the visitor is not asked to try again what cannot work.

mod common;

use common::line;
use common::*;
use parlour_chat::{Connection, DialectKind, Failure, Phase, RefusalReason, Settings};
use serde_json::{Value, json};

use DialectKind::{GmsV1, GmsV1Cometd, GmsV2, GmsV2Cometd, Gws};

fn asks(dialect: DialectKind) -> Rig {
    let mut rig = Rig::with(Settings {
        dialect,
        ..steady()
    });
    rig.start();
    rig
}

fn reason(rig: &Rig) -> Option<RefusalReason> {
    match &rig.state().phase {
        Phase::Refused(refusal) => Some(refusal.reason),
        _ => None,
    }
}

/// What each family answers to whoever wants a chat, or says of one that is not there.
fn answers() -> Vec<(DialectKind, u16, Value)> {
    vec![
        (GmsV2, 200, started()),
        (GmsV2, 200, gone()),
        (
            GmsV1,
            200,
            json!({"_id": "a7e6ed0b-0380-4223-97f8-b3c7d93205e8"}),
        ),
        (
            GmsV1,
            200,
            json!({"chatIxnState": "DISCONNECTED", "transcriptPosition": "0"}),
        ),
        (
            Gws,
            200,
            json!({"id": "652492d9", "path": "/api/v2/chats/652492d9", "statusCode": 0}),
        ),
        (
            Gws,
            200,
            json!({"chat": {"capabilities": [], "state": "Idle"}, "statusCode": 0}),
        ),
    ]
}

#[test]
fn the_family_is_known_by_its_replies() {
    for asked in [GmsV2, GmsV1, Gws] {
        for (family, status, reply) in answers() {
            if family == asked {
                continue;
            }
            let mut rig = asks(asked);
            rig.answer_with("start", http(status, &reply.to_string()));
            assert_eq!(
                rig.wrong_dialects,
                [Some(family)],
                "{asked:?} asked {family:?}: {reply}"
            );
            assert_eq!(
                reason(&rig),
                Some(RefusalReason::UnknownService),
                "{asked:?}: {reply}"
            );
            rig.advance(secs(60));
            assert_eq!(rig.times("start").len(), 1, "nobody is asked again");
        }
    }
}

#[test]
fn a_server_without_the_api_is_told_of_without_a_guess() {
    let nobodys = r#"{"status": 404, "error": "Not Found", "path": "/of/no/chat"}"#;
    for (dialect, page) in [(GmsV2, nobodys), (GmsV1, nobodys), (Gws, "<html>")] {
        let mut rig = asks(dialect);
        rig.answer_with("start", http(404, page));
        assert_eq!(rig.wrong_dialects, [None], "{dialect:?}");
        assert_eq!(
            reason(&rig),
            Some(RefusalReason::UnknownService),
            "{dialect:?}"
        );
    }
}

#[test]
fn what_is_wrong_for_the_moment_is_no_wrong_dialect() {
    for dialect in [GmsV2, GmsV1, Gws] {
        for status in [500, 502, 503, 429] {
            let mut rig = asks(dialect);
            rig.answer_with("start", http(status, "<html>Bad Gateway</html>"));
            assert_eq!(rig.wrong_dialects, [], "{dialect:?}: {status}");
        }
        let mut rig = asks(dialect);
        rig.fail("start");
        assert_eq!(rig.wrong_dialects, [], "{dialect:?}");
    }
}

#[test]
fn a_service_of_another_name_is_no_wrong_dialect() {
    let mut rig = asks(GmsV2);
    let unknown = refusal(306, "Service is not found").to_string();
    rig.answer_with("start", http(404, &unknown));
    assert_eq!(rig.wrong_dialects, []);
    assert_eq!(reason(&rig), Some(RefusalReason::UnknownService));
}

#[test]
fn a_server_that_has_no_cometd_does_not_push() {
    for (dialect, polled) in [(GmsV2Cometd, GmsV2), (GmsV1Cometd, GmsV1)] {
        for status in [404, 405] {
            let mut rig = asks(dialect);
            rig.answer_with("poll", http(status, "<html>Not Found</html>"));
            assert_eq!(rig.wrong_dialects, [Some(polled)], "{dialect:?}: {status}");
            assert_eq!(reason(&rig), Some(RefusalReason::UnknownService));
            rig.advance(secs(60));
            assert_eq!(rig.times("poll").len(), 1, "{dialect:?}: it stays so");
        }
        // A page that somebody in between has put in the server's place may go away.
        let mut rig = asks(dialect);
        rig.answer_with("poll", http(200, "<html>Welcome to our hotel</html>"));
        assert_eq!(rig.wrong_dialects, [Some(polled)], "{dialect:?}");
        assert_ne!(
            reason(&rig),
            Some(RefusalReason::UnknownService),
            "{dialect:?}"
        );
    }
}

#[test]
fn a_server_that_takes_a_request_and_pushes_nothing_has_its_notifications_off() {
    let mut rig = asks(GmsV2Cometd);
    rig.open_the_line();
    rig.hear("start", &[]);
    rig.wait_until("an end", |rig| reason(rig).is_some());
    assert_eq!(rig.wrong_dialects, [Some(GmsV2)]);
    // Unlike one whose answer is lost with the line, or whose acknowledgement is lost.
    let mut rig = asks(GmsV2Cometd);
    rig.open_the_line();
    rig.hear("start", &[]);
    rig.fail("poll");
    rig.open_the_line();
    rig.wait_until("an end", |rig| reason(rig).is_some());
    assert_eq!(rig.wrong_dialects, []);
    let mut rig = asks(GmsV2Cometd);
    rig.open_the_line();
    rig.fail_with("start", Failure::TimedOut);
    assert_eq!(rig.wrong_dialects, []);
}

#[test]
fn a_server_that_knows_no_such_channel_has_its_notifications_off() {
    let mut rig = asks(GmsV2Cometd);
    rig.open_the_line();
    let mut reply = line::reply(rig.request("start"), &[]);
    reply[0]["successful"] = json!(false);
    reply[0]["error"] = json!("404::Unknown channel");
    rig.answer("start", reply);
    assert_eq!(rig.wrong_dialects, [Some(GmsV2)]);
    assert_eq!(reason(&rig), Some(RefusalReason::UnknownService));
}

#[test]
fn a_version_1_that_shows_its_transcript_does_not_push() {
    let mut rig = asks(GmsV1Cometd);
    rig.open_the_line();
    rig.answer("start", json!({"_id": "a7e6ed0b"}));
    rig.say("Hello?");
    let joined = json!({"chatIxnState": "CONNECTED", "transcriptPosition": "1"});
    rig.answer("join", joined);
    let polled =
        json!({"chatIxnState": "TRANSCRIPT", "transcriptPosition": "1", "transcriptToShow": []});
    rig.answer("refresh", polled);
    assert_eq!(rig.wrong_dialects, [Some(GmsV1)]);
    assert_eq!(reason(&rig), Some(RefusalReason::UnknownService));
    assert_eq!(rig.composer, "Hello?", "what was said is not lost");
    // An answer that is cut short tells nothing.
    let mut rig = asks(GmsV1Cometd);
    rig.open_the_line();
    rig.answer("start", json!({"_id": "a7e6ed0b"}));
    rig.answer(
        "join",
        json!({"chatIxnState": "CONNECTED", "transcriptPosition": "1"}),
    );
    rig.answer_with(
        "refresh",
        http(200, r#"{"chatIxnState":"TRANSCRIPT","transcriptTo"#),
    );
    assert_eq!(rig.wrong_dialects, []);
    assert_eq!(rig.state().phase, Phase::Chatting);
}

#[test]
fn a_chat_that_goes_on_is_no_wrong_dialect() {
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    rig.answer_with("refresh", http(404, "<html>Not Found</html>"));
    assert_eq!(rig.wrong_dialects, []);
    assert_eq!(rig.state().connection, Connection::Reconnecting);
    let mut rig = asks(GmsV2Cometd);
    rig.open_the_line();
    rig.hear("start", &[started()]);
    rig.answer_with("poll", http(404, "<html>Not Found</html>"));
    assert_eq!(rig.wrong_dialects, []);
    assert_eq!(rig.state().phase, Phase::Chatting);
}

#[test]
fn a_service_that_does_not_tell_whether_an_agent_is_there_is_no_wrong_dialect() {
    let mut rig = asks(GmsV1);
    rig.answer("start", json!({"_id": "a7e6ed0b"}));
    for _ in 0..3 {
        rig.wait_for("join");
        rig.answer_with("join", http(503, ""));
        rig.wait_for("status");
        rig.answer_with("status", http(404, "<html>Not Found</html>"));
    }
    assert_eq!(rig.wrong_dialects, []);
    assert_eq!(rig.state().phase, Phase::Chatting);
}
