//! The chats that have changed lately, so that the broker need not look at all of them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use super::ChatId;

/// A point in a world's history; any change makes a later one. A restart begins at 0 again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(u64);

/// The chats in the order of their last change.
#[derive(Debug, Default)]
pub(super) struct Recent {
    now: Version,
    last: HashMap<ChatId, Version>,
    by_version: BTreeMap<Version, ChatId>,
}

impl Recent {
    pub(super) fn touch(&mut self, chat: &ChatId) {
        self.now.0 = self.now.0.saturating_add(1);
        let before = match self.last.get_mut(chat) {
            Some(version) => Some(std::mem::replace(version, self.now)),
            None => self.last.insert(chat.clone(), self.now),
        };
        let id = before.and_then(|version| self.by_version.remove(&version));
        let id = id.unwrap_or_else(|| chat.clone());
        self.by_version.insert(self.now, id);
    }

    pub(super) fn now(&self) -> Version {
        self.now
    }

    pub(super) fn since(&self, version: Version) -> impl Iterator<Item = &ChatId> {
        let later = (Bound::Excluded(version), Bound::Unbounded);
        self.by_version.range(later).map(|(_, chat)| chat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_chat_is_listed_once_in_the_order_of_its_last_change() {
        let (a, b) = (ChatId::new("a"), ChatId::new("b"));
        let mut recent = Recent::default();
        for chat in [&a, &b, &b, &a] {
            recent.touch(chat);
        }
        assert_eq!(
            recent.since(Version::default()).collect::<Vec<_>>(),
            [&b, &a]
        );
        let seen = recent.now();
        assert_eq!(recent.since(seen).count(), 0);
        recent.touch(&b);
        assert_eq!(recent.since(seen).collect::<Vec<_>>(), [&b]);
    }
}
