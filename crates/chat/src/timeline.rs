//! What the visitor sees, in order.
//!
//! Entries carry ids that never change: a local echo becomes the server's event in place. What the
//! server recorded is ordered by its index. What failed stays where it failed, also while it is tried
//! again; only when the server records it after all does it move to where the server has it. What is
//! on its way comes last. Dividers and groups are attributes of the entries, not entries of their own,
//! so that an append touches two entries at most.

use crate::model::{
    Author, EndReason, EventIndex, FileId, LeaveReason, Participant, ParticipantKind, Refusal,
};
use crate::time::WallTime;

/// Entries of one author further apart than this do not belong to one group, in milliseconds.
const GROUP_GAP: i64 = 5 * 60 * 1000;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// The id of an entry, the same for as long as the chat is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u64);

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its identity.
    pub id: EntryId,
    /// When it happened, by the server's clock once it has it.
    pub at: WallTime,
    /// Whether a day begins with it, in the visitor's time zone.
    pub new_day: bool,
    /// How it stands to its neighbours.
    pub group: Group,
    /// What it is.
    pub item: Item,
    pub(crate) place: Place,
}

/// An entry's place in the order of the transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The server recorded the entry as this event.
    Recorded(EventIndex),
    /// The entry failed when this event was the last one known (0: none).
    FailedAfter(EventIndex),
    /// The entry is on its way, or says something about the chat as a whole: it comes last.
    Last,
}

impl Entry {
    /// Makes an entry without a session: for trying out views. It begins no day and stands alone.
    #[must_use]
    pub fn new(id: EntryId, at: WallTime, item: Item) -> Self {
        Self {
            id,
            at,
            new_day: false,
            group: Group::Alone,
            item,
            place: Place::Last,
        }
    }

    fn is_recorded_before(&self, index: EventIndex) -> bool {
        matches!(self.place, Place::Recorded(known) if known < index)
    }

    fn is_recorded_after(&self, index: EventIndex) -> bool {
        matches!(self.place, Place::Recorded(known) if known > index)
    }

    fn failed_before(&self, index: EventIndex) -> bool {
        matches!(self.place, Place::FailedAfter(last) if last < index)
    }
}

/// An entry's position among its neighbours of the same author within a few minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Group {
    /// Stands by itself.
    #[default]
    Alone,
    /// Begins a group: shows the name.
    First,
    /// In the middle.
    Middle,
    /// Ends a group: shows the time.
    Last,
}

/// The kinds of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// Somebody said something.
    Message {
        /// Who.
        from: Author,
        /// What.
        text: String,
        /// How far it got; always [`MessageState::Sent`] for others' messages.
        state: MessageState,
        /// A rich message as sent (JSON text), whose plain form is `text`.
        rich: Option<String>,
    },
    /// A page was offered: shown as a link, never followed by itself.
    Link {
        /// By whom.
        from: Author,
        /// The address as sent, not checked.
        url: String,
    },
    /// A file.
    File {
        /// Whose.
        from: Author,
        /// What is known of it.
        file: FileEntry,
    },
    /// Somebody came.
    Joined(Participant),
    /// Somebody who had left for a while is back.
    Returned(Participant),
    /// Somebody went, for this reason.
    Left(Participant, LeaveReason),
    /// Somebody changed their name. Each name is empty where the server did not say it.
    Renamed {
        /// Who.
        who: Author,
        /// The name before.
        before: String,
        /// The name since.
        name: String,
    },
    /// A notice of the server or of the integrator's desk.
    Notice {
        /// By whom.
        from: Author,
        /// What it says.
        text: String,
    },
    /// The chat is over.
    Ended(EndReason),
}

impl Item {
    /// Tells whether somebody said it, and not the system: a message, a link or a file.
    #[must_use]
    pub fn is_said(&self) -> bool {
        let is_system = |author: &Author| matches!(author, Author::Other(other) if other.kind == ParticipantKind::System);
        self.author().is_some_and(|author| !is_system(author))
    }

