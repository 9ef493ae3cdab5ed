use leptos::prelude::*;
use parlour_chat::{Author, EntryId, Item, MessageState};

use crate::store::Store;

/// What the visitor said first after a message.
#[derive(Clone, Copy)]
pub(super) struct Answer(Memo<Option<Said>>);

#[derive(Clone, PartialEq)]
struct Said {
    text: String,
    /// Whether the server has it: then nothing about it changes any more.
    is_sent: bool,
}

impl Answer {
    pub(super) fn to(id: EntryId, store: Store) -> Self {
        Self(Memo::new(move |before: Option<&Option<Said>>| {
            let before = before.and_then(Option::as_ref);
            match before.filter(|said| said.is_sent) {
                Some(said) => Some(said.clone()),
                None => find(id, store),
            }
        }))
    }

    /// Returns the words. Tracks them.
    pub(super) fn get(self) -> Option<String> {
        self.0.with(|said| Some(said.as_ref()?.text.clone()))
    }
}

/// Looks from the end: what is still to be answered stands there.
fn find(id: EntryId, store: Store) -> Option<Said> {
    store.len().track();
    let mut first = None;
    for block in store.blocks().get_untracked().into_iter().rev() {
        for row in block.rows.get_untracked().into_iter().rev() {
            let is_it = row.entry.with_untracked(|entry| {
                if let Item::Message {
                    from: Author::Me, ..
                } = entry.item
                {
                    first = Some(row.entry.clone());
                }
                entry.id == id
            });
            if is_it {
                return first?.with(|entry| match &entry.item {
                    Item::Message { text, state, .. } => Some(Said {
                        text: text.clone(),
                        is_sent: *state == MessageState::Sent,
                    }),
                    _ => None,
                });
            }
        }
    }
    None
}
