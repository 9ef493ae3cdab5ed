//! The envelope around replies (protocol section 1, envelope).

use serde_json::{Value, json};

use crate::talk::{Talk, body};

const OPERATIONS: &[(&str, &[(&str, &str)])] = &[
    ("send", &[("message", "hello")]),
    ("startTyping", &[]),
    ("stopTyping", &[]),
    ("refresh", &[("transcriptPosition", "0")]),
    ("pushUrl", &[("pushUrl", "url.to.see")]),
    ("updateNickname", &[("nickname", "Mary")]),
    ("customNotice", &[]),
    ("updateData", &[("userData[k]", "v")]),
    ("readReceipt", &[("transcriptPosition", "1")]),
    ("file/limits", &[]),
];

#[test]
fn every_reply_has_the_keys_the_chat_and_the_next_position() {
    let mut talk = Talk::start();
    for (operation, fields) in OPERATIONS {
        let reply = talk.call(operation, fields);
        assert_eq!(
            (&reply["statusCode"], &reply["chatEnded"]),
            (&json!(0), &json!(false))
        );
        assert_eq!(reply["chatId"], talk.chat.as_str(), "{operation}");
        assert_eq!(reply["userId"], talk.user_id.as_str());
        for key in ["alias", "secureKey"] {
            assert!(
                reply[key].as_str().is_some_and(|text| !text.is_empty()),
                "{operation}: {key}"
            );
        }
        assert_eq!(
            reply["nextPosition"],
            talk.record().next_index().0,
            "{operation}"
        );
        assert_eq!(reply["messages"].is_array(), *operation != "disconnect");
    }
}

#[test]
fn only_a_position_brings_the_transcript() {
    let mut talk = Talk::start();
    let without_refresh = OPERATIONS
        .iter()
        .filter(|(operation, _)| !["refresh", "readReceipt", "file/limits"].contains(operation));
    for (operation, fields) in without_refresh {
        assert_eq!(
            talk.call(operation, fields)["messages"],
            json!([]),
            "{operation}"
        );
        let mut asking = fields.to_vec();
        asking.push(("transcriptPosition", "1"));
        let reply = talk.call(operation, &asking);
        assert_eq!(
            reply["messages"][0]["type"], "ParticipantJoined",
            "{operation}"
        );
    }
}

#[test]
fn disconnect_answers_with_nothing_and_ends_everything() {
    let mut talk = Talk::start();
    let goodbye = json!({
        "messages": null, "chatEnded": null, "statusCode": 0, "alias": null, "secureKey": null, "userId": null,
    });
    assert_eq!(talk.call("disconnect", &[]), goodbye);
    for (operation, fields) in OPERATIONS {
        let reply = talk.call(operation, fields);
        assert_eq!(
            (
                &reply["statusCode"],
                &reply["chatEnded"],
                &reply["errors"][0]["code"]
            ),
            (&json!(2), &json!(true), &json!(249)),
            "{operation}"
        );
    }
    assert_eq!(talk.call("disconnect", &[])["chatEnded"], true);
}

#[test]
fn a_failure_has_no_keys_and_no_position() {
    let mut talk = Talk::start();
    talk.key = "wrong".into();
    let reply = talk.call("refresh", &[]);
    assert_eq!(reply["messages"], json!([]));
    assert_eq!(reply["chatId"], talk.chat.as_str());
    assert!(reply["alias"].is_string());
    for absent in ["secureKey", "userId", "nextPosition"] {
        assert_eq!(reply.get(absent), None::<&Value>, "{absent}");
    }
    let advice = reply["errors"][0]["advice"].as_str().unwrap();
    assert!(advice.contains("referenceId["), "{advice}");
}

#[test]
fn an_unknown_chat_is_refused() {
    let mut talk = Talk::start();
    talk.chat = parlour_emulator::model::ChatId::new("0000000000000000");
    let reply = talk.call("refresh", &[]);
    assert_eq!(
        (&reply["chatEnded"], &reply["chatId"]),
        (&json!(true), &json!("0000000000000000"))
    );
}

#[test]
fn a_missing_field_is_refused_but_the_chat_goes_on() {
    let mut talk = Talk::start();
    for (operation, fields) in [
        ("send", &[("message", "")][..]),
        ("send", &[][..]),
        ("pushUrl", &[][..]),
        ("updateNickname", &[("nickname", " ")][..]),
        ("updateData", &[("key", "value")][..]),
        ("readReceipt", &[][..]),
        ("readReceipt", &[("transcriptPosition", "0")][..]),
        ("readReceipt", &[("transcriptPosition", "x")][..]),
    ] {
        let reply = talk.call(operation, fields);
        assert_eq!(
            (&reply["statusCode"], &reply["chatEnded"]),
            (&json!(2), &json!(false)),
            "{operation}"
        );
    }
    assert_eq!(talk.call("refresh", &[])["statusCode"], 0);
}

#[test]
fn replies_are_json_that_nobody_may_store() {
    let mut talk = Talk::start();
    let response = talk.raw("refresh", &[]);
    let header = |name: &str| {
        response
            .headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v.as_str())
    };
    assert_eq!(header("cache-control"), Some("no-store"));
    assert_eq!(
        header("content-type"),
        Some("application/json;charset=UTF-8")
    );
    assert_eq!(body(&response)["tenantName"], "Resources");
}
