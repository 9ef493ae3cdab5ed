//! What survives a reload: versioned, tolerant of older forms, bound to one scope.

mod ended;
mod event;
mod last_known;
mod parts;
mod stored;
mod transcript;

pub(crate) use ended::{EndedRecord, end, put_end};
pub(crate) use last_known::LastKnownRecord;
pub(crate) use stored::Stored;
pub(crate) use transcript::StoredTranscript;

use crate::dialect::json::{self, Object, Value};
use crate::dialect::{JOINS, Keys, TIMELESS};
use crate::io::{FormAnswers, Keep, Record, RecordName};
use crate::model::{EventIndex, Refusal};
use crate::time::WallTime;

/// The form written today. Newer ones are left alone.
const VERSION: u64 = 1;

pub(crate) const SESSION: &str = "session";
pub(crate) const DRAFT: &str = "draft";
pub(crate) const ENDED: &str = "ended";
/// A chat was asked for; no answers are kept here.
pub(crate) const STARTING: &str = "starting";
pub(crate) const OUTBOX: &str = "outbox/";
pub(crate) const TRANSCRIPT: &str = "transcript";

impl RecordName {
    /// Tells whether the record holds the keys of a chat: there is a chat as long as it is stored.
    #[must_use]
    pub fn has_keys(&self) -> bool {
        self.0 == SESSION
    }
}

/// The chat that is going on.
#[derive(Clone, Debug, Default)]
pub(crate) struct SessionRecord {
    pub(crate) keys: Keys,
    /// How far the transcript was read: what stands before is no news after a reload.
    pub(crate) read: u64,
    /// The last event the visitor has seen.
    pub(crate) seen: u64,
    /// Texts that were sent again and may turn up late.
    pub(crate) ghosts: Vec<String>,
    /// The records of messages that need not be sent any more: the latest of them.
    pub(crate) settled: Vec<String>,
    /// Whether tabs have sent messages that the one which led knew nothing of.
    pub(crate) has_senders: bool,
    /// What the visitor asked in the form.
    pub(crate) question: Option<String>,
    /// When events without a time of their own were first seen.
    pub(crate) first_seen: Vec<(EventIndex, WallTime)>,
    /// The form's answers, until the chat is joined.
    pub(crate) joining: Option<FormAnswers>,
}

/// A message on its way, or a file (whose contents do not survive).
#[derive(Clone, Debug, Default)]
pub(crate) struct OutboxRecord {
    /// The tab it was typed in.
    pub(crate) owner: String,
    /// Its place in the visitor's order.
    pub(crate) order: u64,
    pub(crate) text: String,
    pub(crate) at: WallTime,
    /// The position before its send.
    pub(crate) from: u64,
    pub(crate) stage: StoredSendState,
    /// Why it failed.
    pub(crate) refusal: Option<Refusal>,
    /// The last event known when it failed, if it did: its row stays behind that.
    pub(crate) failed_after: Option<EventIndex>,
    /// Set for a file.
    pub(crate) file: Option<FileRecord>,
}

/// The states of a message on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum StoredSendState {
    #[default]
    Queued,
    Left,
    Taken,
    Failed,
}

/// A file that was to be uploaded.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileRecord {
    pub(crate) name: String,
    pub(crate) bytes: u64,
}

/// Writes a record's value.
pub(crate) fn write(scope: &str, data: &impl Stored) -> String {
    let mut envelope = Object::new();
    json::put(&mut envelope, "v", VERSION);
    json::put(&mut envelope, "scope", scope);
    json::put(&mut envelope, "data", data.write());
    json::write(&envelope)
}

/// Reads a record's value; `None` if it is of another scope, of a newer form, or broken.
pub(crate) fn read<T: Stored>(scope: &str, value: &str) -> Option<T> {
    let envelope = json::parse_object(value)?;
    let mine = json::text(&envelope, "scope").is_some_and(|own| own == scope);
    let known = json::count(&envelope, "v").unwrap_or(0) <= VERSION;
    (mine && known).then(|| T::read(envelope.get("data")?))?
}

/// Tells whether a record is somebody else's: of a newer form, or of another scope. Such are neither
/// read nor erased.
pub(crate) fn is_foreign(scope: &str, value: &str) -> bool {
    json::parse_object(value).is_some_and(|envelope| {
        let newer = json::count(&envelope, "v").unwrap_or(0) > VERSION;
        newer || json::text(&envelope, "scope").is_some_and(|own| own != scope)
    })
}

/// Returns the storage area of a record.
pub(crate) fn keep(name: &str) -> Keep {
    if matches!(name, ENDED | STARTING) {
        Keep::ForTab
    } else {
        Keep::ForVisitor
    }
}

/// Makes a record.
pub(crate) fn record(name: &str, value: Option<String>) -> Record {
    Record {
        name: RecordName(name.into()),
        keep: keep(name),
        value,
    }
}

