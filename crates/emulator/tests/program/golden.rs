//! Every sample of the vendor's, request and reply, over real HTTP. The files in `tests/golden` say what was mended in the
//! noisy text and where the emulator differs on purpose.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::emulator::{Emulator, Visitor};
use crate::http::{Reply, multipart};

const CONTENTS: &[u8] = b"contents of a file\x00\xff\r\n--boun\r\n\r\n";

struct Sample {
    adds: Vec<String>,
    path: String,
    multipart: bool,
    fields: Vec<String>,
    status: u16,
    kind: String,
    reply: String,
}

fn read(name: &str) -> Sample {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name)
        .with_extension("txt");
    let text =
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut sample = Sample {
        adds: Vec::new(),
        path: String::new(),
        multipart: false,
        fields: Vec::new(),
        status: 0,
        kind: String::new(),
        reply: String::new(),
    };
    for line in text.lines() {
        if let Some(adds) = line.strip_prefix("# Adds: ") {
            let names = adds.split(" (").next().unwrap_or_default().split(", ");
            sample.adds = names.map(str::to_owned).collect();
        } else if let Some(path) = line.strip_prefix("> POST ") {
            path.clone_into(&mut sample.path);
        } else if line == "> multipart" {
            sample.multipart = true;
        } else if let Some(field) = line.strip_prefix("> ") {
            sample.fields.push(field.to_owned());
        } else if let Some(status) = line.strip_prefix("< ") {
            let (status, kind) = status.split_once(' ').unwrap_or((status, "json"));
            sample.status = status.parse().unwrap();
            kind.clone_into(&mut sample.kind);
        } else if !line.starts_with('#') {
            sample.reply += line;
        }
    }
    sample
}

/// Sends a sample's request; `fill` puts this chat's keys into it.
fn send(emulator: &Emulator, sample: &Sample, fill: &impl Fn(&str) -> String) -> Reply {
    let fields: Vec<String> = sample.fields.iter().map(|field| fill(field)).collect();
    let (kind, body) = if sample.multipart {
        let pairs: Vec<(&str, &str)> = fields
            .iter()
            .filter_map(|field| field.split_once('='))
            .collect();
        multipart(&pairs, CONTENTS)
    } else {
        (
            "application/x-www-form-urlencoded".to_owned(),
            fields.join("&").into_bytes(),
        )
    };
    emulator
        .request(
            "POST",
            &fill(&sample.path),
            &[("Content-Type", &kind)],
            &body,
        )
        .unwrap()
}

fn check(emulator: &Emulator, name: &str, fill: impl Fn(&str) -> String) -> Reply {
    let sample = read(name);
    let reply = send(emulator, &sample, &fill);
    assert_eq!(reply.status, sample.status, "{name}: {}", reply.text());
    match sample.kind.as_str() {
        "contents" => assert_eq!(reply.body, CONTENTS, "{name}"),
        "page with referenceId" => {
            assert!(
                reply
                    .header("content-type")
                    .unwrap()
                    .starts_with("text/html"),
                "{name}"
            );
            assert!(reply.text().contains("referenceId"), "{name}");
        }
        _ => {
            let wanted: Value = serde_json::from_str(&fill(&sample.reply)).expect(name);
            compare(name, "reply", &wanted, &reply.json(), &sample.adds);
        }
    }
    reply
}

/// Compares field by field: nothing missing, nothing more than the file says.
fn compare(name: &str, place: &str, wanted: &Value, got: &Value, adds: &[String]) {
    match (wanted, got) {
        (Value::String(kind), got) if kind == "{text}" => {
            assert!(
                got.as_str().is_some_and(|text| !text.is_empty()),
                "{name}: {place} is {got}"
            );
        }
        (Value::String(kind), got) if kind == "{time}" => {
            let whole_seconds = got.as_i64().is_some_and(|ms| ms > 0 && ms % 1000 == 0);
            assert!(whole_seconds, "{name}: {place} is {got}");
        }
        (Value::Object(wanted), Value::Object(got)) => {
            for (key, wanted) in wanted {
                let place = format!("{place}.{key}");
                let got = got
                    .get(key)
                    .unwrap_or_else(|| panic!("{name}: {place} is missing"));
                compare(name, &place, wanted, got, adds);
            }
            for key in got.keys().filter(|key| !wanted.contains_key(*key)) {
                assert!(adds.contains(key), "{name}: {place}.{key} is too much");
            }
        }
        (Value::Array(wanted), Value::Array(items)) => {
            assert_eq!(wanted.len(), items.len(), "{name}: {place} is {got}");
            for (nth, (wanted, got)) in wanted.iter().zip(items).enumerate() {
                compare(name, &format!("{place}[{nth}]"), wanted, got, adds);
            }
        }
        (wanted, got) => assert_eq!(wanted, got, "{name}: {place}"),
    }
}

struct Stage {
    emulator: Emulator,
    visitor: Visitor,
}

