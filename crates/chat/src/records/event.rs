//! An event of the transcript: kept where a server shows it only once, and told to the visitor's other tabs.

use core::time::Duration;

use super::parts;
use super::stored::Stored;
use crate::dialect::json::{self, Object, Value};
use crate::dialect::{Event, EventKind};
use crate::model::{EventIndex, FileId, Participant};
use crate::time::WallTime;

impl Stored for Event {
    fn write(&self) -> Value {
        let mut event = Object::new();
        json::put(&mut event, "index", self.index.0);
        json::put_some(&mut event, "at", self.at.map(|at| at.0));
        json::put(&mut event, "who", self.from.write());
        let mut text = |said: &str| json::put(&mut event, "text", said);
        let kind = match &self.kind {
            EventKind::Message { text: said, rich } => {
                text(said);
                json::put_some(&mut event, "rich", rich.as_deref());
                "message"
            }
            EventKind::PushUrl(url) => {
                text(url);
                "link"
            }
            EventKind::Notice(said) => {
                text(said);
                "notice"
            }
            EventKind::FileUploaded {
                id,
                name,
                bytes,
                description,
            } => {
                text(name);
                json::put(&mut event, "id", id.0.as_str());
                json::put_some(&mut event, "bytes", *bytes);
                json::put_some(&mut event, "about", description.as_deref());
                "file"
            }
            EventKind::FileDeleted(id) => {
                json::put_some(&mut event, "id", id.as_ref().map(|id| id.0.as_str()));
                "deleted"
            }
            EventKind::Left(reason) => {
                parts::put_leaving(&mut event, reason);
                "left"
            }
            EventKind::IdleAlert { closes_in } => {
                let wait =
                    closes_in.map(|wait| u64::try_from(wait.as_millis()).unwrap_or_default());
                json::put_some(&mut event, "wait", wait);
                "idle"
            }
            EventKind::Renamed(name) => {
                text(name);
                "renamed"
            }
            EventKind::Joined => "joined",
            EventKind::TypingStarted => "typing",
            EventKind::TypingStopped => "stopped",
            EventKind::CustomNotice | EventKind::IdleClose | EventKind::Unknown(_) => "",
        };
        json::put(&mut event, "kind", kind);
        event.into()
    }

    fn read(json: &Value) -> Option<Self> {
        let event = json.as_object()?;
        let text = || json::text(event, "text").unwrap_or_default();
        let id = json::text(event, "id").map(FileId);
        let kind = match json::text(event, "kind").unwrap_or_default().as_str() {
            "message" => EventKind::Message {
                text: text(),
                rich: json::text(event, "rich"),
            },
            "link" => EventKind::PushUrl(text()),
            "notice" => EventKind::Notice(text()),
            "file" => EventKind::FileUploaded {
                id: id.unwrap_or(FileId(String::new())),
                name: text(),
                bytes: json::count(event, "bytes"),
                description: json::text(event, "about"),
            },
            "deleted" => EventKind::FileDeleted(id),
            "left" => EventKind::Left(parts::leaving(event)),
            "idle" => EventKind::IdleAlert {
                closes_in: json::count(event, "wait").map(Duration::from_millis),
            },
            "joined" => EventKind::Joined,
            "renamed" => EventKind::Renamed(text()),
            "typing" => EventKind::TypingStarted,
            "stopped" => EventKind::TypingStopped,
            // Its place in the transcript is taken all the same.
            _ => EventKind::CustomNotice,
        };
        Some(Self {
            index: EventIndex(json::place(event, "index")?),
            at: json::number(event, "at").and_then(WallTime::from_outside),
            from: event.get("who").and_then(Participant::read)?,
            kind,
        })
    }
}
