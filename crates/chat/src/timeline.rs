//! What the visitor sees, in order.
//!
//! Entries carry ids that never change: a local echo becomes the server's event in place. What a
//! server recorded is ordered by its index; what is only here stays where it was put, and entries
//! without a place yet come last. Dividers and groups are attributes of the entries, not entries of
//! their own, so that an append touches two entries at most.

use crate::model::{Author, EndReason, EventIndex, FileId, LeaveReason, Participant, Refusal};
use crate::time::WallTime;

/// Entries of one author further apart than this do not belong to one group, in milliseconds.
const GROUP_GAP: i64 = 5 * 60 * 1000;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Identifies an entry of the timeline for as long as the chat is shown.
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
    pub(crate) index: Option<EventIndex>,
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
            index: None,
        }
    }
}

/// How an entry stands to its neighbours of the same author within a few minutes.
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

/// What an entry is.
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
    /// Somebody went, for this reason.
    Left(Participant, LeaveReason),
    /// Somebody changed their name; the participant carries the new one where the server said it.
    Renamed(Author),
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

/// How far one's own message got.
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

/// What is happening to a file.
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
        self.insert(self.entries.len(), item, at, None)
    }

    /// Puts an event of the transcript at its place: after all that came before it there, and before
    /// what the server does not know yet.
    pub(crate) fn record(&mut self, item: Item, at: WallTime, index: EventIndex) -> EntryId {
        self.insert(self.recorded_place(index), item, at, Some(index))
    }

    /// Makes a local entry the event that the server recorded: in place, unless others that left later
    /// were recorded earlier.
    pub(crate) fn settle(&mut self, id: EntryId, item: Item, at: WallTime, index: EventIndex) {
        self.change(id, |entry| {
            entry.item = item;
            entry.at = at;
            entry.index = Some(index);
        });
        if self.is_misplaced(id, index)
            && let Some(entry) = self.remove(id)
        {
            self.place_entry(self.recorded_place(index), entry);
        }
    }

    /// Changes an entry's item. Does nothing if it is gone.
    pub(crate) fn update(&mut self, id: EntryId, change: impl FnOnce(&mut Item)) {
        self.change(id, |entry| change(&mut entry.item));
    }

    /// Takes an entry away. Does nothing if it is gone.
    pub(crate) fn remove(&mut self, id: EntryId) -> Option<Entry> {
        let at = self.place(id)?;
        let entry = self.entries.remove(at);
        self.changes.push(Change::Remove { at, id });
        self.arrange(at);
        Some(entry)
    }

    /// Moves an entry that the server does not know to the end.
    pub(crate) fn move_to_end(&mut self, id: EntryId, at: WallTime) {
        if let Some(mut entry) = self.remove(id) {
            entry.at = at;
            self.place_entry(self.entries.len(), entry);
        }
    }

    /// Takes everything away.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.changes.push(Change::Clear);
    }

    /// Hands out the changes since the last call.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        core::mem::take(&mut self.changes)
    }

    /// Reads the entries, in the visitor's order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Finds an entry.
    #[must_use]
    pub fn find(&self, id: EntryId) -> Option<&Entry> {
        self.place(id).and_then(|at| self.entries.get(at))
    }

    fn place(&self, id: EntryId) -> Option<usize> {
        self.entries.iter().rposition(|entry| entry.id == id)
    }

    /// Where an event of the transcript belongs.
    fn recorded_place(&self, index: EventIndex) -> usize {
        self.entries
            .iter()
            .rposition(|entry| entry.index.is_some_and(|known| known < index))
            .map_or_else(|| self.first_recorded(), |before| before + 1)
    }

    /// Whether an entry stands before an earlier event or after a later one.
    fn is_misplaced(&self, id: EntryId, index: EventIndex) -> bool {
        let Some((before, rest)) = self.place(id).map(|at| self.entries.split_at(at)) else {
            return false;
        };
        let later = |entry: &Entry| entry.index.is_some_and(|known| known > index);
        let earlier = |entry: &Entry| entry.index.is_some_and(|known| known < index);
        before.iter().any(later) || rest.iter().any(earlier)
    }

    /// Where the first recorded entry stands, or the end of what is only here when there is none.
    fn first_recorded(&self) -> usize {
        self.entries
            .iter()
            .position(|entry| entry.index.is_some())
            .unwrap_or(0)
    }

    fn insert(
        &mut self,
        at: usize,
        item: Item,
        when: WallTime,
        index: Option<EventIndex>,
    ) -> EntryId {
        let id = EntryId(self.next_id);
        self.next_id += 1;
        let entry = Entry {
            id,
            at: when,
            new_day: false,
            group: Group::Alone,
            item,
            index,
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
        self.changes.push(Change::Insert {
            at,
            entry: entry.clone(),
        });
        self.arrange(at);
    }

    fn change(&mut self, id: EntryId, change: impl FnOnce(&mut Entry)) {
        let Some(at) = self.place(id) else { return };
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
        self.changes.push(Change::Update {
            at,
            entry: entry.clone(),
        });
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
                self.changes.push(Change::Update {
                    at,
                    entry: entry.clone(),
                });
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
