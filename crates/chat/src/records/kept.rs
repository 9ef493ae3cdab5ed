//! What has been said in a chat whose server shows its transcript only once.

use super::Stored;
use crate::dialect::json::{self, Json, Object};
use crate::dialect::{Event, EventKind};
use crate::model::{EventIndex, LeaveReason, Participant};
use crate::time::WallTime;

impl Stored for Vec<Event> {
    fn write(&self) -> Json {
        self.iter().map(Stored::write).collect::<Vec<Json>>().into()
    }

    fn read(json: &Json) -> Option<Self> {
        Some(json.as_list()?.iter().filter_map(Event::read).collect())
    }
}

impl Stored for Event {
    fn write(&self) -> Json {
        let mut event = Object::new();
        event.push("index", self.index.0);
        event.push_some("at", self.at.map(|at| at.0));
        event.push("who", self.from.write());
        let kind = match &self.kind {
            EventKind::Message { text, .. } => {
                event.push("text", text.as_str());
                "message"
            }
            EventKind::PushUrl(url) => {
                event.push("text", url.as_str());
                "link"
            }
            EventKind::Joined => "joined",
            EventKind::Left(_) => "left",
            _ => "",
        };
        event.push("kind", kind);
        event.into()
    }

    fn read(json: &Json) -> Option<Self> {
        let event = json.as_object()?;
        let text = || json::text(event, "text").unwrap_or_default();
        let kind = match json::text(event, "kind")?.as_str() {
            "message" => EventKind::Message {
                text: text(),
                rich: None,
            },
            "link" => EventKind::PushUrl(text()),
            "joined" => EventKind::Joined,
            // These servers give no reason.
            "left" => EventKind::Left(LeaveReason::Left),
            _ => return None,
        };
        Some(Self {
            index: EventIndex(json::place(event, "index")?),
            at: json::number(event, "at").and_then(WallTime::from_outside),
            from: event.get("who").and_then(Participant::read)?,
            kind,
        })
    }
}