    /// Makes a message of the visitor's.
    pub(crate) fn mine(text: String, state: MessageState) -> Self {
        Self::Message {
            from: Author::Me,
            text,
            state,
            rich: None,
        }
    }
}

/// The states of the visitor's own message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// Waiting its turn, on its way, or its outcome is not known yet.
    Sending,
    /// The server has it.
    Sent,
    /// It was not taken. The text stays; it can be retried, edited or discarded.
    Failed(Refusal),
}

/// A file of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Cleaned of paths, control and bidi characters.
    pub name: String,
    /// Size in bytes, where known.
    pub bytes: Option<u64>,
    /// What the sender said about it.
    pub description: Option<String>,
    /// What is happening to it.
    pub state: FileState,
    pub(crate) id: Option<FileId>,
}

impl FileEntry {
    /// Makes a file without a session: for trying out views.
    #[must_use]
    pub fn new(name: &str, bytes: Option<u64>, state: FileState) -> Self {
        Self {
            name: name.into(),
            bytes,
            description: None,
            state,
            id: None,
        }
    }
}

/// The states of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileState {
    /// On its way to the server.
    Uploading {
        /// Bytes so far.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
    /// It did not get there.
    UploadFailed {
        /// Why.
        refusal: Refusal,
        /// Whether trying again makes sense.
        retry: bool,
    },
    /// On the server.
    Available {
        /// Whether the visitor may delete it.
        deletable: bool,
    },
    /// Being fetched.
    Downloading {
        /// Bytes so far.
        done: u64,
        /// Bytes in all, where known.
        total: Option<u64>,
    },
    /// Could not be fetched; it can be tried again.
    DownloadFailed(Refusal),
    /// Deleted.
    Deleted,
    /// The chat is over, and with it the way to the file.
    Expired,
}

/// A change of the timeline, to be applied in order.
///
/// An entry moves as a `Remove` that is followed, before any other change, by an `Insert` of the same
/// id: the inserted entry is all that there is to draw, whatever was drawn for that id before. It
/// happens when the server recorded a message or file elsewhere than where it stood: one that was
/// tried again after it had failed, or that others overtook. In all other cases an entry changes where
/// it stands, by `Update`; trying again is an `Update` from "failed" to "sending".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Put this entry at this place.
    Insert {
        /// Place counted from 0.
        at: usize,
        /// The entry.
        entry: Entry,
    },
    /// The entry at this place (same id) is now this.
    Update {
        /// Place counted from 0.
        at: usize,
        /// The entry.
        entry: Entry,
    },
    /// Take the entry at this place away.
    Remove {
        /// Place counted from 0.
        at: usize,
        /// Its id.
        id: EntryId,
    },
    /// Take everything away.
    Clear,
}

/// The entries, in the visitor's order.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    entries: Vec<Entry>,
    changes: Vec<Change>,
    is_unsaved: bool,
    /// Whether an entry that the server has recorded changed since the last save.
    is_record_unsaved: bool,
    /// Whether some of the entries are only what an earlier page knew of the transcript.
    is_last_known: bool,
    /// Entries that the server denies: it may have them under other numbers.
    doubted: Vec<EntryId>,
    next_id: u64,
    utc_offset: i64,
}

impl Timeline {
    /// Makes an empty timeline whose days begin at midnight of this offset from UTC.
    pub(crate) fn new(utc_offset_minutes: i32) -> Self {
        Self {
            utc_offset: i64::from(utc_offset_minutes) * 60_000,
            ..Self::default()
        }
    }

    /// Puts something at the end that the server does not know (yet).
    pub(crate) fn append(&mut self, item: Item, at: WallTime) -> EntryId {
        self.insert(self.entries.len(), item, at, Place::Last)
    }

