//! Logs tell what happens, never what is said, by whom, or with which key.

use serde_json::json;

use crate::emulator::Emulator;

#[test]
fn no_text_name_or_key_is_ever_logged() {
    let emulator = Emulator::start();
    let visitor = emulator.visitor("Nickname-Secret");
    visitor.say("Text-Secret");
    visitor.call("refresh", &[("message", "Preview-Secret")]);
    visitor.call("updateData", &[("userData[k]", "Data-Secret")]);
    visitor
        .upload("Name-Secret.txt", b"Contents-Secret")
        .unwrap();
    let chat = format!("/chats/{}", visitor.chat);
    emulator.desk(
        "POST",
        &format!("{chat}/join"),
        &json!({"nickname": "Agent-Secret"}),
    );
    emulator.desk(
        "POST",
        &format!("{chat}/say"),
        &json!({"text": "Answer-Secret"}),
    );
    emulator.fault(&json!({"operation": "send", "kind": "panic", "count": 1}));
    visitor.raw("send", &[("message", "Panic-Secret")]).unwrap();
    let wrong = crate::emulator::Visitor {
        key: "Key-Secret".into(),
        ..visitor.clone()
    };
    wrong.raw("send", &[("message", "Wrong-Secret")]).unwrap();
    emulator.desk("POST", &format!("{chat}/end"), &json!({}));
    let (status, log) = emulator.stop();
    assert!(status.success());
    for told in [
        "chat started",
        "joined",
        "operation=\"send\"",
        "chat ended",
        "panicked",
        "stopping",
    ] {
        assert!(log.contains(told), "{told} in {log}");
    }
    assert!(log.contains(&visitor.chat));
    assert!(!log.contains("Secret"), "{log}");
    assert!(!log.contains(&visitor.key), "{log}");
}

#[test]
fn ids_that_open_a_service_are_not_logged_either() {
    let emulator = Emulator::start();
    let service = "/genesys/1/service/request-chat";
    let headers = [("gms_user", "User-Secret")];
    let reply = emulator.request("POST", service, &headers, b"note=Data-Secret");
    let id = reply.unwrap().json()["_id"].as_str().unwrap().to_owned();
    let chat = format!("/genesys/1/service/{id}/ixn/chat");
    let form = |operation: &str, fields: &[(&str, &str)]| {
        emulator
            .form(&format!("{chat}{operation}"), fields)
            .unwrap()
    };
    let fields = [("subject", "Subject-Secret"), ("firstName", "Name-Secret")];
    assert_eq!(form("", &fields).status, 200);
    emulator.fault(&json!({"operation": "send", "kind": "panic", "count": 1}));
    for status in [500, 200] {
        assert_eq!(form("/send", &[("message", "Text-Secret")]).status, status);
    }
    let begin =
        json!({"operationName": "RequestChat", "nickname": "N-Secret", "subject": "S-Secret"});
    assert_eq!(emulator.json("POST", "/api/v2/chats", &begin).status, 200);
    let (_, log) = emulator.stop();
    for told in [
        "operation=\"createService\"",
        "operation=\"send\"",
        "panicked",
    ] {
        assert!(log.contains(told), "{told} in {log}");
    }
    assert!(!log.contains("Secret") && !log.contains(&id), "{log}");
}
