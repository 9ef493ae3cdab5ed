//! What a visitor sees of the session.

use super::*;

impl Rig {
    pub fn state(&self) -> &State {
        self.shown.as_ref().expect("a state has been shown")
    }

    /// The timeline as the changes made it.
    pub fn entries(&self) -> &[Entry] {
        &self.mirror
    }

    pub fn entry(&self, id: EntryId) -> &Entry {
        let is = |entry: &&Entry| entry.id == id;
        self.mirror.iter().find(is).expect("the entry is there")
    }

    /// The newest message of this text.
    pub fn find(&self, said: &str) -> EntryId {
        let found = self.mirror.iter().rev().find(
            |entry| matches!(&entry.item, Item::Message { text, .. } if text.trim() == said.trim()),
        );
        found.map(|entry| entry.id).unwrap_or(EntryId(u64::MAX))
    }

    /// The timeline as short lines, see [`show`].
    pub fn lines(&self) -> Vec<String> {
        self.mirror.iter().map(show::line).collect()
    }

    /// Texts of all messages, in order.
    pub fn texts(&self) -> Vec<String> {
        let text = |entry: &Entry| match &entry.item {
            Item::Message { text, .. } => Some(text.clone()),
            _ => None,
        };
        self.mirror.iter().filter_map(text).collect()
    }

    /// Contents that the driver still keeps.
    pub fn files_kept(&self) -> usize {
        self.files.len()
    }

    pub fn describe(&self) -> String {
        format!(
            "under way: {:?}\nwake {:?} at {:?}\n{:?}\n{:#?}",
            self.pending_operations(),
            self.wake,
            self.now,
            self.shown,
            self.lines()
        )
    }
}
