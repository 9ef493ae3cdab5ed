use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Reflect;
use leptos::prelude::{GetUntracked as _, Set as _};
use parlour_chat::{Keep, Session};
use parlour_config::KeepChat;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Notification, NotificationOptions};

use super::records::{put, storage};
use super::sound::Sound;
use crate::store::Store;

/// What reaches a visitor who looks elsewhere: the page's title, a sound, a notification of the browser.
pub(super) trait Attend {
    /// Draws attention to something new in a chat, in these words; with a noise if this page may make one.
    fn alert(&self, session: &RefCell<Session>, words: &str);

    /// Takes back what was put up: the visitor looks.
    fn withdraw(&self);

    /// Puts the page's title back as soon as the page is seen, whether the panel is open or not.
    fn uncover_title(&self);

    /// Switches the sound, and remembers the visitor's choice.
    fn set_sound(&self, on: bool);

    /// Tells whether the tenant offers notifications, the browser has them, and the visitor has not forbidden
    /// them there.
    fn can_notify(&self) -> bool;

    /// Switches the browser's notifications, and remembers the visitor's choice.
    fn set_notifications(&self, on: bool);
}

/// What it takes to draw attention.
pub(super) struct AttentionOptions {
    /// What the tenant wants.
    pub(super) with: parlour_config::Attention,
    /// What the keys of the visitor's choices end with.
    pub(super) scope: String,
    /// Where the visitor's choices are kept.
    pub(super) keep: KeepChat,
    pub(super) store: Store,
    pub(super) sound: Rc<Sound>,
}

struct Attention {
    with: parlour_config::Attention,
    store: Store,
    sound: Rc<Sound>,
    /// Where the visitor's choices are kept, if anywhere.
    keep: Option<Keep>,
    title: RefCell<Option<Title>>,
    /// The notification that is shown, and what listens to a click on it.
    notification: RefCell<Option<(Notification, EventListener)>>,
    sound_key: String,
    notification_key: String,
}

/// A title of ours, and the page's own, which it covers.
struct Title {
    own: String,
    of_page: String,
}

/// Begins, as the visitor chose last.
pub(super) fn attend(options: AttentionOptions) -> Rc<dyn Attend> {
    let AttentionOptions {
        with,
        scope,
        keep,
        store,
        sound,
    } = options;
    let keep = match keep {
        KeepChat::Site => Some(Keep::ForVisitor),
        KeepChat::Session => Some(Keep::ForTab),
        KeepChat::Memory => None,
    };
    let sound_key = ["mute:", &scope].concat();
    let notification_key = ["notify:", &scope].concat();
    let is_set = |key: &str| {
        let value = storage(keep?)?.get_item(key).ok()?;
        value.map(drop)
    };
    let is_set = |key: &str| is_set(key).is_some();
    store.sounds().set(with.sound && !is_set(&sound_key));
    let wants_notifications = is_set(&notification_key);
    let attention = Attention {
        with,
        store,
        sound,
        keep,
        title: RefCell::default(),
        notification: RefCell::default(),
        sound_key,
        notification_key,
    };
    let notifies = wants_notifications && attention.can_notify() && is_granted();
    store.notifies().set(notifies);
    Rc::new(attention)
}

impl Attend for Attention {
    fn alert(&self, session: &RefCell<Session>, words: &str) {
        let (unread, with_noise) = {
            let session = session.borrow();
            (session.state().unread, session.may_alert())
        };
        if with_noise && self.store.sounds().get_untracked() {
            self.sound.play();
        }
        let Some(document) = web_sys::window().and_then(|window| window.document()) else {
            return;
        };
        if !document.hidden() {
            return;
        }
        if self.with.title {
            self.cover_title(unread, words);
        }
        if with_noise && self.store.notifies().get_untracked() {
            self.notify(&document.title(), words);
        }
    }

    fn withdraw(&self) {
        if let Some((notification, _)) = self.notification.take() {
            notification.close();
        }
        self.uncover_title();
    }

    fn uncover_title(&self) {
        let document = web_sys::window().and_then(|window| window.document());
        if let (Some(title), Some(document)) = (self.title.take(), document)
            && document.title() == title.own
        {
            document.set_title(&title.of_page);
        }
    }

    fn set_sound(&self, on: bool) {
        self.store.sounds().set(on);
        // A choice that cannot be stored holds for this page.
        self.remember(&self.sound_key, !on);
        if on {
            self.sound.play();
        }
    }

    fn can_notify(&self) -> bool {
        self.with.notifications && permission().is_some_and(|permission| permission != "denied")
    }

    fn set_notifications(&self, on: bool) {
        self.store.notifies().set(false);
        self.remember(&self.notification_key, on);
        if !on || !self.can_notify() {
            return;
        }
        let store = self.store;
        let Ok(asked) = Notification::request_permission() else {
            return;
        };
        spawn_local(async move {
            _ = JsFuture::from(asked).await;
            if store.actor().is_some() {
                store.notifies().set(is_granted());
            }
        });
    }
}

impl Attention {
    fn remember(&self, key: &str, is_set: bool) {
        if let Some(keep) = self.keep {
            _ = put(keep, key, is_set.then_some("1"));
        }
    }

    fn cover_title(&self, unread: u32, words: &str) {
        let Some(document) = web_sys::window().and_then(|window| window.document()) else {
            return;
        };
        let now = document.title();
        let of_page = match self.title.take() {
            Some(title) if title.own == now => title.of_page,
            // The page has changed its title meanwhile: that is what is to be put back.
            _ => now,
        };
        document.set_title(&format!("({}) {words}", unread.max(1)));
        // As the browser keeps it: without blanks at its ends.
        let own = document.title();
        self.title.replace(Some(Title { own, of_page }));
    }

    fn notify(&self, title: &str, words: &str) {
        let options = NotificationOptions::new();
        options.set_body(words);
        // A later one takes the place of this one.
        options.set_tag(&self.notification_key);
        // Refused where only a service worker may show one (Android).
        let Ok(notification) = Notification::new_with_options(title, &options) else {
            return;
        };
        let store = self.store;
        let shown = notification.clone();
        let on_click = EventListener::new(&notification, "click", move |_| {
            if let Some(window) = web_sys::window() {
                _ = window.focus();
            }
            store.set_open(true);
            shown.close();
        });
        self.notification.replace(Some((notification, on_click)));
    }
}

fn is_granted() -> bool {
    permission().as_deref() == Some("granted")
}

/// Returns what the visitor has decided about notifications; `None` where there are none. A browser may lack them,
/// and a page may have taken them away, which leaves the name with nothing behind it.
fn permission() -> Option<String> {
    let window = web_sys::window()?;
    let class = Reflect::get(&window, &"Notification".into()).ok()?;
    Reflect::get(&class, &"permission".into()).ok()?.as_string()
}
