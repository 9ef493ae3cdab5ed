//! The control API: every operation, as the visitor then sees it.

use serde_json::{Value, json};

use crate::emulator::{Emulator, Folder, Visitor, nothing};

struct Desk {
    emulator: Emulator,
    visitor: Visitor,
}

impl Desk {
    fn new() -> Self {
        let emulator = Emulator::start();
        let visitor = emulator.visitor("Maria");
        Self { emulator, visitor }
    }

    fn act(&self, operation: &str, body: Value) -> Value {
        self.emulator.desk(
            "POST",
            &format!("/chats/{}/{operation}", self.visitor.chat),
            &body,
        )
    }

    fn refuse(&self, operation: &str, body: Value) -> (u16, String) {
        let path = format!("/chats/{}/{operation}", self.visitor.chat);
        let reply = self.emulator.raw_desk("POST", &path, &body);
        (
            reply.status,
            reply.json()["error"].as_str().unwrap().to_owned(),
        )
    }

    fn chat(&self) -> Value {
        self.emulator
            .desk("GET", &format!("/chats/{}", self.visitor.chat), &nothing())
    }

    fn last(&self) -> Value {
        self.visitor
            .call("refresh", &[("transcriptPosition", "-1")])["messages"][0]
            .clone()
    }
}

#[test]
fn an_agent_can_do_all_that_agents_do() {
    let desk = Desk::new();
    assert_eq!(
        desk.act("join", json!({"nickname": "Anna"}))["participant"],
        2
    );
    assert_eq!(
        desk.last()["from"],
        json!({"nickname": "Anna", "participantId": 2, "type": "Agent"})
    );
    desk.act("typing", json!({"on": true}));
    assert_eq!(desk.last()["type"], "TypingStarted");
    desk.act("typing", json!({"as": "Anna", "on": false}));
    assert_eq!(desk.last()["type"], "TypingStopped");
    assert_eq!(
        desk.act(
            "say",
            json!({"as": 2, "text": "Hello", "attributes": {"a": {"b": 1}}})
        )["index"],
        5
    );
    assert_eq!(
        (
            &desk.last()["text"],
            &desk.last()["eventAttributes"]["a"]["b"]
        ),
        (&json!("Hello"), &json!(1))
    );
    desk.act("hold", json!({}));
    assert_eq!(
        desk.last()["eventAttributes"]["general-properties"]["reason-for-leave"],
        "HOLD"
    );
    desk.act("return", json!({}));
    assert_eq!(desk.last()["type"], "ParticipantJoined");
    desk.act("push-url", json!({"url": "https://example.com"}));
    assert_eq!(
        (&desk.last()["type"], &desk.last()["text"]),
        (&json!("PushUrl"), &json!("https://example.com"))
    );
    desk.act("notice", json!({"text": "note"}));
    assert_eq!(
        (&desk.last()["type"], &desk.last()["text"]),
        (&json!("Notice"), &json!("note"))
    );
    desk.act("custom-notice", json!({"attributes": {"x": "y"}}));
    assert_eq!(desk.last()["eventAttributes"], json!({"x": "y"}));
    desk.act("rename", json!({"nickname": "Ann"}));
    assert_eq!(desk.last()["type"], "NicknameUpdated");
    assert_eq!(desk.act("transfer", json!({"to": "Ben"}))["participant"], 3);
    assert_eq!(desk.last()["from"]["nickname"], "Ben");
    desk.act("join", json!({"nickname": "Boss", "role": "supervisor"}));
    assert_eq!(desk.last()["from"]["type"], "Supervisor");
    desk.act("leave", json!({"as": "Boss", "reason": "LUNCH"}));
    assert_eq!(
        desk.last()["eventAttributes"]["general-properties"]["reason-for-leave"],
        "LUNCH"
    );
    desk.act("idle-alert", json!({"close_in_secs": 100}));
    assert!(
        desk.visitor.call("refresh", &[])["idleTimerExpire"]
            .as_u64()
            .unwrap()
            <= 100
    );
    desk.act("alias", json!({}));
    assert_ne!(
        desk.visitor.call("refresh", &[])["alias"],
        desk.visitor.alias.as_str()
    );
    desk.act("end", json!({}));
    assert_eq!(desk.visitor.call("refresh", &[])["chatEnded"], true);
    assert_eq!(desk.chat()["end"]["reason"], "closed");
}

