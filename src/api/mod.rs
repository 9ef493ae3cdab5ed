//! What the page's scripts can do with a chat, and what they hear of it.
//!
//! The loader's `commands.js` has checked the commands and their arguments. Here it is decided whether it is the
//! moment for one, and when it is done. Packages have all of this in the file of the extras.

mod commands;
mod detail;
mod events;
mod form;
mod waiting;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use parlour_chat::{Change, EntryId};
use parlour_config::{Config, Table};
use wasm_bindgen::prelude::*;
use web_sys::ShadowRoot;

use crate::components::effect;
use crate::store::Store;

use events::Told;
use waiting::Wait;

/// What it takes to serve a page.
pub(crate) struct ApiOptions {
    pub(crate) store: Store,
    pub(crate) config: Arc<Config>,
    /// The shadow root that the widget is in.
    pub(crate) root: ShadowRoot,
    /// Whether the chat, if there is one, was asked for by this page.
    pub(crate) has_started: RwSignal<bool>,
}

/// A function of the module's that the page's side calls.
type Door = Closure<dyn FnMut(JsValue)>;

/// The page's side of one widget.
struct Api {
    store: Store,
    config: Arc<Config>,
    root: ShadowRoot,
    /// The state as it was told last.
    told: RefCell<Told>,
    /// The visitor's messages and files that are on their way.
    under_way: RefCell<Vec<EntryId>>,
    /// The entry that came onto the timeline last.
    newest: Cell<Option<EntryId>>,
    /// The number of pages that the visitor has offered.
    own_links: Cell<usize>,
    /// Calls that are not done yet.
    waits: RefCell<Vec<Wait>>,
    /// What the page has filled in.
    prefilled: RefCell<Table<String>>,
    /// What is called for the page's calls. It lives as long as the widget.
    door: RefCell<Option<Door>>,
}

/// Begins to tell the page what happens, and to carry out its calls. Ends with the current reactive owner.
pub(crate) fn serve(options: ApiOptions) {
    let ApiOptions {
        store,
        config,
        root,
        has_started,
    } = options;
    let api = Rc::new(Api {
        store,
        config,
        root,
        told: RefCell::default(),
        under_way: RefCell::default(),
        newest: Cell::default(),
        own_links: Cell::default(),
        waits: RefCell::default(),
        prefilled: RefCell::default(),
        door: RefCell::default(),
    });
    api.begin(has_started.get_untracked());
    let watching = Rc::downgrade(&api);
    store.watch(Rc::new(move |change| {
        if let Some(api) = watching.upgrade() {
            api.on_change(change);
        }
    }));
    let door = {
        let api = Rc::downgrade(&api);
        Door::new(move |call: JsValue| {
            if let Some(api) = api.upgrade() {
                api.carry_out(call.unchecked_ref());
            }
        })
    };
    // Before the page can call: what it asks for may be done at once.
    let call = door.as_ref().clone();
    api.door.replace(Some(door));
    effect(move || {
        store.state().track();
        untrack(|| api.on_state());
    });
    store.emit("serve", &call);
}

impl Api {
    /// Takes in a change of the timeline before the store does, or, after it, what has come of it and from others.
    fn on_change(&self, change: Option<&Change>) {
        match change {
            Some(change) => self.on_timeline(change),
            None => {
                self.tell_news();
                self.settle_waits();
            }
        }
    }

    fn on_state(&self) {
        self.tell_state();
        self.settle_waits();
    }
}
