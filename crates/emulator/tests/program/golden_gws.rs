//! Every sample of the vendor's for GWS, request and reply, over real HTTP.

use serde_json::json;

use crate::emulator::Emulator;
use crate::sample::{check, none_left_out};

fn started() -> (Emulator, String) {
    let emulator = Emulator::start();
    let form = json!({"operationName": "RequestChat", "nickname": "Chris", "subject": "Hello"});
    let reply = emulator.json("POST", "/api/v2/chats", &form);
    let chat = reply.json()["id"].as_str().unwrap().to_owned();
    (emulator, chat)
}

fn check_in(emulator: &Emulator, chat: &str, name: &str) {
    check(emulator, &format!("gws/{name}"), |text| {
        text.replace("{chatId}", chat)
    });
}

#[test]
fn request_chat() {
    let reply = check(&Emulator::start(), "gws/request-chat", str::to_owned).json();
    let id = reply["id"].as_str().unwrap();
    assert_eq!(reply["path"], format!("/api/v2/chats/{id}"));
    let parts: Vec<usize> = id.split('-').map(str::len).collect();
    assert_eq!(parts, [8, 4, 4, 4, 12], "{id}");
}

#[test]
fn operations() {
    let (emulator, chat) = started();
    for name in ["start-typing", "stop-typing", "send-message", "complete"] {
        check_in(&emulator, &chat, name);
    }
    let path = format!("/api/v2/chats/{chat}/messages?index=1");
    let messages = emulator.get(&path).json()["messages"].clone();
    let types: Vec<&str> = messages
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        types,
        [
            "ParticipantJoined",
            "TypingStarted",
            "TypingStopped",
            "Text",
            "ParticipantLeft"
        ]
    );
}

#[test]
fn reads() {
    let (emulator, chat) = started();
    for name in ["get-chat", "get-chat-mine"] {
        check_in(&emulator, &chat, name);
    }
    let hello = json!({"operationName": "SendMessage", "text": "Hello?"});
    emulator.json("POST", &format!("/api/v2/chats/{chat}"), &hello);
    let kristi = json!({"nickname": "Kristi Sippola"});
    emulator.desk("POST", &format!("/chats/{chat}/join"), &kristi);
    for name in ["get-transcript", "get-transcript-mine"] {
        check_in(&emulator, &chat, name);
    }
}

#[test]
fn no_sample_is_left_out() {
    none_left_out("gws/", include_str!("golden_gws.rs"));
}
