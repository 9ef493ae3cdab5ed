//! Rich messages: kept raw for a view that can show them, with their plain text for one that cannot.

mod common;

use common::*;
use parlour_chat::{Item, ParticipantKind};
use serde_json::{Value, json};

fn quick_replies() -> Value {
    json!({
        "contentType": "quick-replies",
        "content": [{"id": "1", "type": "quick-reply", "action": "message", "text": "Yes"}],
    })
}

/// The rich content of the newest message, parsed again.
fn rich(rig: &Rig) -> Option<Value> {
    match rig.entries().last().map(|entry| &entry.item) {
        Some(Item::Message { rich, .. }) => rich
            .as_ref()
            .and_then(|rich| serde_json::from_str(rich).ok()),
        _ => None,
    }
}

fn in_attributes(content: Value) -> Value {
    let attributes = json!({"structured-content": {"genesys-chat": content}});
    with(
        event(3, "Structured", agent()),
        "eventAttributes",
        attributes,
    )
}

#[test]
fn content_at_the_top_is_kept_with_its_text() {
    let mut rig = Rig::with_agent();
    let mut message = agent_says(3, "Yes or no?");
    for (key, value) in quick_replies().as_object().into_iter().flatten() {
        message[key] = value.clone();
    }
    rig.refresh(&[message], 4);
    assert_eq!(rig.texts(), ["Yes or no?"]);
    assert_eq!(rich(&rig), Some(quick_replies()));
}

#[test]
fn content_in_the_attributes_is_kept_with_its_text() {
    let content = with(quick_replies(), "text", json!("Yes or no?"));
    for content in [
        content.clone(),
        json!(content.to_string()),
        json!({"content": content}),
        json!({"content": content.to_string()}),
        json!(json!({"content": content.to_string()}).to_string()),
    ] {
        let mut rig = Rig::with_agent();
        rig.refresh(&[in_attributes(content)], 4);
        assert_eq!(rig.texts(), ["Yes or no?"]);
        let rich = rich(&rig).unwrap_or_default();
        assert_eq!(rich["contentType"], "quick-replies");
        assert_eq!(rich["content"], quick_replies()["content"]);
    }
}

#[test]
fn the_text_of_the_event_wins() {
    let content = with(quick_replies(), "text", json!("inside"));
    let content = json!({"content": content.to_string()});
    let mut rig = Rig::with_agent();
    rig.refresh(&[with(in_attributes(content), "text", json!("outside"))], 4);
    assert_eq!(rig.texts(), ["outside"]);
}

#[test]
fn broken_content_leaves_the_text() {
    for broken in [json!("{"), json!(null), json!(7), json!([])] {
        let mut rig = Rig::with_agent();
        let message = with(in_attributes(broken), "text", json!("Yes or no?"));
        rig.refresh(&[message], 4);
        assert_eq!(rig.texts(), ["Yes or no?"]);
        assert_eq!(rich(&rig), None);
    }
}

#[test]
fn a_plain_message_has_none() {
    let mut rig = Rig::with_agent();
    rig.refresh(
        &[with(agent_says(3, "hello"), "contentType", json!("text"))],
        4,
    );
    assert_eq!(rig.texts(), ["hello"]);
    assert_eq!(rich(&rig), None);
}

#[test]
fn a_tap_is_an_ordinary_message() {
    let mut rig = Rig::with_agent();
    rig.refresh(
        &[in_attributes(with(
            quick_replies(),
            "text",
            json!("Yes or no?"),
        ))],
        4,
    );
    rig.say("Yes");
    assert_eq!(rig.field("send", "message").as_deref(), Some("Yes"));
    rig.answer("send", transcript(&[visitor_says(4, "Yes")], 5));
    assert_eq!(rig.lines(), ["Anna joined", "Anna: Yes or no?", "me: Yes"]);
}

#[test]
fn rich_messages_survive_the_end_and_a_reload() {
    let mut rig = Rig::with_agent();
    let message = in_attributes(with(quick_replies(), "text", json!("Yes or no?")));
    rig.answer_next("refresh", ended(&[message]));
    let before = rig.entries()[1].item.clone();
    rig.reload();
    assert_eq!(rig.entries()[1].item, before);
}

#[test]
fn a_bot_says_what_it_is_with_each_word_too() {
    for style in [json!({"style": "BOT"}), json!("{\"style\":\"bot\"}")] {
        let mut rig = Rig::with_agent();
        let bot = json!({"nickname": "Robo", "participantId": 8, "type": "Agent"});
        let message = with(event(3, "Message", bot), "text", json!("Beep"));
        let attributes = json!({"GCTI_SYSTEM": {"party-info": style}});
        rig.refresh(&[with(message, "eventAttributes", attributes)], 4);
        let Item::Message { from, .. } = &rig.entries()[1].item else {
            panic!("a message")
        };
        assert!(
            matches!(from, parlour_chat::Author::Other(who) if who.kind == ParticipantKind::Bot)
        );
        assert_eq!(rig.lines()[1], "Robo: Beep");
    }
}