#[test]
fn the_desk_sees_the_visitor() {
    let desk = Desk::new();
    let (visitor, emulator) = (&desk.visitor, &desk.emulator);
    visitor.call("refresh", &[("message", "I am typ")]);
    visitor.call("updateData", &[("userData[page]", "/cart")]);
    visitor.call("readReceipt", &[("transcriptPosition", "1")]);
    let chat = desk.chat();
    assert_eq!(
        chat["visitor"],
        json!({"typing": true, "preview": "I am typ", "read_up_to": 1})
    );
    assert_eq!(chat["user_data"], json!({"page": "/cart"}));
    visitor.say("I am typing");
    let chat = desk.chat();
    assert_eq!(chat["visitor"]["typing"], false);
    assert_eq!(chat["visitor"]["preview"], json!(null));
    let events = chat["events"].as_array().unwrap();
    let kinds: Vec<_> = events
        .iter()
        .map(|e| (e["type"].as_str().unwrap(), e["visible"].as_bool().unwrap()))
        .collect();
    assert_eq!(
        kinds,
        [
            ("joined", true),
            ("typing_started", true),
            ("preview", false),
            ("read", false),
            ("message", true)
        ]
    );
    assert_eq!(events[4]["text"], "I am typing");
    let uploaded = visitor.upload("a.txt", b"contents").unwrap().json();
    let file = uploaded["userData"]["file-id"].as_str().unwrap();
    assert_eq!(desk.chat()["files"][0]["name"], "a.txt");
    let path = format!("/desk/api/chats/{}/files/{file}", visitor.chat);
    assert_eq!(emulator.get(&path).body, b"contents");
    let list = emulator.desk("GET", "/chats", &nothing());
    assert_eq!(
        (&list["chats"][0]["id"], &list["chats"][0]["service"]),
        (&json!(visitor.chat), &json!("support"))
    );
    let shown = format!("{list}{}", desk.chat());
    assert!(!shown.contains(&visitor.key), "keys are never shown");
}

#[test]
fn an_agent_sends_a_file() {
    let desk = Desk::new();
    desk.act("join", json!({"nickname": "Anna"}));
    let path = format!(
        "/desk/api/chats/{}/files?as=Anna&name=price%20list.png&description=Prices",
        desk.visitor.chat
    );
    let bytes = [0x89, b'P', b'N', b'G', 0, 255];
    let reply = desk
        .emulator
        .request("POST", &path, &[("Content-Type", "image/png")], &bytes)
        .unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    let file = reply.json()["file"].as_str().unwrap().to_owned();
    assert_eq!(
        desk.last()["userData"],
        json!({"file-id": file, "file-name": "price list.png", "file-size": "6", "file-description": "Prices"})
    );
    let download = desk
        .visitor
        .raw(&format!("file/{file}/download"), &[])
        .unwrap();
    assert_eq!(download.body, bytes);
    assert_eq!(download.header("content-type"), Some("image/png"));
    assert!(
        download
            .header("content-disposition")
            .unwrap()
            .starts_with("attachment")
    );
}

#[test]
fn a_file_that_cannot_be_kept_is_not_announced() {
    let send = |desk: &Desk| {
        let path = format!("/desk/api/chats/{}/files?name=a.txt", desk.visitor.chat);
        let reply = desk.emulator.request("POST", &path, &[], b"contents");
        reply.unwrap()
    };
    let begin = |folder: &Folder| {
        let data = folder.path().display().to_string();
        let emulator = Emulator::with(&["--data", &data, "--no-agent", "--seed", "7"]);
        let visitor = emulator.visitor("Maria");
        let desk = Desk { emulator, visitor };
        desk.act("join", json!({"nickname": "Anna"}));
        desk
    };
    // The same seed draws the same id again: a folder of that name stands in the way then.
    let id = send(&begin(&Folder::new())).json()["file"]
        .as_str()
        .unwrap()
        .to_owned();
    let folder = Folder::new();
    let desk = begin(&folder);
    let uploads = folder.path().join("uploads");
    std::fs::create_dir(uploads.join(&id)).unwrap();
    let before = desk.chat();
    let reply = send(&desk);
    assert_eq!(reply.status, 500, "{}", reply.text());
    let error = reply.json()["error"].as_str().unwrap().to_owned();
    assert!(error.starts_with("the file cannot be kept: "), "{error}");
    assert_eq!(desk.chat(), before);
    // Nor is one that could not even be received, for which nobody but the disk is to blame.
    std::fs::remove_dir_all(&uploads).unwrap();
    assert_eq!(send(&desk).status, 500);
    assert_eq!(desk.chat(), before);
    std::fs::create_dir(&uploads).unwrap();
    assert_eq!(send(&desk).status, 200);
}

