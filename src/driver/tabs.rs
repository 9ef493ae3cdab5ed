use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Function, Object, Promise, Reflect};
use parlour_chat::{TabMessage, TabRole};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

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
        granted: &Closure<dyn FnMut(JsValue) -> Promise>,
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

/// What becomes of a wish for the lock that another tab holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// It is dropped.
    IfFree,
    /// It waits.
    Wait,
    /// It is granted.
    Steal,
}

/// News of the other tabs.
pub(super) enum News {
    /// What one of them says.
    Said(TabMessage),
    /// What this tab does from now on.
    Role(TabRole),
}

/// What hears the news.
pub(super) type Hear = Box<dyn Fn(News)>;

/// The visitor's other tabs.
pub(super) trait OtherTabs {
    /// Begins to listen, and to lead if no other tab does.
    fn join(self: Rc<Self>);

    /// Says something to all of them.
    fn tell(&self, message: &TabMessage);

    /// Takes the lead from whichever tab has it.
    fn take_lead(self: Rc<Self>);

    /// Leaves them alone.
    fn leave(&self);
}

/// Tells whether tabs can most likely be kept in step: the browser has locks, and a storage in which one tab leaves
/// something for the next.
pub(super) fn can_keep_step() -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let locks = Reflect::get(&window.navigator(), &"locks".into());
    matches!(window.local_storage(), Ok(Some(_))) && locks.is_ok_and(|locks| locks.is_object())
}

/// The visitor's other tabs by means of the browser: a lock that the one which leads holds, and a channel.
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
    hear: Hear,
}

impl Tabs {
    /// Finds what tabs are kept in step by. Returns nothing where the browser lacks any of it, or denies it.
    pub(super) fn find(name: &str, hear: Hear) -> Option<Rc<dyn OtherTabs>> {
        let window = web_sys::window()?;
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
            hear,
        }))
    }

    fn let_go(&self) {
        if let Some(release) = self.release.take() {
            _ = release.call0(&JsValue::NULL);
        }
    }

    fn ask_for_lock(self: &Rc<Self>, wish: Wish) {
        if wish == Wish::Wait && self.waits.replace(true) {
            return;
        }
        let options = Object::new();
        let option = match wish {
            Wish::IfFree => "ifAvailable",
            Wish::Wait => "",
            Wish::Steal => "steal",
        };
        _ = Reflect::set(&options, &option.into(), &true.into());
        let tabs = Rc::clone(self);
        spawn_local(async move {
            let grant = Rc::new(Cell::new(0));
            let on_granted = {
                let (tabs, grant) = (Rc::clone(&tabs), Rc::clone(&grant));
                Closure::new(move |lock: JsValue| {
                    if lock.is_null() {
                        tabs.begin(TabRole::Follows);
                        tabs.ask_for_lock(Wish::Wait);
                        return Promise::resolve(&JsValue::NULL);
                    }
                    grant.set(tabs.grants.get() + 1);
                    tabs.grants.set(grant.get());
                    tabs.on_granted(wish)
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
    fn on_granted(&self, wish: Wish) -> Promise {
        if wish == Wish::Wait {
            self.waits.set(false);
        }
        if self.left.get() {
            return Promise::resolve(&JsValue::NULL);
        }
        let held = Promise::new(&mut |release, _| {
            self.release.replace(Some(release));
        });
        self.begin(TabRole::Leads);
        held
    }

    /// Follows from now on: another tab took the lock. If this one took it from itself, it still has it. Where the
    /// browser denies locks, each tab leads.
    fn on_lost(self: &Rc<Self>, grant: u32) {
        if self.left.get() {
            return;
        }
        if grant == 0 {
            self.begin(TabRole::Leads);
        } else if grant == self.grants.get() {
            self.release.take();
            self.begin(TabRole::Follows);
            self.ask_for_lock(Wish::Wait);
        }
    }

    fn begin(&self, role: TabRole) {
        (self.hear)(News::Role(role));
    }
}

impl OtherTabs for Tabs {
    fn join(self: Rc<Self>) {
        let tabs = Rc::downgrade(&self);
        let listener = EventListener::new(self.channel.unchecked_ref(), "message", move |event| {
            let data = Reflect::get(event, &"data".into()).ok();
            // Whatever else the page says on this channel is not for us.
            let text = data.and_then(|data| data.as_string());
            if let (Some(text), Some(tabs)) = (text, tabs.upgrade()) {
                (tabs.hear)(News::Said(TabMessage(text)));
            }
        });
        self.listener.replace(Some(listener));
        self.ask_for_lock(Wish::IfFree);
    }

    fn tell(&self, message: &TabMessage) {
        // A channel fails to carry a text only once it is closed.
        _ = self.channel.post(&message.0);
    }

    fn take_lead(self: Rc<Self>) {
        self.ask_for_lock(Wish::Steal);
    }

    fn leave(&self) {
        self.left.set(true);
        self.listener.take();
        self.channel.close();
        self.let_go();
    }
}