impl Stage {
    fn new(fields: &[(&str, &str)]) -> Self {
        let emulator = Emulator::start();
        let reply = emulator
            .form("/genesys/2/chat/customer-support", fields)
            .unwrap()
            .json();
        let visitor = Visitor::of(emulator.address, &reply);
        Self { emulator, visitor }
    }

    fn first_last() -> Self {
        Self::new(&[("firstName", "First"), ("lastName", "Last")])
    }

    fn act(&self, operation: &str, body: &Value) {
        self.emulator.desk(
            "POST",
            &format!("/chats/{}/{operation}", self.visitor.chat),
            body,
        );
    }

    /// Lets the next event have this index.
    fn until(&self, index: u64) {
        let path = format!("/chats/{}", self.visitor.chat);
        while self.emulator.desk("GET", &path, &json!(null))["next_index"]
            .as_u64()
            .unwrap()
            < index
        {
            self.act("hidden", &json!({}));
        }
    }

    /// Brings in `system` as participant 2 and `AgentNick` as participant 3.
    fn with_agent(self) -> Self {
        self.act("join", &json!({"nickname": "system", "role": "external"}));
        self.act("join", &json!({"nickname": "AgentNick"}));
        self
    }

    fn check(&self, name: &str) -> Reply {
        self.check_file(name, "")
    }

    fn check_file(&self, name: &str, file: &str) -> Reply {
        let visitor = &self.visitor;
        check(&self.emulator, name, |text| {
            text.replace("{chatId}", &visitor.chat)
                .replace("{userId}", &visitor.user)
                .replace("{secureKey}", &visitor.key)
                .replace("{alias}", &visitor.alias)
                .replace("{fileId}", file)
        })
    }
}

#[test]
fn request_chat() {
    check(&Emulator::start(), "request-chat", str::to_owned);
}

#[test]
fn send_message() {
    let stage = Stage::first_last();
    stage.until(7);
    stage.visitor.say("hello");
    stage.check("send");
}

#[test]
fn typing() {
    let stage = Stage::first_last();
    stage.check("startTyping");
    stage.check("stopTyping");
}

#[test]
fn refresh() {
    let stage = Stage::first_last();
    stage.until(5);
    stage.check("refresh-no-news");

    let stage = Stage::first_last().with_agent();
    stage.until(7);
    stage.act("say", &json!({"as": "AgentNick", "text": "hello"}));
    stage.check("refresh-agent-message");

    let stage = Stage::first_last().with_agent();
    stage.until(20);
    for text in [
        "agent will be with you shortly ...",
        "agent will be with you shortly...",
    ] {
        stage.act("say", &json!({"as": "system", "text": text}));
    }
    stage.check("refresh-system");
}

#[test]
fn refresh_when_agents_leave() {
    let stage = Stage::new(&[("nickname", "Maria")]).with_agent();
    stage.act("leave", &json!({"as": "system"}));
    stage.until(9);
    stage.act("end", &json!({}));
    stage.check("refresh-ended");

    let stage = Stage::new(&[("nickname", "Maria")]).with_agent();
    stage.until(12);
    stage.act("hold", &json!({}));
    stage.check("refresh-hold");
}

#[test]
fn small_operations() {
    let stage = Stage::first_last();
    for name in [
        "pushUrl",
        "updateNickname",
        "customNotice",
        "updateData-encoded",
        "updateData-plain",
        "readReceipt",
        "disconnect",
    ] {
        stage.check(name);
    }
    let chat = stage.emulator.desk(
        "GET",
        &format!("/chats/{}", stage.visitor.chat),
        &json!(null),
    );
    assert_eq!(
        chat["user_data"],
        json!({"key1": "value1", "key2": "value2"})
    );
    assert_eq!(chat["nickname"], "newName");
}

#[test]
fn file_limits() {
    let stage = Stage::first_last();
    let settings = json!({
        "upload_max_files": 10,
        "upload_max_file_size": 100_000_000,
        "upload_max_total_size": 500_000_000,
        "upload_needs_agent": true,
    });
    stage.emulator.desk("PUT", "/settings", &settings);
    stage.check("limits");
    stage.check("limits-multipart");
}

#[test]
fn files() {
    for name in ["upload", "upload-file-first"] {
        let stage = Stage::first_last();
        stage.until(5);
        let reply = stage.check(name).json();
        let file = reply["userData"]["file-id"].as_str().unwrap();
        stage.check_file("download", file);
        stage.check_file("download-form", file);
        stage.check("download-failed");
        stage.check_file("delete", file);
        let uploaded = &stage.visitor.events()[1];
        assert_eq!(uploaded["userData"]["file-description"], "March invoice");
        assert_eq!(uploaded["userData"]["file-name"], "afile.txt");
    }
}

#[test]
fn no_sample_is_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let this = include_str!("golden.rs");
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry
            .unwrap()
            .path()
            .file_stem()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        assert!(
            this.contains(&format!("\"{name}\"")),
            "{name} is checked nowhere"
        );
    }
}
