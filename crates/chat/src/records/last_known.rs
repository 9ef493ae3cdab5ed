//! The end of the transcript of a chat that goes on, as it was last known: to be read until the server brings all of it.

use super::ended::{entry, item};
use super::stored::Stored;
use crate::dialect::json::{self, Object, Value};
use crate::model::EventIndex;
use crate::time::WallTime;
use crate::timeline::{Entry, Item};

/// About how many bytes are kept. They are written anew with each event.
const MOST: usize = 60_000;
/// About how many bytes an entry takes beside its text.
const FRAME: usize = 150;

/// The last entries that the server has recorded.
#[derive(Clone, Debug)]
pub(crate) struct LastKnownRecord {
    /// The chat whose entries they are.
    pub(crate) chat: String,
    /// The entries in their order.
    pub(crate) entries: Vec<(EventIndex, WallTime, Item)>,
}

impl LastKnownRecord {
    /// Makes a record of as many entries as there is room for, of those that are given from the last on.
    pub(crate) fn of<'a>(
        chat: &str,
        latest_first: impl Iterator<Item = (EventIndex, &'a Entry)>,
    ) -> Self {
        let mut room = MOST;
        let mut entries = Vec::new();
        for (index, entry) in latest_first {
            let Some(rest) = room.checked_sub(FRAME + text_len(&entry.item)) else {
                break;
            };
            room = rest;
            entries.push((index, entry.at, entry.item.clone()));
        }
        entries.reverse();
        Self {
            chat: chat.into(),
            entries,
        }
    }
}

fn text_len(item: &Item) -> usize {
    match item {
        Item::Message { text, rich, .. } => text.len() + rich.as_ref().map_or(0, String::len),
        Item::Link { url: text, .. } | Item::Notice { text, .. } => text.len(),
        _ => 0,
    }
}

impl Stored for LastKnownRecord {
    fn write(&self) -> Value {
        let mut record = Object::new();
        json::put(&mut record, "chat", self.chat.as_str());
        let one = |(index, at, item): &(EventIndex, WallTime, Item)| -> Value {
            let mut entry = entry(*at, item);
            json::put(&mut entry, "index", index.0);
            entry.into()
        };
        let entries: Vec<Value> = self.entries.iter().map(one).collect();
        json::put(&mut record, "entries", entries);
        record.into()
    }

    fn read(json: &Value) -> Option<Self> {
        let record = json.as_object()?;
        let one = |entry: &Object| {
            let index = json::place(entry, "index").map(EventIndex)?;
            Some((index, super::parts::time(entry), item(entry)?))
        };
        let entries = json::list(record, "entries").iter();
        Some(Self {
            chat: json::text(record, "chat")?,
            entries: entries
                .filter_map(Value::as_object)
                .filter_map(one)
                .collect(),
        })
    }
}
