use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use js_sys::{Function, Object, Promise, Reflect};
use parlour_chat::{Input, TabMessage, TabRole};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::engine::Engine;

#[wasm_bindgen]
extern "C" {
    /// The browser's locks (Web Locks API), of which one at most is held by that name. Not web-sys' type, which
    /// counts as unstable there.
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        granted: &Closure<dyn FnMut() -> Promise>,
    ) -> Result<Promise, JsValue>;

    /// The channel on which the pages of one origin hear each other.
    type BroadcastChannel;

    #[wasm_bindgen(constructor, catch)]
    fn new(name: &str) -> Result<BroadcastChannel, JsValue>;

    #[wasm_bindgen(method, js_name = postMessage, catch)]
    fn post(this: &BroadcastChannel, text: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method)]
    fn close(this: &BroadcastChannel);
}

/// The visitor's other tabs: a lock that the one which leads holds, and a channel.
///
/// The browser itself gives the lock on when the tab that holds it dies.
pub(super) struct Tabs {
    locks: LockManager,
    channel: BroadcastChannel,
    name: String,
    /// Ends holding the lock.
    release: RefCell<Option<Function>>,
    /// Whether the lock was asked for and not given yet.
    waits: Cell<bool>,
    /// How often the lock was given to this tab.
    grants: Cell<u32>,
    /// Set once the widget is taken off the page.
    left: Cell<bool>,
    listener: RefCell<Option<EventListener>>,
    engine: Weak<Engine>,
}

impl Tabs {
    /// Finds what tabs are kept in step by. Returns nothing where the browser lacks any of it, or denies it.
    pub(super) fn find(name: &str, engine: &Weak<Engine>) -> Option<Rc<Self>> {
        let window = web_sys::window()?;
        // What one tab leaves for the next is in the storage.
        window.local_storage().ok()??;
        let locks = Reflect::get(&window.navigator(), &"locks".into()).ok()?;
        Some(Rc::new(Self {
            locks: Some(locks).filter(JsValue::is_object)?.unchecked_into(),
            channel: BroadcastChannel::new(name).ok()?,
            name: name.into(),
            release: RefCell::default(),
            waits: Cell::default(),
            grants: Cell::default(),
            left: Cell::default(),
            listener: RefCell::default(),
            engine: engine.clone(),
        }))
    }

    /// Begins to listen, and to wait for the lead.
    pub(super) fn join(self: &Rc<Self>) {
        let engine = self.engine.clone();
        let listener = EventListener::new(self.channel.unchecked_ref(), "message", move |event| {
            let data = Reflect::get(event, &"data".into()).ok();
            // Whatever else the page says on this channel is not for us.
            let text = data.and_then(|data| data.as_string());
            if let (Some(text), Some(engine)) = (text, engine.upgrade()) {
                engine.feed(Input::TabMessage(TabMessage(text)));
            }
        });
        self.listener.replace(Some(listener));
        self.ask_for_lock(false);
    }

    pub(super) fn tell(&self, message: &TabMessage) {
        // A channel fails to carry a text only once it is closed.
        _ = self.channel.post(&message.0);
    }

    /// Takes the lock from whichever tab holds it.
    pub(super) fn take_lead(self: &Rc<Self>) {
        self.ask_for_lock(true);
    }

    /// Leaves the others alone.
    pub(super) fn leave(&self) {
        self.left.set(true);
        self.listener.take();
        self.channel.close();
        self.let_go();
    }

    fn let_go(&self) {
        if let Some(release) = self.release.take() {
            _ = release.call0(&JsValue::NULL);
        }
    }

    fn ask_for_lock(self: &Rc<Self>, steal: bool) {
        let options = Object::new();
        _ = Reflect::set(&options, &"steal".into(), &steal.into());
        if !steal && self.waits.replace(true) {
            return;
        }
        let tabs = Rc::clone(self);
        spawn_local(async move {
            let grant = Rc::new(Cell::new(0));
            let on_granted = {
                let (tabs, grant) = (Rc::clone(&tabs), Rc::clone(&grant));
                Closure::new(move || {
                    grant.set(tabs.grants.get() + 1);
                    tabs.grants.set(grant.get());
                    tabs.on_granted(steal)
                })
            };
            let asked = tabs.locks.request(&tabs.name, &options, &on_granted);
            let ended = match asked {
                Ok(held) => JsFuture::from(held).await,
                Err(denied) => Err(denied),
            };
            if ended.is_err() {
                tabs.on_lost(grant.get());
            }
        });
    }

    /// Leads until the promise is kept, which is when the widget is taken off the page.
    fn on_granted(&self, stolen: bool) -> Promise {
        if !stolen {
            self.waits.set(false);
        }
        if self.left.get() {
            return Promise::resolve(&JsValue::NULL);
        }
        let held = Promise::new(&mut |release, _| {
            self.release.replace(Some(release));
        });
        self.feed(TabRole::Leads);
        held
    }

    /// Follows from now on: another tab took the lock. If this one took it from itself, it still has it. Where the
    /// browser denies locks, each tab leads.
    fn on_lost(self: &Rc<Self>, grant: u32) {
        if self.left.get() {
            return;
        }
        if grant == 0 {
            self.feed(TabRole::Leads);
        } else if grant == self.grants.get() {
            self.release.take();
            self.feed(TabRole::Follows);
            self.ask_for_lock(false);
        }
    }

    fn feed(&self, role: TabRole) {
        if let Some(engine) = self.engine.upgrade() {
            engine.feed(Input::TabRole(role));
        }
    }
}
