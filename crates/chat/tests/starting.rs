//! A chat that was asked for, and may have begun although no reply said so.
#![expect(clippy::panic, reason = "a test may fail")]

mod common;

use common::*;
use parlour_chat::{Phase, RefusalReason, Response};
use serde_json::json;

fn refused(rig: &Rig) -> RefusalReason {
    match &rig.state().phase {
        Phase::Refused(refusal) => refusal.reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_chat_is_not_asked_for_again_where_it_may_have_begun() {
    for status in [425, 429, 500, 502, 503] {
        for body in ["", "<html>Busy</html>", &started().to_string()] {
            let mut rig = Rig::new();
            rig.start();
            rig.answer_with("start", http(status, body));
            assert_eq!(refused(&rig), RefusalReason::BadReply, "{status} {body}");
            rig.advance(secs(600));
            assert_eq!(rig.requests(), 1, "{status} {body}");
        }
    }
}

#[test]
fn a_chat_that_was_surely_refused_for_now_is_asked_for_again() {
    let replies: [Response; 3] = [
        http(200, &try_again().to_string()),
        http(503, &try_again().to_string()),
        retry_after(503, secs(1)),
    ];
    for reply in replies {
        let mut rig = Rig::new();
        rig.start();
        rig.answer_with("start", reply);
        assert_eq!(rig.state().phase, Phase::Starting);
        rig.wait_for("start");
        rig.answer("start", started());
        assert_eq!(rig.state().phase, Phase::Chatting);
    }
}

#[test]
fn a_visitor_is_told_at_once_where_a_chat_would_have_to_wait() {
    let mut rig = Rig::new();
    rig.start();
    rig.answer_with("start", retry_after(429, secs(30)));
    assert_eq!(refused(&rig), RefusalReason::CannotStartNow);
}

#[test]
fn a_reload_while_a_chat_starts_is_an_unknown_outcome() {
    let mut rig = Rig::new();
    rig.start();
    assert!(rig.is_pending("start"));
    let kept = json!(
        rig.storage
            .values()
            .map(|record| record.value.clone())
            .collect::<Vec<_>>()
    );
    assert!(
        !kept.to_string().contains("Maria"),
        "the form remembers its answers itself: {kept}"
    );
    rig.reload();
    assert_eq!(refused(&rig), RefusalReason::BadReply);
    rig.advance(secs(60));
    assert_eq!(rig.requests(), 0, "the visitor decides");
    rig.reload();
    assert_eq!(rig.state().phase, Phase::Idle, "it was said once");
}

#[test]
fn another_tab_knows_nothing_of_a_start() {
    let mut rig = Rig::new();
    rig.start();
    rig.reopen();
    assert_eq!(rig.state().phase, Phase::Idle);
}

#[test]
fn a_start_that_is_settled_leaves_no_trace_of_its_own() {
    let names = |rig: &Rig| rig.storage.keys().cloned().collect::<Vec<_>>();
    let mut rig = Rig::new();
    rig.start();
    assert_eq!(names(&rig), ["starting"]);
    rig.answer("start", started());
    assert_eq!(names(&rig), ["session"]);
    rig.reload();
    assert_eq!(rig.state().phase, Phase::Chatting);
    for reply in [http(200, &refusal(261, "").to_string()), http(503, "")] {
        let mut rig = Rig::new();
        rig.start();
        rig.answer_with("start", reply);
        assert!(matches!(rig.state().phase, Phase::Refused(_)));
        assert_eq!(names(&rig), [""; 0]);
    }
}
