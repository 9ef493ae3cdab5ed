//! Golden files: a vendor's samples, and what the core says held against them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use parlour_chat::dialect::{Encoded, Event, EventKind};
use parlour_chat::{Body, EventIndex, Participant, ParticipantId, ParticipantKind, WallTime};

use super::decode_form;

/// The samples of one dialect.
pub struct Golden(PathBuf);

impl Golden {
    /// Opens the samples of `tests/golden/{dialect}`.
    pub fn of(dialect: &str) -> Self {
        let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
        Self(golden.join(dialect))
    }

    pub fn read(&self, file: &str) -> String {
        let path = self.0.join(file);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    pub fn reply(&self, name: &str) -> String {
        self.read(&format!("{name}.reply.json"))
    }

    /// Asserts that a call is the sample's: a line with method and path, a blank one, and the fields
    /// decoded. A `+` is before what the core adds to the sample, a `-` before what it leaves out.
    pub fn assert_asked(&self, name: &str, encoded: &Encoded) {
        let text = self.read(&format!("{name}.request"));
        let mut lines = text.lines();
        let path = encoded.path.split('?').next().unwrap();
        let call = format!("{} {path}", encoded.method);
        assert_eq!(Some(call.as_str()), lines.next(), "{name}");
        assert_eq!(lines.next(), Some(""), "{name}");
        let mut expected: Vec<(String, String)> = lines
            .filter(|line| !line.starts_with('-'))
            .map(|line| line.trim_start_matches('+').split_once('=').unwrap())
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        let mut sent = fields(encoded);
        expected.sort();
        sent.sort();
        assert_eq!(sent, expected, "{name}");
    }

    /// Asserts that there are just these files, and the README.
    pub fn assert_all_tested(&self, tested: impl IntoIterator<Item = String>) {
        let mut expected: BTreeSet<String> = tested.into_iter().collect();
        expected.insert("README.md".into());
        let found: BTreeSet<String> = std::fs::read_dir(&self.0)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(found, expected);
    }
}

/// What a sample says, put together: somebody,
pub fn who(nickname: &str, id: &str, kind: ParticipantKind) -> Participant {
    Participant {
        id: ParticipantId(id.into()),
        nickname: nickname.into(),
        kind,
    }
}

/// an event of theirs, with its time where it has one,
pub fn event(index: u64, at: impl Into<Option<i64>>, from: Participant, kind: EventKind) -> Event {
    Event {
        index: EventIndex(index),
        at: at.into().map(WallTime),
        from,
        kind,
    }
}

/// and a plain message.
pub fn message(text: &str) -> EventKind {
    EventKind::Message {
        text: text.into(),
        rich: None,
    }
}

/// A call's fields, those of its query among them, decoded; a file as `file=<NAME>`.
fn fields(encoded: &Encoded) -> Vec<(String, String)> {
    let query = encoded.path.split_once('?').map(|(_, query)| query);
    let mut fields = decode_form(query.unwrap_or_default());
    match &encoded.body {
        Body::Empty => {}
        Body::Form(form) => fields.extend(decode_form(form)),
        Body::Json(json) => {
            let object: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(json).expect("a JSON object");
            fields.extend(object.into_iter().map(|(key, value)| {
                let text = value.as_str().map(ToOwned::to_owned);
                (key, text.unwrap_or_else(|| value.to_string()))
            }));
        }
        Body::Upload {
            fields: parts,
            name,
            ..
        } => {
            fields.extend_from_slice(parts);
            fields.push(("file".into(), format!("<{name}>")));
        }
        Body::Parts(parts) => fields.extend_from_slice(parts),
    }
    fields
}
