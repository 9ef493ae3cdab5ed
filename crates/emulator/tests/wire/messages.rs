//! Messages and the other things that visitors say.

use serde_json::json;

use crate::talk::{Talk, types};
use parlour_emulator::model::Role;

#[test]
fn a_message_comes_back_as_it_was_sent() {
    let mut talk = Talk::start();
    let words = " <b>Hi</b> & 100% \u{1f600}\n\u{5d0}\u{5d1} + ";
    let reply = talk.call("send", &[("message", words), ("transcriptPosition", "2")]);
    let message = &reply["messages"][0];
    assert_eq!(message["text"], words);
    assert_eq!(message["messageType"], json!(null));
    assert_eq!(
        message["from"],
        json!({"nickname": "Maria", "participantId": 1, "type": "Client"})
    );
    assert_eq!(message["utcTime"], talk.now_ms);
    let reply = talk.call(
        "send",
        &[
            ("message", "typed"),
            ("messageType", "text"),
            ("transcriptPosition", "3"),
            (
                "eventAttributes",
                r#"{"general-properties":{"related-event-id":"2"}}"#,
            ),
        ],
    );
    let message = &reply["messages"][0];
    assert_eq!(message["messageType"], "text");
    assert_eq!(
        message["eventAttributes"]["general-properties"]["related-event-id"],
        "2"
    );
}

#[test]
fn attributes_that_are_no_object_cost_no_words() {
    let mut talk = Talk::start();
    for attributes in ["{", "7", "[]"] {
        let fields = [
            ("message", "hi"),
            ("eventAttributes", attributes),
            ("transcriptPosition", "-1"),
        ];
        let reply = talk.call("send", &fields);
        assert_eq!(reply["messages"][0]["text"], "hi");
        assert_eq!(reply["messages"][0].get("eventAttributes"), None);
    }
}

#[test]
fn text_that_does_not_fit_into_a_packet_is_204() {
    let mut talk = Talk::start();
    let most = "x".repeat(14_700);
    assert_eq!(talk.call("send", &[("message", &most)])["statusCode"], 0);
    let events = talk.record().events().len();
    for long in [
        "x".repeat(14_701),
        "x".repeat(40_000),
        "\u{1f600}".repeat(7_351),
    ] {
        for operation in ["send", "refresh", "startTyping", "customNotice"] {
            let response = talk.raw(operation, &[("message", &long)]);
            let reply = crate::talk::body(&response);
            assert_eq!(response.status, 200);
            assert_eq!(
                (
                    &reply["statusCode"],
                    &reply["chatEnded"],
                    &reply["errors"][0]["code"]
                ),
                (&json!(2), &json!(false), &json!(204)),
                "{operation}"
            );
        }
    }
    assert_eq!(talk.record().events().len(), events);
}

#[test]
fn names_urls_notices_data_and_receipts_reach_the_chat() {
    let mut talk = Talk::start();
    talk.call("updateNickname", &[("nickname", "Mary")]);
    talk.call("pushUrl", &[("pushUrl", "url.to.see")]);
    talk.call(
        "customNotice",
        &[("message", "ping"), ("eventAttributes", r#"{"a":1}"#)],
    );
    talk.call(
        "updateData",
        &[("userData[key1]", "value1"), ("userData[key2]", "value2")],
    );
    talk.call("updateData", &[("userData[key1]", "other")]);
    talk.call("readReceipt", &[("transcriptPosition", "2")]);
    let reply = talk.call("refresh", &[("transcriptPosition", "2")]);
    assert_eq!(
        types(&reply),
        ["NicknameUpdated", "PushUrl", "CustomNotice"]
    );
    let events = reply["messages"].as_array().unwrap();
    assert_eq!(
        (&events[0]["text"], &events[0]["from"]["nickname"]),
        (&json!("Mary"), &json!("Mary"))
    );
    assert_eq!(events[1]["text"], "url.to.see");
    assert_eq!(
        (&events[2]["text"], &events[2]["eventAttributes"]),
        (&json!("ping"), &json!({"a": 1}))
    );
    // The name of what was said before stays what it was.
    let reply = talk.call("refresh", &[]);
    assert_eq!(reply["messages"][0]["from"]["nickname"], "Maria");
    let chat = talk.record();
    assert_eq!(chat.user_data()["key1"], "other");
    assert_eq!(chat.user_data()["key2"], "value2");
    assert_eq!(chat.read_up_to().unwrap().0, 2);
}

#[test]
fn a_read_receipt_may_be_beyond_the_end() {
    let mut talk = Talk::start();
    assert_eq!(
        talk.call("readReceipt", &[("transcriptPosition", "99")])["statusCode"],
        0
    );
    assert_eq!(talk.record().read_up_to().unwrap().0, 1);
}

#[test]
fn people_are_shown_by_the_part_they_play() {
    let mut talk = Talk::start();
    let (chat, now) = (talk.chat.clone(), talk.now_ms);
    for (name, role) in [
        ("system", Role::External),
        ("Anna", Role::Agent),
        ("Boss", Role::Supervisor),
        ("Robo", Role::Bot),
    ] {
        let who = talk.world.join(&chat, name, role, now).unwrap();
        talk.world.say(&chat, who, "hello", now).unwrap();
    }
    let reply = talk.call("refresh", &[("transcriptPosition", "2")]);
    let events = reply["messages"].as_array().unwrap();
    let kinds: Vec<_> = events
        .iter()
        .step_by(2)
        .map(|e| e["from"]["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["External", "Agent", "Supervisor", "Agent"]);
    assert_eq!(
        events[7]["eventAttributes"]["GCTI_SYSTEM"]["party-info"]["style"],
        "BOT"
    );
    assert_eq!(events[5].get("eventAttributes"), None);
}

#[test]
fn a_transfer_shows_who_goes_and_who_comes() {
    let mut talk = Talk::start();
    let (chat, now) = (talk.chat.clone(), talk.now_ms);
    let anna = talk.world.join(&chat, "Anna", Role::Agent, now).unwrap();
    talk.world.transfer(&chat, anna, "Ben", now).unwrap();
    let reply = talk.call("refresh", &[("transcriptPosition", "3")]);
    let events = reply["messages"].as_array().unwrap();
    assert_eq!(types(&reply), ["ParticipantLeft", "ParticipantJoined"]);
    assert_eq!(
        events[0]["eventAttributes"]["general-properties"]["reason-for-leave"],
        "TRANSFER"
    );
    assert_eq!(
        (&events[1]["from"]["nickname"], &events[1]["from"]["type"]),
        (&json!("Ben"), &json!("Agent"))
    );
    assert_eq!(reply["chatEnded"], false);
    assert!(talk.world.say(&chat, anna, "I am gone", now).is_err());
}
