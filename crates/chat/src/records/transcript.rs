//! What has been said in a chat whose server shows its transcript only once.

use super::stored::Stored;
use crate::dialect::json::Value;
use crate::dialect::{Event, EventKind};

/// How many bytes are kept: a tenth of what browsers let a site store, and that is for the messages on their way,
/// too.
const MOST: usize = 500_000;

/// The events that are to be seen again after a reload, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct StoredTranscript {
    events: Vec<Event>,
    is_unsaved: bool,
}

impl StoredTranscript {
    /// Keeps an event if it leaves a line on the timeline where neither files nor names change.
    pub(crate) fn keep(&mut self, event: &Event) {
        if !matches!(
            event.kind,
            EventKind::Message { .. }
                | EventKind::Joined
                | EventKind::Left(_)
                | EventKind::PushUrl(_)
        ) {
            return;
        }
        let earlier = |kept: &Event| kept.index < event.index;
        let before = self.events.iter().rposition(earlier);
        self.events
            .insert(before.map_or(0, |at| at + 1), event.clone());
        self.is_unsaved = true;
    }

    /// Lets go of the oldest words if it is too much. Who is there has joined at some time: that goes last.
    pub(crate) fn shorten(&mut self) {
        let all = self.events.iter().map(weight).sum::<usize>();
        let mut surplus = all.saturating_sub(MOST);
        for everything in [false, true] {
            self.events.retain(|event| {
                let comes_or_goes = matches!(event.kind, EventKind::Joined | EventKind::Left(_));
                let stays = surplus == 0 || comes_or_goes && !everything;
                if !stays {
                    surplus = surplus.saturating_sub(weight(event));
                }
                stays
            });
        }
    }

    /// Tells whether they changed since the last call.
    pub(crate) fn take_unsaved(&mut self) -> bool {
        core::mem::take(&mut self.is_unsaved)
    }

    pub(crate) fn into_events(self) -> Vec<Event> {
        self.events
    }
}

/// Returns about how many bytes it takes to store an event.
fn weight(event: &Event) -> usize {
    const FRAME: usize = 100;
    let said = match &event.kind {
        EventKind::Message { text, .. } | EventKind::PushUrl(text) => text.len(),
        _ => 0,
    };
    FRAME + event.from.id.0.len() + event.from.nickname.len() + said
}

impl Stored for StoredTranscript {
    fn write(&self) -> Value {
        let events = self.events.iter().map(Stored::write);
        events.collect::<Vec<Value>>().into()
    }

    fn read(json: &Value) -> Option<Self> {
        let events = json.as_array()?.iter().filter_map(Event::read);
        Some(Self {
            events: events.collect(),
            is_unsaved: false,
        })
    }
}
