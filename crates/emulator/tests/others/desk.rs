//! What the desk's scripts make of a form, run by Node.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::emulator::{Emulator, Folder};
use crate::{Tests, answers};

/// Adds the tests of the desk's scripts.
pub(crate) fn add(tests: &mut Tests) {
    let missing = (!answers("node", &["--version"])).then_some("node is not installed");
    let name = "desk::rich_content_has_the_shape_that_the_vendors_client_reads".to_owned();
    tests.add(name, missing, rich_content);
}

fn rich_content() {
    let said = run("import { rich } from './questions.js';
         import { TEMPLATES } from './rich.js';
         const answer = { text: 'Did that help?', items: 'Yes\\nNo' };
         console.log(JSON.stringify(rich(TEMPLATES[0]).body(answer)));");
    let emulator = Emulator::start();
    let visitor = emulator.visitor("Maria");
    let chat = format!("/chats/{}", visitor.chat);
    emulator.desk("POST", &format!("{chat}/join"), &json!({"nickname": "Mia"}));
    emulator.desk("POST", &format!("{chat}/say"), &said);

    let reply = visitor.call("refresh", &[("transcriptPosition", "3")]);
    let event = &reply["messages"][0];
    assert_eq!(event["text"], "Did that help?");
    let content = &event["eventAttributes"]["structured-content"]["genesys-chat"]["content"];
    let content: Value = serde_json::from_str(content.as_str().unwrap()).unwrap();
    let item =
        |id, text| json!({"id": id, "type": "quick-reply", "action": "message", "text": text});
    let expected = json!({
        "text": "Did that help?",
        "contentType": "quick-replies",
        "content": [item("1", "Yes"), item("2", "No")],
    });
    assert_eq!(content, expected);
}

/// Runs a script beside the desk's and reads the JSON that it prints.
fn run(script: &str) -> Value {
    let folder = Folder::new();
    let desk = Path::new(env!("CARGO_MANIFEST_DIR")).join("pages/desk");
    for file in fs::read_dir(desk).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    folder.file("package.json", r#"{"type": "module"}"#);
    let script = folder.file("script.js", script);
    let output = Command::new("node").arg(script).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}
