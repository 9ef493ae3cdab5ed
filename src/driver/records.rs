use std::cell::{Cell, RefCell};

use parlour_chat::{Keep, Record, RecordName};
use parlour_config::KeepChat;
use web_sys::Storage;

/// What the key of the pre-chat form's answers begins with.
pub(super) const ANSWERS: &str = "form:";

/// What the key of the place in the transcript begins with.
pub(super) const PLACE: &str = "place:";

/// The core's records in the browser's storage, each under the chat's scope and its name.
///
/// What is kept for the visitor has a copy in the tab's own storage: a page's scripts may clear the one in the
/// middle of a chat. Which of them counts is for the core to say.
///
/// Storage may be denied (private windows, third-party frames, full disks): reading finds nothing
/// then, writing fails.
pub(super) struct Records {
    scope: String,
    /// What this page read or wrote last of what is for the visitor, by key.
    own: RefCell<Vec<(String, String)>>,
    /// Where the tenant has the chat kept.
    keep: KeepChat,
    /// Set once the visitor's storage is denied or full: from then on only the tab's is used.
    is_tab_only: Cell<bool>,
}

/// The browser's refusal to store something.
pub(super) struct Denied;

impl Records {
    /// Makes them. What was stored where the tenant does not want it any more is erased.
    pub(super) fn new(scope: &str, keep: KeepChat) -> Self {
        for area in [Keep::ForTab, Keep::ForVisitor] {
            if let (false, Some(storage)) = (is_kept(keep, area), storage(area)) {
                // The answers of the form are another choice.
                let is_old = |key: &String| key.contains(scope) && !key.starts_with(ANSWERS);
                for key in keys(&storage).filter(is_old) {
                    _ = storage.remove_item(&key);
                }
            }
        }
        Self {
            scope: scope.into(),
            own: RefCell::default(),
            keep,
            is_tab_only: Cell::new(keep == KeepChat::Session),
        }
    }

    /// Returns what the keys of the chat's records begin with.
    pub(super) fn scope(&self) -> &str {
        &self.scope
    }

    /// Reads all records of the scope, and copies for this tab what other tabs have stored.
    pub(super) fn load(&self) -> Vec<Record> {
        let mut records = Vec::new();
        self.own.borrow_mut().clear();
        // The tab's first: what is copied must not be read again.
        for keep in [Keep::ForTab, Keep::ForVisitor] {
            let Some(storage) = storage(keep).filter(|_| is_kept(self.keep, keep)) else {
                continue;
            };
            for key in keys(&storage) {
                let Some(name) = key.strip_prefix(&self.scope) else {
                    continue;
                };
                if let Ok(Some(value)) = storage.get_item(&key) {
                    let name = RecordName(name.into());
                    if keep == Keep::ForVisitor {
                        _ = put(Keep::ForTab, &key, Some(&value));
                        self.own.borrow_mut().push((key, value.clone()));
                    }
                    records.push(Record {
                        name,
                        keep,
                        value: Some(value),
                    });
                }
            }
        }
        records
    }

    /// Stores or erases a record. What another tab has put in the place of ours is not erased: it
    /// belongs to a newer chat.
    pub(super) fn store(&self, record: &Record) -> Result<(), Denied> {
        if self.keep == KeepChat::Memory {
            return Ok(());
        }
        let key = self.key(&record.name.0);
        let value = record.value.as_deref();
        let in_tab = put(Keep::ForTab, &key, value);
        if record.keep == Keep::ForTab || self.is_tab_only.get() {
            return in_tab;
        }
        let mut own = self.own.borrow_mut();
        if value.is_some() {
            put_back_if_cleared(&own);
        }
        let known = own.iter().position(|(own, _)| *own == key);
        let known = known.map(|at| own.swap_remove(at).1);
        match value {
            Some(value) => own.push((key.clone(), value.into())),
            None => {
                let now = storage(record.keep).and_then(|storage| storage.get_item(&key).ok()?);
                if known.is_some() && now.is_some() && known != now {
                    return Ok(());
                }
            }
        }
        let stored = put(record.keep, &key, value);
        if stored.is_err() && value.is_some() && in_tab.is_ok() {
            // Half a chat must not be taken for all of it.
            self.is_tab_only.set(true);
            for (key, _) in own.drain(..) {
                _ = put(Keep::ForVisitor, &key, None);
            }
            return Ok(());
        }
        stored
    }

    /// Remembers something of the view for this tab, outside of the core's records. Where that fails, a reload
    /// forgets it.
    pub(super) fn remember(&self, what: &str, value: Option<&str>) {
        _ = put(Keep::ForTab, &[what, &self.scope].concat(), value);
    }

    pub(super) fn remembered(&self, what: &str) -> Option<String> {
        let key = [what, &self.scope].concat();
        storage(Keep::ForTab)?.get_item(&key).ok()?
    }

    /// Tells whether a key is that of the chat's keys.
    pub(super) fn is_of_session(&self, key: &str) -> bool {
        let name = key.strip_prefix(&self.scope);
        name.is_some_and(|name| RecordName(name.into()).has_keys())
    }

    fn key(&self, name: &str) -> String {
        [&self.scope, name].concat()
    }
}

/// Stores again what a script of the page has cleared, before there is some of it anew: a part of a chat must not be
/// taken for all of it. Other tabs erase single records, or all of a chat that is over.
fn put_back_if_cleared(own: &[(String, String)]) {
    let Some(storage) = storage(Keep::ForVisitor) else {
        return;
    };
    let is_missing = |(key, _): &(String, String)| matches!(storage.get_item(key), Ok(None));
    if own.iter().all(is_missing) {
        for (key, value) in own {
            _ = put(Keep::ForVisitor, key, Some(value));
        }
    }
}

/// Sets or erases a key. Erasing succeeds where there is no storage.
pub(super) fn put(keep: Keep, key: &str, value: Option<&str>) -> Result<(), Denied> {
    match (storage(keep), value) {
        (Some(storage), Some(value)) => storage.set_item(key, value).map_err(|_| Denied),
        (Some(storage), None) => storage.remove_item(key).map_err(|_| Denied),
        (None, Some(_)) => Err(Denied),
        (None, None) => Ok(()),
    }
}

pub(super) fn storage(keep: Keep) -> Option<Storage> {
    let window = web_sys::window()?;
    // The getters throw where storage is denied.
    match keep {
        Keep::ForVisitor => window.local_storage().ok()?,
        Keep::ForTab => window.session_storage().ok()?,
    }
}

/// Lists the keys, as they are before any is erased.
fn keys(storage: &Storage) -> impl Iterator<Item = String> {
    let len = storage.length().unwrap_or(0);
    let keys = (0..len).filter_map(|index| storage.key(index).ok().flatten());
    keys.collect::<Vec<_>>().into_iter()
}

/// Tells whether a tenant has the chat kept in this area, too.
pub(super) fn is_kept(keep: KeepChat, area: Keep) -> bool {
    match keep {
        KeepChat::Site => true,
        KeepChat::Session => area == Keep::ForTab,
        KeepChat::Memory => false,
    }
}
