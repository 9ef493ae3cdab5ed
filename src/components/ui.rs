use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use parlour_chat::{Participant, Phase, Refusal, WallTime};
use parlour_config::{Config, Localized};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::dom::El;
use crate::i18n::{Count, Subject, Text, Texts};
use crate::store::Store;
use crate::watched::Watched;

/// Gives every component what it needs: the store, the words, the configuration. A handle.
#[derive(Clone, Copy)]
#[expect(
    missing_debug_implementations,
    reason = "it stands for what has no useful text form"
)]
pub struct Ui(u32);

// Not in a `StoredValue` of Leptos', which asks for the thread at each look.
thread_local! {
    /// What each mounted widget's components share, by the number of their handle.
    static MOUNTED: RefCell<Vec<(u32, Rc<Shared>)>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// Is what all components of one widget share.
pub(super) struct Shared {
    store: Rc<Store>,
    texts: Texts,
    config: Rc<Config>,
    root: HtmlElement,
    /// Counts what the visitor said in this page: the transcript follows one's own words.
    pub(super) said: Watched<u64>,
    /// Whether files are being dragged over the chat.
    pub(super) dragging: Watched<bool>,
    /// The longest message, in UTF-16 code units.
    pub(super) longest: usize,
}

impl Ui {
    /// Makes a handle within the current reactive owner. `root` is the element that the widget is
    /// mounted into, `longest` the longest message, in UTF-16 code units.
    #[must_use]
    pub fn new(
        root: HtmlElement,
        store: Rc<Store>,
        texts: Texts,
        config: Rc<Config>,
        longest: usize,
    ) -> Self {
        let shared = Rc::new(Shared {
            store,
            texts,
            config,
            root,
            said: Watched::default(),
            dragging: Watched::default(),
            longest,
        });
        let id = NEXT.replace(NEXT.get().wrapping_add(1));
        MOUNTED.with_borrow_mut(|mounted| mounted.push((id, shared)));
        // Dropped only when it is out of the list again: who knows what that leads to.
        on_cleanup(move || drop(take_out(id)));
        Self(id)
    }

    /// Returns what is shared. For what runs while the widget is mounted.
    #[expect(
        clippy::expect_used,
        reason = "components, and what they listen with, go before the owner of the handle"
    )]
    pub(super) fn shared(self) -> Rc<Shared> {
        self.if_mounted().expect("the widget is mounted")
    }

    /// Returns what is shared, if the widget is still mounted. For what runs later.
    pub(super) fn if_mounted(self) -> Option<Rc<Shared>> {
        MOUNTED.with_borrow(|mounted| {
            let shared = mounted.iter().find(|(id, _)| *id == self.0);
            shared.map(|(_, shared)| Rc::clone(shared))
        })
    }

    /// Finds an element of the widget, while it is mounted.
    pub(super) fn find<T: JsCast>(self, selector: &str) -> Option<T> {
        let root = &self.if_mounted()?.root;
        let found = root.query_selector(selector).ok()??;
        Some(found.unchecked_into())
    }

    pub(super) fn store(self) -> Rc<Store> {
        Rc::clone(&self.shared().store)
    }

    /// Tells whether a chat is going on, in which one can still send something. Effects follow it.
    pub(super) fn is_open(self) -> bool {
        self.store().phase.with(|phase| *phase == Phase::Chatting)
    }

    pub(super) fn config<R>(self, read: impl FnOnce(&Config) -> R) -> R {
        read(&self.shared().config)
    }

    pub(super) fn texts<R>(self, read: impl FnOnce(&Texts) -> R) -> R {
        read(&self.shared().texts)
    }

    pub(super) fn text(self, text: Text) -> String {
        self.shared().texts.get(text)
    }

    pub(super) fn fill(self, text: Text, values: &[(&str, &str)]) -> String {
        self.shared().texts.fill(text, values)
    }

    /// Fills somebody's name into a text.
    pub(super) fn about(self, text: Text, who: &Participant) -> String {
        self.fill(text, &[("name", &self.name(who))])
    }

    pub(super) fn count(self, count: Count, number: u64) -> String {
        self.shared().texts.count(count, number)
    }

    /// Returns the words of a configured element: its own, else those of a text key.
    pub(super) fn words(self, own: Option<&Localized>, key: &[&str]) -> Option<String> {
        self.shared().texts.words(own, &key.concat())
    }

    pub(super) fn refusal(self, refusal: &Refusal, subject: Subject) -> String {
        self.shared().texts.refusal(refusal, subject)
    }

    pub(super) fn time(self, at: WallTime) -> String {
        self.shared().texts.formats().time(at)
    }

    pub(super) fn bytes(self, bytes: u64) -> String {
        self.shared().texts.formats().bytes(bytes)
    }

    /// Says somebody's name; servers allow empty ones.
    pub(super) fn name(self, participant: &Participant) -> String {
        match participant.nickname.trim() {
            "" => self.text(Text::NameAgent),
            name => name.to_owned(),
        }
    }
}

fn take_out(id: u32) -> Option<(u32, Rc<Shared>)> {
    MOUNTED.with_borrow_mut(|mounted| {
        let at = mounted.iter().position(|(other, _)| *other == id)?;
        Some(mounted.swap_remove(at))
    })
}

impl El {
    /// Puts one of our texts inside.
    #[inline(never)]
    pub(super) fn say(self, ui: Ui, text: Text) -> Self {
        self.text(ui.text(text))
    }
}