    /// Puts back something that had failed when `last` was the last event known.
    pub(crate) fn put_back(&mut self, item: Item, at: WallTime, last: EventIndex) -> EntryId {
        let later = |entry: &Entry| match entry.place {
            Place::Recorded(known) | Place::FailedAfter(known) => known > last,
            Place::Last => false,
        };
        let place = self.entries.iter().position(later);
        let place = place.unwrap_or(self.entries.len());
        self.insert(place, item, at, Place::FailedAfter(last))
    }

    /// Changes the item of an entry that failed, and keeps it where it stands: events after `last`, the
    /// last one known, come below. Does nothing if it is gone.
    pub(crate) fn fail(&mut self, id: EntryId, last: EventIndex, change: impl FnOnce(&mut Item)) {
        self.change(id, |entry| {
            change(&mut entry.item);
            if entry.place == Place::Last {
                entry.place = Place::FailedAfter(last);
            }
        });
    }

    /// Puts an event of the transcript at its place: after all that came before it there, and before
    /// what the server does not know yet.
    pub(crate) fn record(&mut self, item: Item, at: WallTime, index: EventIndex) -> EntryId {
        if let Some(place) = self.doubted_as(&item) {
            let id = self.doubted.remove(place);
            self.settle(id, item, at, index);
            return id;
        }
        let known = self.last_known_as(index).and_then(|id| self.find(id));
        if let Some(id) = known.map(|entry| entry.id) {
            let same = known.is_some_and(|entry| entry.item == item && entry.at == at);
            if !same {
                self.settle(id, item, at, index);
            }
            return id;
        }
        self.insert(self.recorded_at(index), item, at, Place::Recorded(index))
    }

    /// Puts an event at its place as an earlier page knew it. What the server says of it takes its place.
    pub(crate) fn put_last_known(&mut self, item: Item, at: WallTime, index: EventIndex) {
        self.record(item, at, index);
        self.is_last_known = true;
    }

    /// Removes what an earlier page knew and the server has not said: these are the events that it has.
    pub(crate) fn forget_unconfirmed(&mut self, known: &[EventIndex]) {
        if !core::mem::take(&mut self.is_last_known) {
            return;
        }
        let unknown = |entry: &&Entry| match entry.place {
            Place::Recorded(index) => known.binary_search(&index).is_err(),
            Place::FailedAfter(_) | Place::Last => false,
        };
        let unknown = self.entries.iter().filter(unknown);
        let unknown: Vec<EntryId> = unknown.map(|entry| entry.id).collect();
        for id in unknown {
            self.remove(id);
        }
    }

    /// Finds the entry that an earlier page knew as this event.
    fn last_known_as(&self, index: EventIndex) -> Option<EntryId> {
        let mut entries = self.entries.iter().filter(|_| self.is_last_known);
        let found = entries.find(|entry| entry.place == Place::Recorded(index));
        found.map(|entry| entry.id)
    }

    /// Takes note that the server denies what it recorded as these events.
    pub(crate) fn doubt(&mut self, is_denied: impl Fn(&EventIndex) -> bool) {
        let denied = self.recorded().filter(|(index, _)| is_denied(index));
        self.doubted = denied.map(|(_, entry)| entry.id).collect();
    }

    /// Tells whether the server denies such an entry.
    pub(crate) fn doubts(&self, item: &Item) -> bool {
        self.doubted_as(item).is_some()
    }

    /// Removes what the server denies and has under no other number.
    pub(crate) fn remove_doubted(&mut self) {
        for id in core::mem::take(&mut self.doubted) {
            self.remove(id);
        }
    }

    fn doubted_as(&self, item: &Item) -> Option<usize> {
        let same = |id: &EntryId| self.find(*id).is_some_and(|entry| entry.item == *item);
        self.doubted.iter().rposition(same)
    }

    /// Lists what the server has recorded, the latest first.
    pub(crate) fn recorded(&self) -> impl Iterator<Item = (EventIndex, &Entry)> {
        self.entries
            .iter()
            .rev()
            .filter_map(|entry| match entry.place {
                Place::Recorded(index) => Some((index, entry)),
                Place::FailedAfter(_) | Place::Last => None,
            })
    }

