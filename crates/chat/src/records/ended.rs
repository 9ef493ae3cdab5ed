//! The transcript of a chat that is over.
//!
//! By then a message was sent or failed, and a file expired, failed or was deleted: there is no other
//! state to keep.

use super::parts::{self, name, named};
use super::stored::Stored;
use crate::dialect::json::{self, Object, Value};
use crate::model::{Author, EndReason, FileId, Participant, Refusal};
use crate::time::WallTime;
use crate::timeline::{FileEntry, FileState, Item, MessageState};

/// A chat that is over, for the tab that shows it.
#[derive(Clone, Debug)]
pub(crate) struct EndedRecord {
    pub(crate) reason: EndReason,
    pub(crate) entries: Vec<(WallTime, Item)>,
    pub(crate) draft: String,
    pub(crate) unread: u32,
    /// The name that the tabs have for the chat.
    pub(crate) chat: Option<u64>,
    /// What the visitor asked in the form.
    pub(crate) question: Option<String>,
}

const ENDS: [(EndReason, &str); 6] = [
    (EndReason::ByVisitor, "ByVisitor"),
    (EndReason::ByServer, "ByServer"),
    (EndReason::Gone, "Gone"),
    (EndReason::Dropped, "Dropped"),
    (EndReason::Elsewhere, "Elsewhere"),
    (EndReason::Untold, "Untold"),
];

impl Stored for EndedRecord {
    fn write(&self) -> Value {
        let mut record = Object::new();
        put_end(&mut record, self.reason);
        let entries: Vec<Value> = self
            .entries
            .iter()
            .map(|(at, item)| entry(*at, item).into())
            .collect();
        json::put(&mut record, "entries", entries);
        json::put(&mut record, "draft", self.draft.as_str());
        json::put(&mut record, "unread", self.unread);
        json::put_some(&mut record, "chat", self.chat);
        json::put_some(&mut record, "question", self.question.as_deref());
        record.into()
    }

    fn read(json: &Value) -> Option<Self> {
        let record = json.as_object()?;
        let entries = json::list(record, "entries")
            .iter()
            .filter_map(Value::as_object);
        Some(Self {
            reason: end(record)?,
            entries: entries
                .filter_map(|entry| Some((parts::time(entry), item(entry)?)))
                .collect(),
            draft: json::text(record, "draft").unwrap_or_default(),
            unread: json::count(record, "unread")
                .and_then(|unread| unread.try_into().ok())
                .unwrap_or_default(),
            chat: json::count(record, "chat"),
            question: json::text(record, "question"),
        })
    }
}

/// Writes why a chat is over.
pub(crate) fn put_end(object: &mut Object, reason: EndReason) {
    json::put(object, "reason", name(&ENDS, &reason));
}

/// Reads why a chat is over.
pub(crate) fn end(object: &Object) -> Option<EndReason> {
    named(&ENDS, object, "reason")
}

/// Writes an entry.
pub(super) fn entry(at: WallTime, item: &Item) -> Object {
    let mut entry = Object::new();
    json::put(&mut entry, "at", at.0);
    let kind = match item {
        Item::Message {
            from,
            text,
            state,
            rich,
        } => {
            by(&mut entry, from);
            json::put(&mut entry, "text", text.as_str());
            if let MessageState::Failed(refusal) = state {
                json::put(&mut entry, "failed", refusal.write());
            }
            json::put_some(&mut entry, "rich", rich.as_deref());
            "message"
        }
        Item::Link { from, url } => {
            by(&mut entry, from);
            json::put(&mut entry, "text", url.as_str());
            "link"
        }
        Item::File { from, file } => {
            by(&mut entry, from);
            json::put(&mut entry, "text", file.name.as_str());
            json::put_some(&mut entry, "bytes", file.bytes);
            json::put_some(&mut entry, "about", file.description.as_deref());
            match &file.state {
                FileState::UploadFailed { refusal, .. } => {
                    json::put(&mut entry, "failed", refusal.write())
                }
                FileState::Deleted => json::put(&mut entry, "deleted", true),
                FileState::Expired => {}
                // The chat goes on, and the way to the file is open.
                _ => json::put_some(&mut entry, "file", file.id.as_ref().map(|id| id.0.as_str())),
            }
            "file"
        }
        Item::Joined(who) => {
            json::put(&mut entry, "who", who.write());
            "joined"
        }
        Item::Returned(who) => {
            json::put(&mut entry, "who", who.write());
            "returned"
        }
        Item::Left(who, reason) => {
            json::put(&mut entry, "who", who.write());
            parts::put_leaving(&mut entry, reason);
            "left"
        }
        Item::Renamed { who, before, name } => {
            by(&mut entry, who);
            json::put(&mut entry, "before", before.as_str());
            json::put(&mut entry, "text", name.as_str());
            "renamed"
        }
        Item::Notice { from, text } => {
            by(&mut entry, from);
            json::put(&mut entry, "text", text.as_str());
            "notice"
        }
        Item::Ended(reason) => {
            put_end(&mut entry, *reason);
            "ended"
        }
    };
    json::put(&mut entry, "kind", kind);
    entry
}

fn by(entry: &mut Object, author: &Author) {
    if let Author::Other(who) = author {
        json::put(entry, "who", who.write());
    }
}

/// Reads an entry's item.
pub(super) fn item(entry: &Object) -> Option<Item> {
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
            let id = json::text(entry, "file").map(FileId);
            let state = match failed {
                Some(refusal) => FileState::UploadFailed {
                    refusal,
                    retry: false,
                },
                None if json::truth(entry, "deleted") == Some(true) => FileState::Deleted,
                None if id.is_some() => FileState::Available { deletable: false },
                None => FileState::Expired,
            };
            let bytes = json::count(entry, "bytes");
            let description = json::text(entry, "about");
            let file = FileEntry {
                name: text,
                bytes,
                description,
                state,
                id,
            };
            Item::File { from, file }
        }
        "joined" => Item::Joined(who?),
        "returned" => Item::Returned(who?),
        "left" => Item::Left(who?, parts::leaving(entry)),
        "renamed" => Item::Renamed {
            who: from,
            before: json::text(entry, "before").unwrap_or_default(),
            name: text,
        },
        "notice" => Item::Notice { from, text },
        "ended" => Item::Ended(end(entry).unwrap_or(EndReason::Gone)),
        _ => return None,
    })
}
