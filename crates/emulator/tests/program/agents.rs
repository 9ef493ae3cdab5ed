//! Agents in the program: the automatic one, and the demo scenario from beginning to end.

use std::path::Path;

use serde_json::Value;

use crate::emulator::{Emulator, Folder, Visitor, wait_for};

fn demo() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios/demo.toml")
        .display()
        .to_string()
}

fn wait_for_event(visitor: &Visitor, what: &str, find: impl Fn(&Value) -> bool) -> Value {
    wait_for(what, || visitor.events().into_iter().find(&find))
}

fn wait_for_answers(visitor: &Visitor, count: usize) {
    wait_for(&format!("{count} answers"), || {
        let events = visitor.events();
        let answers = events
            .iter()
            .filter(|e| e["type"] == "Message" && e["from"]["type"] == "Agent");
        (answers.count() >= count).then_some(())
    });
}

#[test]
fn the_automatic_agent_is_the_default() {
    let emulator = Emulator::with(&["--data", ":memory:", "--pace", "20"]);
    let visitor = emulator.visitor("Maria");
    visitor.say("hello");
    let echo = |e: &Value| e["from"]["type"] == "Agent" && e["text"] == "hello";
    wait_for_event(&visitor, "the echo", echo);
    wait_for_event(&visitor, "a post", |e| {
        e["from"]["nickname"] == "system" && e["type"] == "Message"
    });
}

#[test]
fn a_scenario_goes_on_after_a_restart() {
    let folder = Folder::new();
    let data = folder.path().display().to_string();
    let scenario = folder.file(
        "s.toml",
        "[people.mia]\n[[step]]\ndo = \"join\"\nas = \"mia\"\n\
         [[step]]\nwhen = \"visitor says\"\ndo = \"say\"\ntext = \"first\"\n\
         [[step]]\nwhen = \"visitor says\"\ndo = \"say\"\ntext = \"second\"\n",
    );
    let flags = ["--data", &data, "--scenario", &scenario];
    let emulator = Emulator::with(&flags);
    let visitor = emulator.visitor("Maria");
    // Before that the story is not waiting for what the visitor says.
    wait_for_event(&visitor, "the agent", |e| e["from"]["type"] == "Agent");
    visitor.say("one");
    wait_for_answers(&visitor, 1);
    emulator.kill();
    let emulator = Emulator::with(&flags);
    let visitor = visitor.at(&emulator);
    visitor.say("two");
    wait_for_answers(&visitor, 2);
    assert_eq!(visitor.texts(), ["one", "first", "two", "second"]);
}

#[test]
fn the_demo_scenario_shows_everything_and_ends_at_bye() {
    let emulator = Emulator::with(&["--data", ":memory:", "--scenario", &demo(), "--pace", "50"]);
    let visitor = emulator.visitor("Maria");
    wait_for_answers(&visitor, 1);
    visitor.say("Where is my order 4711?");
    wait_for_event(&visitor, "the transfer", |e| {
        e["eventAttributes"]["general-properties"]["reason-for-leave"] == "TRANSFER"
    });
    let file = wait_for_event(&visitor, "a file", |e| e["type"] == "FileUploaded");
    wait_for_event(&visitor, "a page", |e| e["type"] == "PushUrl");
    let id = file["userData"]["file-id"].as_str().unwrap();
    assert_eq!(
        visitor
            .raw(&format!("file/{id}/download"), &[])
            .unwrap()
            .status,
        200
    );
    wait_for_event(&visitor, "the story's last words", |e| {
        e["text"]
            .as_str()
            .is_some_and(|text| text.contains("anything else"))
    });
    let says = |words: &str, answer: &str| {
        visitor.say(words);
        wait_for_event(&visitor, answer, |e| {
            e["text"].as_str().is_some_and(|text| text.contains(answer))
        });
    };
    says("Can I still change the address?", "Good question");
    says("I want to talk to your manager", "I am Ruth");
    visitor.upload("photo.png", b"x").unwrap();
    wait_for_event(&visitor, "thanks", |e| {
        e["text"] == "Thank you, I have your file."
    });
    visitor.call("updateNickname", &[("nickname", "Mary")]);
    wait_for_event(&visitor, "a notice", |e| e["type"] == "Notice");
    says("wait a moment", "Take your time");
    wait_for_event(&visitor, "an idle alert", |e| e["type"] == "IdleAlert");
    visitor.say("Thanks, bye!");
    wait_for("the end", || {
        (visitor.raw("refresh", &[]).unwrap().json()["chatEnded"] == true).then_some(())
    });
    let events = visitor.events();
    let hold = |e: &Value| e["eventAttributes"]["general-properties"]["reason-for-leave"] == "HOLD";
    assert!(events.iter().any(hold));
    assert!(
        events
            .iter()
            .any(|e| e["text"] == "You are welcome, Mary. Have a nice day!")
    );
}