    /// Makes a local entry the event that the server recorded: in place, unless events that it left
    /// behind were recorded earlier.
    pub(crate) fn settle(&mut self, id: EntryId, item: Item, at: WallTime, index: EventIndex) {
        let recorded = |entry: &mut Entry| {
            entry.item = item;
            entry.at = at;
            entry.place = Place::Recorded(index);
        };
        if let Some(other) = self.last_known_as(index).filter(|other| *other != id) {
            self.remove(other);
        }
        if !self.is_misplaced(id, index) {
            self.change(id, recorded);
            self.keep_below(id, index);
        } else if let Some(mut entry) = self.remove(id) {
            recorded(&mut entry);
            self.place_entry(self.recorded_at(index), entry);
        }
    }

    /// Changes an entry's item. Does nothing if it is gone.
    pub(crate) fn update(&mut self, id: EntryId, change: impl FnOnce(&mut Item)) {
        self.change(id, |entry| change(&mut entry.item));
    }

    /// Removes an entry. Does nothing if it is gone.
    pub(crate) fn remove(&mut self, id: EntryId) -> Option<Entry> {
        let at = self.position(id)?;
        let entry = self.entries.remove(at);
        self.note(Change::Remove { at, id });
        self.arrange(at);
        Some(entry)
    }

    /// Removes all entries.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.is_last_known = false;
        self.note(Change::Clear);
    }

    /// Hands out the changes since the last call.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        core::mem::take(&mut self.changes)
    }

    /// Tells whether anything changed since the last call.
    pub(crate) fn take_unsaved(&mut self) -> bool {
        core::mem::take(&mut self.is_unsaved)
    }

    /// Tells whether what the server has recorded changed since the last call.
    pub(crate) fn take_record_unsaved(&mut self) -> bool {
        core::mem::take(&mut self.is_record_unsaved)
    }

    /// Reads the entries, in the visitor's order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Finds an entry.
    #[must_use]
    pub fn find(&self, id: EntryId) -> Option<&Entry> {
        self.position(id).and_then(|at| self.entries.get(at))
    }

    /// Tells behind which event an entry stays because it failed, if it does.
    pub(crate) fn failed_after(&self, id: EntryId) -> Option<EventIndex> {
        match self.find(id)?.place {
            Place::FailedAfter(last) => Some(last),
            Place::Recorded(_) | Place::Last => None,
        }
    }

    fn note(&mut self, change: Change) {
        self.is_unsaved = true;
        self.is_record_unsaved |= match &change {
            Change::Insert { entry, .. } | Change::Update { entry, .. } => {
                matches!(entry.place, Place::Recorded(_))
            }
            Change::Remove { .. } | Change::Clear => true,
        };
        self.changes.push(change);
    }

    fn position(&self, id: EntryId) -> Option<usize> {
        self.entries.iter().rposition(|entry| entry.id == id)
    }

    /// Lists the items of the transcript before an event, the latest first.
    pub(crate) fn recorded_before(&self, index: EventIndex) -> impl Iterator<Item = &Item> {
        let entries = self.entries.iter().rev();
        let before = entries.filter(move |entry| entry.is_recorded_before(index));
        before.map(|entry| &entry.item)
    }

    /// Finds where an event of the transcript belongs: behind the one before it, and behind what failed
    /// in between, also below a message that is still on its way.
    fn recorded_at(&self, index: EventIndex) -> usize {
        let before = |entry: &Entry| entry.is_recorded_before(index) || entry.failed_before(index);
        let before = self.entries.iter().rposition(before);
        before.map_or(0, |before| before + 1)
    }

    /// Tells whether an entry stands before an earlier event or after a later one.
    fn is_misplaced(&self, id: EntryId, index: EventIndex) -> bool {
        let Some((before, rest)) = self.position(id).map(|at| self.entries.split_at(at)) else {
            return false;
        };
        before.iter().any(|entry| entry.is_recorded_after(index))
            || rest.iter().any(|entry| entry.is_recorded_before(index))
    }

    /// Keeps what failed below an entry there, now that the entry is recorded.
    fn keep_below(&mut self, id: EntryId, index: EventIndex) {
        let rows = self.entries.iter();
        let below = rows.rev().take_while(|entry| entry.id != id);
        let failed = below.filter(|entry| entry.failed_before(index));
        let failed: Vec<EntryId> = failed.map(|entry| entry.id).collect();
        for below in failed {
            self.change(below, |entry| entry.place = Place::FailedAfter(index));
        }
    }

    fn insert(&mut self, at: usize, item: Item, when: WallTime, place: Place) -> EntryId {
        let id = EntryId(self.next_id);
        self.next_id += 1;
        let entry = Entry {
            id,
            at: when,
            new_day: false,
            group: Group::Alone,
            item,
            place,
        };
        self.place_entry(at, entry);
        id
    }

    fn place_entry(&mut self, at: usize, entry: Entry) {
        self.entries.insert(at, entry);
        let (new_day, group) = self.standing(at);
        let Some(entry) = self.entries.get_mut(at) else {
            return;
        };
        entry.new_day = new_day;
        entry.group = group;
        let entry = entry.clone();
        self.note(Change::Insert { at, entry });
        self.arrange(at);
    }

    fn change(&mut self, id: EntryId, change: impl FnOnce(&mut Entry)) {
        let Some(at) = self.position(id) else { return };
        let Some(entry) = self.entries.get_mut(at) else {
            return;
        };
        change(entry);
        let (new_day, group) = self.standing(at);
        let Some(entry) = self.entries.get_mut(at) else {
            return;
        };
        entry.new_day = new_day;
        entry.group = group;
        let entry = entry.clone();
        self.note(Change::Update { at, entry });
        self.arrange(at);
    }

    /// Brings the neighbours of a changed place in order.
    fn arrange(&mut self, around: usize) {
        for at in around.saturating_sub(1)..=around + 1 {
            let standing = self.standing(at);
            let Some(entry) = self.entries.get_mut(at) else {
                continue;
            };
            if (entry.new_day, entry.group) != standing {
                (entry.new_day, entry.group) = standing;
                let entry = entry.clone();
                self.note(Change::Update { at, entry });
            }
        }
    }

    fn standing(&self, at: usize) -> (bool, Group) {
        let Some(entry) = self.entries.get(at) else {
            return (false, Group::Alone);
        };
        let before = at.checked_sub(1).and_then(|at| self.entries.get(at));
        let after = self.entries.get(at + 1);
        let new_day = before.is_none_or(|before| self.day(before) != self.day(entry));
        let joins_before = before.is_some_and(|before| self.together(before, entry));
        let joins_after = after.is_some_and(|after| self.together(entry, after));
        let group = match (joins_before, joins_after) {
            (false, false) => Group::Alone,
            (false, true) => Group::First,
            (true, true) => Group::Middle,
            (true, false) => Group::Last,
        };
        (new_day, group)
    }

    fn together(&self, first: &Entry, second: &Entry) -> bool {
        let same_author = match (first.item.author(), second.item.author()) {
            (Some(one), Some(other)) => one == other,
            _ => false,
        };
        same_author
            && self.day(first) == self.day(second)
            && (second.at.0.saturating_sub(first.at.0)).saturating_abs() <= GROUP_GAP
    }

    fn day(&self, entry: &Entry) -> i64 {
        entry.at.0.saturating_add(self.utc_offset).div_euclid(DAY)
    }
}

impl Item {
    /// Tells whose bubble this is, if it is one.
    fn author(&self) -> Option<&Author> {
        match self {
            Self::Message { from, .. } | Self::Link { from, .. } | Self::File { from, .. } => {
                Some(from)
            }
            _ => None,
        }
    }
}
