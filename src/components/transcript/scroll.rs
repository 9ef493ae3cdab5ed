use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

use crate::components::effect::{effect, on_change};
use crate::components::focus::element;
use crate::store::Store;

/// How near the end still counts as the end, in pixels.
const NEAR: i32 = 32;

/// Where in the transcript the visitor is.
#[derive(Clone, Copy)]
pub(in crate::components) struct Scroll {
    /// The box that scrolls.
    pub(super) viewport: AnyNodeRef,
    /// What is scrolled in it.
    pub(super) content: AnyNodeRef,
    /// An unseen box of the same height, kept at the end of its contents. Only the browser scrolls it: it must
    /// whenever the boxes grow, even if they have shrunk again before anything is told of that.
    pub(super) probe: AnyNodeRef,
    /// Whether the latest line is in view.
    pub(super) at_end: RwSignal<bool>,
    /// Whether something came while it was not.
    pub(super) news: RwSignal<bool>,
    /// How far it was scrolled at the last scroll event, in pixels.
    top: StoredValue<i32>,
}

impl Scroll {
    /// Begins at the end.
    pub(super) fn new(at_end: RwSignal<bool>) -> Self {
        at_end.set(true);
        Self {
            viewport: AnyNodeRef::new(),
            content: AnyNodeRef::new(),
            probe: AnyNodeRef::new(),
            at_end,
            news: RwSignal::new(false),
            top: StoredValue::new(0),
        }
    }

    /// Notes where the visitor, or the page, scrolled to.
    pub(super) fn on_scroll(self) {
        let Some(viewport) = element::<Element>(self.viewport) else {
            return;
        };
        let top = viewport.scroll_top();
        let left = viewport.scroll_height() - top - viewport.client_height();
        if left <= NEAR {
            self.arrive();
        } else if top < self.top.get_value() {
            // Only scrolling up leaves the end: when a line is added, the event of the scrolling
            // before comes after it. Nor does the browser's own scrolling leave it.
            if self.at_end.get_untracked() && self.has_grown_and_shrunk() {
                self.show_end();
            } else {
                self.at_end.set(false);
            }
        }
        self.top.set_value(top);
        self.reset_probe();
    }

    /// Shows the latest line.
    pub(super) fn to_end(self) {
        self.arrive();
        self.show_end();
    }

    /// Keeps the latest line in view, unless the visitor is reading further up.
    pub(super) fn follow_end(self, store: Store) {
        // At any change of size: a new line, a growing composer, the software keyboard.
        let observer = StoredValue::new_local(None);
        effect(move || {
            if let (Some(viewport), Some(content)) = (self.viewport.get(), self.content.get()) {
                observer.set_value(SizeObserver::new(&[viewport, content], move || {
                    if self.at_end.try_get_untracked() == Some(true) {
                        self.show_end();
                    }
                    self.reset_probe();
                }));
            }
        });
        on_change(
            move || store.len().get(),
            move |old, new| {
                if new > old && !self.at_end.get_untracked() {
                    self.news.set(true);
                }
            },
        );
        // The visitor's own message is shown wherever they were reading.
        on_change(move || store.sent_here().get(), move |_, _| self.to_end());
    }

    fn arrive(self) {
        if !self.at_end.get_untracked() {
            self.at_end.set(true);
        }
        if self.news.get_untracked() {
            self.news.set(false);
        }
    }

    /// Tells whether the box was higher for a moment since the last event.
    fn has_grown_and_shrunk(self) -> bool {
        element::<Element>(self.probe)
            .is_some_and(|probe| probe.scroll_top() + probe.client_height() < probe.scroll_height())
    }

    /// Puts the probe at its end.
    pub(super) fn reset_probe(self) {
        if let Some(probe) = element::<Element>(self.probe) {
            probe.set_scroll_top(probe.scroll_height());
        }
    }

    fn show_end(self) {
        if let Some(viewport) = element::<Element>(self.viewport) {
            viewport.set_scroll_top(viewport.scroll_height());
        }
    }
}

/// An observer that calls a function when elements change their size, for as long as it is kept.
struct SizeObserver {
    observer: ResizeObserver,
    _closure: Closure<dyn Fn()>,
}

impl SizeObserver {
    /// Returns `None` where the browser has no `ResizeObserver`.
    fn new(elements: &[Element], run: impl Fn() + 'static) -> Option<Self> {
        let closure = Closure::<dyn Fn()>::new(run);
        let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok()?;
        for element in elements {
            observer.observe(element);
        }
        Some(Self {
            observer,
            _closure: closure,
        })
    }
}

impl Drop for SizeObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