impl Stored for SessionRecord {
    fn write(&self) -> Value {
        let mut keys = Object::new();
        json::put(&mut keys, "chat", self.keys.chat.as_str());
        json::put(&mut keys, "user", self.keys.user.as_str());
        json::put(&mut keys, "secure", self.keys.secure.as_str());
        json::put(&mut keys, "alias", self.keys.alias.as_str());
        if JOINS && !self.keys.links.is_empty() {
            json::put(&mut keys, "links", parts::pairs(&self.keys.links));
        }
        let mut record = Object::new();
        json::put(&mut record, "keys", keys);
        json::put(&mut record, "read", self.read);
        json::put(&mut record, "seen", self.seen);
        let ghosts: Vec<Value> = self
            .ghosts
            .iter()
            .map(|text| text.as_str().into())
            .collect();
        json::put(&mut record, "ghosts", ghosts);
        let settled = self.settled.iter().map(|name| name.as_str().into());
        json::put(&mut record, "settled", settled.collect::<Vec<Value>>());
        json::put(&mut record, "senders", self.has_senders);
        json::put_some(&mut record, "question", self.question.as_deref());
        if TIMELESS && !self.first_seen.is_empty() {
            json::put(&mut record, "firstSeen", parts::seen(&self.first_seen));
        }
        if let (true, Some(answers)) = (JOINS, &self.joining) {
            json::put(&mut record, "joining", answers.write());
        }
        record.into()
    }

    fn read(json: &Value) -> Option<Self> {
        let record = json.as_object()?;
        let keys = json::object(record, "keys")?;
        let key = |name| json::text(&keys, name).unwrap_or_default();
        let ghosts = json::list(record, "ghosts").iter();
        Some(Self {
            keys: Keys {
                chat: key("chat"),
                user: key("user"),
                secure: key("secure"),
                alias: key("alias"),
                links: if JOINS {
                    parts::read_pairs(&keys, "links")
                } else {
                    Vec::new()
                },
            },
            read: json::count(record, "read").unwrap_or_default(),
            seen: json::count(record, "seen").unwrap_or_default(),
            ghosts: ghosts.filter_map(String::read).collect(),
            settled: json::list(record, "settled")
                .iter()
                .filter_map(String::read)
                .collect(),
            has_senders: json::truth(record, "senders") == Some(true),
            question: json::text(record, "question"),
            first_seen: if TIMELESS {
                parts::read_seen(record, "firstSeen")
            } else {
                Vec::new()
            },
            joining: record
                .get("joining")
                .filter(|_| JOINS)
                .and_then(FormAnswers::read),
        })
    }
}

const SEND_STATES: [(StoredSendState, &str); 4] = [
    (StoredSendState::Queued, "Queued"),
    (StoredSendState::Left, "Left"),
    (StoredSendState::Taken, "Taken"),
    (StoredSendState::Failed, "Failed"),
];

impl Stored for OutboxRecord {
    fn write(&self) -> Value {
        let mut record = Object::new();
        json::put(&mut record, "owner", self.owner.as_str());
        json::put(&mut record, "order", self.order);
        json::put(&mut record, "text", self.text.as_str());
        json::put(&mut record, "at", self.at.0);
        json::put(&mut record, "from", self.from);
        json::put(&mut record, "stage", parts::name(&SEND_STATES, &self.stage));
        json::put_some(
            &mut record,
            "refusal",
            self.refusal.as_ref().map(Stored::write),
        );
        let failed_after = self.failed_after.map(|last| last.0);
        json::put_some(&mut record, "failedAfter", failed_after);
        json::put_some(&mut record, "file", self.file.as_ref().map(Stored::write));
        record.into()
    }

    fn read(json: &Value) -> Option<Self> {
        let record = json.as_object()?;
        Some(Self {
            owner: json::text(record, "owner").unwrap_or_default(),
            order: json::count(record, "order").unwrap_or_default(),
            text: json::text(record, "text").unwrap_or_default(),
            at: parts::time(record),
            from: json::count(record, "from").unwrap_or_default(),
            stage: parts::named(&SEND_STATES, record, "stage").unwrap_or_default(),
            refusal: record.get("refusal").and_then(Refusal::read),
            failed_after: json::place(record, "failedAfter").map(EventIndex),
            file: record.get("file").and_then(FileRecord::read),
        })
    }
}

impl Stored for FileRecord {
    fn write(&self) -> Value {
        let mut record = Object::new();
        json::put(&mut record, "name", self.name.as_str());
        json::put(&mut record, "bytes", self.bytes);
        record.into()
    }

    fn read(json: &Value) -> Option<Self> {
        let record = json.as_object()?;
        Some(Self {
            name: json::text(record, "name").unwrap_or_default(),
            bytes: json::count(record, "bytes").unwrap_or_default(),
        })
    }
}