#[test]
fn a_visitor_can_be_dropped() {
    let desk = Desk::new();
    desk.act("drop", json!({}));
    assert_eq!(desk.chat()["end"]["reason"], "dropped");
    assert_eq!(desk.visitor.call("refresh", &[])["chatEnded"], true);
}

#[test]
fn hidden_events_move_the_index_on() {
    let desk = Desk::new();
    assert_eq!(desk.act("hidden", nothing())["index"], 2);
    assert_eq!(desk.visitor.call("refresh", &[])["nextPosition"], 3);
    assert_eq!(desk.visitor.types(), ["ParticipantJoined"]);
}

#[test]
fn impossible_operations_are_refused_with_a_reason() {
    let desk = Desk::new();
    assert_eq!(desk.refuse("say", json!({"text": "x"})).0, 404);
    assert_eq!(
        desk.refuse("say", json!({"as": "Nobody", "text": "x"})).1,
        "no such participant"
    );
    assert_eq!(desk.refuse("return", json!({})).0, 409);
    desk.act("join", json!({"nickname": "Anna"}));
    for (body, expected) in [
        (json!({}), "missing field `text`"),
        (json!({"text": 1}), "expected a string"),
        (
            json!({"text": "x", "nickname": "Anna"}),
            "unknown field `nickname`",
        ),
    ] {
        let (status, error) = desk.refuse("say", body);
        assert_eq!(status, 400);
        assert!(error.contains(expected), "{error}");
    }
    desk.act("leave", json!({}));
    assert_eq!(
        desk.refuse("say", json!({"as": "Anna", "text": "x"})).0,
        409
    );
    desk.act("end", json!({}));
    assert_eq!(
        desk.refuse("join", json!({"nickname": "Anna"})),
        (409, "the chat has ended".into())
    );
    let unknown = desk
        .emulator
        .raw_desk("POST", "/chats/nowhere/end", &json!({}));
    assert_eq!(
        (unknown.status, unknown.json()),
        (404, json!({"error": "no such chat"}))
    );
}

#[test]
fn settings_can_be_changed() {
    let desk = Desk::new();
    let before = desk.emulator.desk("GET", "/settings", &nothing());
    let after = desk.emulator.desk(
        "PUT",
        "/settings",
        &json!({"typing_preview": "off", "pace": 20}),
    );
    assert_eq!(
        (&after["typing_preview"], &after["pace"]),
        (&json!("off"), &json!(20.0))
    );
    assert_eq!(after["drop_after_secs"], before["drop_after_secs"]);
    desk.visitor.call("refresh", &[("message", "secret")]);
    assert_eq!(desk.chat()["visitor"]["preview"], json!(null));
    for wrong in [
        json!({"pace": 0}),
        json!({"pace": 1e-300}),
        json!({"pace": 1e300, "typing_preview": "on"}),
        json!({"typing_preview": "maybe"}),
        json!({"speed": 1}),
        json!([20]),
        json!([]),
    ] {
        assert_eq!(
            desk.emulator.raw_desk("PUT", "/settings", &wrong).status,
            400
        );
    }
    let unchanged = desk.emulator.desk("GET", "/settings", &nothing());
    assert_eq!(unchanged, after);
    let pace = desk
        .emulator
        .raw_desk("PUT", "/settings", &json!({"pace": 1e-300}));
    assert_eq!(
        pace.json()["error"],
        "`pace`: expected a number from 0.001 to 1000"
    );
    // A shorter time-out counts for chats that go on, too.
    desk.emulator
        .desk("PUT", "/settings", &json!({"drop_after_secs": 1}));
    crate::emulator::wait_for("the visitor to be dropped", || {
        (desk.chat()["end"]["reason"] == "dropped").then_some(())
    });
}
