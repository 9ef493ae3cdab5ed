//! The vendor's samples as files in `tests/golden`: a request, the reply to it, what was mended in the noisy text, and where
//! the emulator differs on purpose.
//!
//! `> METHOD path` begins the request; the lines `> …` after it are form fields, one each, or after `> json` a body, and
//! `> multipart` sends the fields so. `> gms_user: …` is a header. `< status` begins the reply.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::emulator::Emulator;
use crate::http::{Reply, multipart};

const CONTENTS: &[u8] = b"contents of a file\x00\xff\r\n--boun\r\n\r\n";

#[derive(Default)]
struct Sample {
    adds: Vec<String>,
    method: String,
    path: String,
    kind_sent: Kind,
    user: Option<String>,
    lines: Vec<String>,
    status: u16,
    kind: String,
    reply: String,
}

#[derive(Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Urlencoded,
    Multipart,
    Json,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn read(name: &str) -> Sample {
    let file = folder().join(name).with_extension("txt");
    let text =
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut sample = Sample::default();
    for line in text.lines() {
        if let Some(adds) = line.strip_prefix("# Adds: ") {
            let names = adds.split(" (").next().unwrap_or_default().split(", ");
            sample.adds = names.map(str::to_owned).collect();
        } else if line == "> multipart" {
            sample.kind_sent = Kind::Multipart;
        } else if line == "> json" {
            sample.kind_sent = Kind::Json;
        } else if let Some(user) = line.strip_prefix("> gms_user: ") {
            sample.user = Some(user.to_owned());
        } else if let Some(line) = line.strip_prefix("> ") {
            match line.split_once(' ') {
                Some((method, path)) if sample.path.is_empty() => {
                    method.clone_into(&mut sample.method);
                    path.clone_into(&mut sample.path);
                }
                _ => sample.lines.push(line.to_owned()),
            }
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
    let lines: Vec<String> = sample.lines.iter().map(|line| fill(line)).collect();
    let (kind, body) = match sample.kind_sent {
        Kind::Multipart => {
            let pairs: Vec<(&str, &str)> = lines
                .iter()
                .filter_map(|field| field.split_once('='))
                .collect();
            multipart(&pairs, CONTENTS)
        }
        Kind::Urlencoded => (
            "application/x-www-form-urlencoded".to_owned(),
            lines.join("&").into_bytes(),
        ),
        Kind::Json => (
            "application/json;charset=UTF-8".to_owned(),
            lines.join("\n").into_bytes(),
        ),
    };
    let path = fill(&sample.path);
    let mut headers = vec![("Content-Type", kind.as_str())];
    headers.extend(sample.user.iter().map(|user| ("gms_user", user.as_str())));
    emulator
        .request(&sample.method, &path, &headers, &body)
        .unwrap()
}

/// Sends a sample's request and compares the reply; `fill` puts this chat's keys into both.
pub(crate) fn check(emulator: &Emulator, name: &str, fill: impl Fn(&str) -> String) -> Reply {
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

/// Checks that the test whose source is `source` names every sample of a folder.
pub(crate) fn none_left_out(of: &str, source: &str) {
    for entry in fs::read_dir(folder().join(of)).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            source.contains(&format!("\"{name}\"")) || source.contains(&format!("\"{of}{name}\"")),
            "{of}{name} is checked nowhere"
        );
    }
}
