//! The changes of chats, for desks that wait for news.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::model::{Change, ChatChange, ChatId, JournalEntry};

/// The changes of this run of the program, counted.
///
/// The count is kept nowhere: after a restart it begins anew, and another [`run`](Self::run) says so.
#[derive(Debug)]
pub(super) struct Feed {
    run: String,
    latest: Mutex<Latest>,
    state: watch::Sender<State>,
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
    count: u64,
    closed: bool,
}

/// Each chat once, at its last change: however long a desk was away, it hears of each chat once.
#[derive(Debug, Default)]
struct Latest {
    by_chat: HashMap<ChatId, u64>,
    by_count: BTreeMap<u64, ChatId>,
}

impl Feed {
    pub(super) fn new() -> Self {
        Self {
            run: format!("{:016x}", RandomState::new().hash_one("run")),
            latest: Mutex::default(),
            state: watch::Sender::default(),
        }
    }

    /// Names this run of the program.
    pub(super) fn run(&self) -> &str {
        &self.run
    }

    /// Returns how many changes there have been.
    pub(super) fn count(&self) -> u64 {
        self.state.borrow().count
    }

    /// Counts the changes that a desk can see and wakes who waits for them.
    pub(super) fn note(&self, changes: &[Change]) {
        let mut seen = changes.iter().filter_map(seen_in).peekable();
        if seen.peek().is_none() {
            return;
        }
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let mut count = self.count();
        for chat in seen {
            count += 1;
            latest.move_up(chat, count);
        }
        self.state.send_modify(|state| state.count = count);
    }

    /// Lists the chats that changed after the change number `after`, in the order of their last change.
    pub(super) fn since(&self, after: u64) -> Vec<ChatId> {
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let newer = latest.by_count.range(after.saturating_add(1)..);
        newer.map(|(_, chat)| chat.clone()).collect()
    }

    /// Waits until something came after the change number `after`, the feed is closed, or `patience` is over.
    pub(super) async fn wait(&self, after: u64, patience: Duration) {
        let mut state = self.state.subscribe();
        let news = state.wait_for(|state| state.closed || state.count > after);
        // A time-out is no error: the caller looks for changes in any case.
        let _ = tokio::time::timeout(patience, news).await;
    }

    /// Lets nobody wait any longer: the program ends.
    pub(super) fn close(&self) {
        self.state.send_modify(|state| state.closed = true);
    }
}

/// Returns in which chat a desk can see a change. Every fourth reply to a visitor brings a key, which is no news for
/// anybody.
fn seen_in(change: &Change) -> Option<&ChatId> {
    match &change.0 {
        JournalEntry::Chat {
            what: ChatChange::KeyIssued { .. } | ChatChange::Script { .. },
            ..
        }
        | JournalEntry::Service { .. } => None,
        JournalEntry::Chat { chat, .. } => Some(chat),
    }
}

impl Latest {
    fn move_up(&mut self, chat: &ChatId, count: u64) {
        if let Some(before) = self.by_chat.insert(chat.clone(), count) {
            self.by_count.remove(&before);
        }
        self.by_count.insert(count, chat.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{NewChat, Options, Role, World};

    #[test]
    fn each_chat_is_listed_once_at_its_last_change() {
        let feed = Feed::new();
        let mut world = World::new(1, Options::default());
        let first = world.start_chat(NewChat::default(), 0);
        let second = world.start_chat(NewChat::default(), 0);
        feed.note(&world.take_changes());
        assert_eq!(feed.since(0), [first.clone(), second]);
        let before = feed.count();
        world.join(&first, "Mia", Role::Agent, 0).unwrap();
        world.hidden(&first, 0).unwrap();
        feed.note(&world.take_changes());
        assert_eq!(feed.since(before), [first]);
        assert_eq!(feed.since(0).len(), 2);
        assert_eq!(feed.since(feed.count()), []);
        assert_eq!(feed.since(u64::MAX), []);
    }

    #[tokio::test]
    async fn a_waiting_desk_is_woken_by_a_change_and_by_the_end() {
        const PATIENCE: Duration = Duration::from_secs(60);
        let feed = Feed::new();
        let mut world = World::new(1, Options::default());
        let wake = async {
            world.start_chat(NewChat::default(), 0);
            feed.note(&world.take_changes());
        };
        tokio::join!(feed.wait(0, PATIENCE), wake);
        let count = feed.count();
        assert!(count > 0);
        // A key is no news.
        let chat = world.chats().next().unwrap().id().clone();
        world.issue_key(&chat);
        feed.note(&world.take_changes());
        assert_eq!(feed.count(), count);
        tokio::join!(feed.wait(count, PATIENCE), async { feed.close() });
        // And nobody waits from then on.
        feed.wait(count, PATIENCE).await;
    }
}
