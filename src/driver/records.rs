use std::cell::RefCell;

use parlour_chat::{Keep, Record, RecordName};
use web_sys::Storage;

/// The core's records in the browser's storage, each under the chat's scope and its name.
///
/// Storage may be denied (private windows, third-party frames, full disks): reading finds nothing
/// then, writing fails.
pub(super) struct Records {
    scope: String,
    /// What this page read or wrote last, by key.
    own: RefCell<Vec<(String, String)>>,
}

/// The browser's refusal to store something.
pub(super) struct Denied;

impl Records {
    pub(super) fn new(scope: &str) -> Self {
        Self {
            scope: scope.into(),
            own: RefCell::default(),
        }
    }

    /// Reads all records of the scope.
    pub(super) fn load(&self) -> Vec<Record> {
        let mut records = Vec::new();
        for keep in [Keep::ForVisitor, Keep::ForTab] {
            let Some(storage) = storage(keep) else {
                continue;
            };
            for key in keys(&storage) {
                let Some(name) = key.strip_prefix(&self.scope) else {
                    continue;
                };
                if let Ok(Some(value)) = storage.get_item(&key) {
                    let name = RecordName(name.into());
                    self.own.borrow_mut().push((key, value.clone()));
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
        let key = self.key(&record.name.0);
        let mut own = self.own.borrow_mut();
        let known = own.iter().position(|(own, _)| *own == key);
        let known = known.map(|at| own.swap_remove(at).1);
        match &record.value {
            Some(value) => own.push((key.clone(), value.clone())),
            None => {
                let now = storage(record.keep).and_then(|storage| storage.get_item(&key).ok()?);
                if known.is_some() && now.is_some() && known != now {
                    return Ok(());
                }
            }
        }
        put(record.keep, &key, record.value.as_deref())
    }

    /// Remembers the pre-chat form's answers for this tab. Where that fails, a reload forgets them.
    pub(super) fn remember_answers(&self, answers: Option<&str>) {
        _ = put(Keep::ForTab, &self.answers_key(), answers);
    }

    pub(super) fn remembered_answers(&self) -> Option<String> {
        storage(Keep::ForTab)?.get_item(&self.answers_key()).ok()?
    }

    fn key(&self, name: &str) -> String {
        [&self.scope, name].concat()
    }

    /// Returns the key of the answers, which lies outside the scope of the core's records.
    fn answers_key(&self) -> String {
        ["form:", &self.scope].concat()
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

fn keys(storage: &Storage) -> Vec<String> {
    let len = storage.length().unwrap_or(0);
    (0..len)
        .filter_map(|index| storage.key(index).ok().flatten())
        .collect()
}
