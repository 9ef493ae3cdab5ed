//! The transcript of a chat that is over.
//!
//! By then a message was sent or failed, and a file expired, failed or was deleted: there is no other
//! state to keep.

use super::Stored;
use super::parts::{self, name, named};
use crate::dialect::json::{self, Json, Object};
use crate::model::{Author, EndReason, LeaveReason, Participant, Refusal};
use crate::time::WallTime;
use crate::timeline::{FileEntry, FileState, Item, MessageState};

/// A chat that is over, for the tab that shows it.
#[derive(Clone, Debug)]
pub(crate) struct EndedRecord {
    pub(crate) reason: EndReason,
    pub(crate) entries: Vec<(WallTime, Item)>,
    pub(crate) draft: String,
}

const ENDS: [(EndReason, &str); 3] = [
    (EndReason::ByVisitor, "ByVisitor"),
    (EndReason::ByServer, "ByServer"),
    (EndReason::Gone, "Gone"),
];

impl Stored for EndedRecord {
    fn write(&self) -> Json {
        let mut record = Object::new();
        record.push("reason", name(&ENDS, &self.reason));
        let entries: Vec<Json> = self
            .entries
            .iter()
            .map(|(at, item)| entry(*at, item))
            .collect();
        record.push("entries", entries);
        record.push("draft", self.draft.as_str());
        record.into()
    }

    fn read(json: &Json) -> Option<Self> {
        let record = json.as_object()?;
        let entries = json::list(record, "entries")
            .iter()
            .filter_map(Json::as_object);
        Some(Self {
            reason: named(&ENDS, record, "reason")?,
            entries: entries
                .filter_map(|entry| Some((parts::time(entry), item(entry)?)))
                .collect(),
            draft: json::text(record, "draft").unwrap_or_default(),
        })
    }
}

fn entry(at: WallTime, item: &Item) -> Json {
    let mut entry = Object::new();
    entry.push("at", at.0);
    let kind = match item {
        Item::Message {
            from,
            text,
            state,
            rich,
        } => {
            by(&mut entry, from);
            entry.push("text", text.as_str());
            if let MessageState::Failed(refusal) = state {
                entry.push("failed", refusal.write());
            }
            entry.push_some("rich", rich.as_deref());
            "message"
        }
        Item::Link { from, url } => {
            by(&mut entry, from);
            entry.push("text", url.as_str());
            "link"
        }
        Item::File { from, file } => {
            by(&mut entry, from);
            entry.push("text", file.name.as_str());
            entry.push_some("bytes", file.bytes);
            entry.push_some("about", file.description.as_deref());
            match &file.state {
                FileState::UploadFailed { refusal, .. } => entry.push("failed", refusal.write()),
                FileState::Deleted => entry.push("deleted", true),
                _ => {}
            }
            "file"
        }
        Item::Joined(who) => {
            entry.push("who", who.write());
            "joined"
        }
        Item::Left(who, reason) => {
            entry.push("who", who.write());
            match reason {
                LeaveReason::Left => {}
                LeaveReason::Hold => entry.push("reason", "HOLD"),
                LeaveReason::Transfer => entry.push("reason", "TRANSFER"),
                LeaveReason::Other(reason) => entry.push("reason", reason.as_str()),
            }
            "left"
        }
        Item::Renamed(from) => {
            by(&mut entry, from);
            "renamed"
        }
        Item::Notice { from, text } => {
            by(&mut entry, from);
            entry.push("text", text.as_str());
            "notice"
        }
        Item::Ended(reason) => {
            entry.push("reason", name(&ENDS, reason));
            "ended"
        }
    };
    entry.push("kind", kind);
    entry.into()
}

fn by(entry: &mut Object, author: &Author) {
    if let Author::Other(who) = author {
        entry.push("who", who.write());
    }
}

fn item(entry: &Object) -> Option<Item> {
    let kind = json::text(entry, "kind")?;
    let text = json::text(entry, "text").unwrap_or_default();
    let who = entry.get("who").and_then(Participant::read);
    let failed = entry.get("failed").and_then(Refusal::read);
    let from = who.clone().map_or(Author::Me, Author::Other);
    Some(match kind.as_str() {
        "message" => Item::Message {
            from,
            text,
            state: failed.map_or(MessageState::Sent, MessageState::Failed),
            rich: json::text(entry, "rich"),
        },
        "link" => Item::Link { from, url: text },
        "file" => {
            let state = match failed {
                Some(refusal) => FileState::UploadFailed {
                    refusal,
                    retry: false,
                },
                None if json::truth(entry, "deleted") == Some(true) => FileState::Deleted,
                None => FileState::Expired,
            };
            let bytes = json::count(entry, "bytes");
            let description = json::text(entry, "about");
            let file = FileEntry {
                name: text,
                bytes,
                description,
                state,
                id: None,
            };
            Item::File { from, file }
        }
        "joined" => Item::Joined(who?),
        "left" => Item::Left(
            who?,
            match json::text(entry, "reason") {
                None => LeaveReason::Left,
                Some(reason) if reason == "HOLD" => LeaveReason::Hold,
                Some(reason) if reason == "TRANSFER" => LeaveReason::Transfer,
                Some(reason) => LeaveReason::Other(reason),
            },
        ),
        "renamed" => Item::Renamed(from),
        "notice" => Item::Notice { from, text },
        "ended" => Item::Ended(named(&ENDS, entry, "reason").unwrap_or(EndReason::Gone)),
        _ => return None,
    })
}
