use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement, ShadowRoot};

use crate::components::effect;
use crate::page_sheet::PageSheet;
use crate::store::Store;

/// The windows that an open panel covers, as in `panel.css`.
const COVERED: &str = "(max-width: 480px)";

/// The attribute of the host element while its panel is modal. The loader removes it when the module
/// dies, so that the page can be scrolled again.
const MODAL: &str = "data-modal";

/// What keeps the page from scrolling behind the panel, whatever its own styles say.
const PAGE_SHEET: &str = ":root{scroll-behavior:auto!important}\
    :root:has(>[data-modal]){overflow:hidden!important}";

/// A watch that makes the panel modal while it covers the window: nothing else on the page can be
/// reached then, and the page does not scroll.
pub(super) struct CoverWatch {
    _listeners: Vec<EventListener>,
    lock: Rc<RefCell<Option<ScrollLock>>>,
}

impl CoverWatch {
    /// Begins. Its effect ends with the current owner.
    pub(super) fn new(element: &HtmlElement, root: &ShadowRoot, store: Store) -> Self {
        let query = window().match_media(COVERED).ok().flatten();
        let narrow = RwSignal::new(query.as_ref().is_some_and(|query| query.matches()));
        let mut listeners = Vec::new();
        if let Some(query) = query {
            let list = query.clone();
            listeners.push(EventListener::new(&query, "change", move |_| {
                narrow.set(list.matches());
            }));
        }
        let panel = element.query_selector(".panel").ok().flatten();
        let panel = panel.map(JsCast::unchecked_into::<HtmlDialogElement>);
        if let Some(panel) = &panel {
            // The gesture, or the button, for going back.
            let dialog = Some(panel.clone().into());
            listeners.push(EventListener::new(panel, "cancel", move |event| {
                // File pickers in the panel have such an event, too.
                if event.target() == dialog {
                    store.set_open(false);
                }
            }));
        }
        let lock = Rc::new(RefCell::new(None));
        let (root, effects_lock) = (root.clone(), Rc::clone(&lock));
        effect(move || {
            let open = store.open().get();
            let covers = open && narrow.get();
            if effects_lock.borrow().is_some() != covers
                && let Some(panel) = &panel
            {
                *effects_lock.borrow_mut() = covers.then(|| ScrollLock::new(root.host()));
                // The browser moves the focus. In a panel that stays open it goes back to where it was.
                let focused = root.active_element();
                set_modal(panel, covers);
                if let Some(focused) = focused.filter(|_| open) {
                    _ = focused.unchecked_into::<HtmlElement>().focus();
                }
            }
        });
        Self {
            _listeners: listeners,
            lock,
        }
    }
}

impl Drop for CoverWatch {
    fn drop(&mut self) {
        // At once: the effect may be dropped later.
        self.lock.take();
    }
}

/// Makes the panel modal, or takes that back.
fn set_modal(panel: &HtmlDialogElement, modal: bool) {
    if modal {
        // Fails only where the panel is no longer in the page.
        _ = panel.show_modal();
        _ = panel.set_attribute("aria-modal", "true");
    } else {
        panel.close();
        _ = panel.remove_attribute("aria-modal");
    }
}

/// A lock on the page's scrolling, with the position to put back when dropped.
struct ScrollLock {
    host: Element,
    _sheet: Option<PageSheet>,
    before: i32,
    locked: i32,
}

impl ScrollLock {
    fn new(host: Element) -> Self {
        let before = scroll_top();
        let sheet = PageSheet::adopt(PAGE_SHEET);
        _ = host.set_attribute(MODAL, "");
        // Where the body scrolls in place of the root, or without a scroll bar, this is another one.
        let locked = scroll_top();
        Self {
            host,
            _sheet: sheet,
            before,
            locked,
        }
    }
}

impl Drop for ScrollLock {
    fn drop(&mut self) {
        _ = self.host.remove_attribute(MODAL);
        // What the page has scrolled itself meanwhile stays.
        if self.before != self.locked
            && let Some(scroller) = document().scrolling_element()
            && scroller.scroll_top() == self.locked
        {
            scroller.set_scroll_top(self.before);
        }
    }
}

fn scroll_top() -> i32 {
    let scroller = document().scrolling_element();
    scroller
        .map(|scroller| scroller.scroll_top())
        .unwrap_or_default()
}
