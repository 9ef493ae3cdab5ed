//! What the driver needs only once there is a chat: the visitor's other tabs, what draws attention, files on their
//! way.
//!
//! What only [`install_later`] reaches, packages have in the file that is fetched when a chat has begun.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::Array;
use parlour_chat::{Failure, Response, TAB_SYNC, TabSync};

use super::attention::{self, Attend, AttentionOptions};
use super::save::save;
use super::tabs::{Hear, OtherTabs, Tabs};
use super::upload::{self, Upload};

/// A future of a table's function.
type LocalBoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// The table of what is loaded later.
pub(super) struct Later {
    /// What keeps the session in step with other tabs.
    pub(super) sync: &'static TabSync,
    /// Finds the visitor's other tabs, by a name that all of them know.
    pub(super) find_tabs: fn(&str, Hear) -> Option<Rc<dyn OtherTabs>>,
    /// Makes what draws the visitor's attention.
    pub(super) attend: fn(AttentionOptions) -> Rc<dyn Attend>,
    /// Makes an upload.
    pub(super) upload: fn(Upload) -> LocalBoxFuture<Result<Response, Failure>>,
    /// Hands chunks of bytes to the browser as a file of this name to save.
    pub(super) save: fn(&Array, &str),
}

static LATER: Later = Later {
    sync: &TAB_SYNC,
    find_tabs: Tabs::find,
    attend: attention::attend,
    upload: |upload| Box::pin(upload::send(upload)),
    // What the browser refuses to save is not there to be fetched again: the visitor sees the row as before and can
    // try once more.
    save: |chunks, name| _ = save(chunks, name),
};

thread_local! {
    static INSTALLED: Cell<Option<&'static Later>> = const { Cell::new(None) };
}

/// Lets the driver have what it needs once there is a chat.
pub fn install_later() {
    INSTALLED.set(Some(&LATER));
}

/// Returns what was loaded, once it is there.
pub(super) fn installed() -> Option<&'static Later> {
    INSTALLED.get()
}
