use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, ResizeObserver};

use crate::components::Ui;
use crate::components::dom::effect;
use crate::watched::Watched;

/// How near the end still counts as the end, in pixels.
const NEAR: i32 = 32;

/// Knows where in the transcript the visitor is.
pub(super) struct Scroll {
    /// Whether the latest line is in view.
    pub(super) at_end: Watched<bool>,
    /// Whether something came while it was not.
    pub(super) news: Watched<bool>,
    ui: Ui,
    /// How far it was scrolled when last looked at.
    top: Cell<i32>,
}

impl Scroll {
    /// Begins at the end.
    pub(super) fn new(ui: Ui) -> Self {
        Self {
            at_end: Watched::new(true),
            news: Watched::new(false),
            ui,
            top: Cell::new(0),
        }
    }

    /// Takes in that the visitor (or we) scrolled.
    pub(super) fn scrolled(&self) {
        let Some(around) = self.around() else {
            return;
        };
        let top = around.scroll_top();
        let left = around.scroll_height() - top - around.client_height();
        if left <= NEAR {
            self.at_end.replace(true);
            self.news.replace(false);
        } else if top < self.top.get() {
            // Only who scrolls up leaves the end: when something is added, word of the scrolling
            // before comes after it.
            self.at_end.replace(false);
        }
        self.top.set(top);
    }

    /// Shows the latest line.
    pub(super) fn to_end(&self) {
        self.at_end.replace(true);
        self.news.replace(false);
        self.follow();
    }

    /// Finds the box that scrolls.
    fn around(&self) -> Option<HtmlElement> {
        self.ui.find(".scroll")
    }

    fn follow(&self) {
        if self.at_end.peek()
            && let Some(around) = self.around()
        {
            around.set_scroll_top(around.scroll_height());
        }
    }
}

/// Keeps the latest line in view, unless the visitor is reading further up.
pub(super) fn keep_end_in_view(ui: Ui, scroll: &Rc<Scroll>) {
    let watch = RefCell::new(None);
    let follower = Rc::clone(scroll);
    effect(move || {
        if let (Some(around), Some(inside)) = (follower.around(), ui.find(".lines")) {
            // Any change of size: a new line, a growing composer, the software keyboard.
            let follower = Rc::clone(&follower);
            watch.replace(SizeWatch::new(&[&around, &inside], move || {
                follower.follow();
            }));
        }
    });
    let (reader, len) = (Rc::clone(scroll), Cell::new(ui.store().len.peek()));
    effect(move || {
        let now = ui.store().len.get();
        if now > len.replace(now) && !reader.at_end.peek() {
            reader.news.replace(true);
        }
    });
    // One's own message shows, wherever one was reading.
    let (speaker, said) = (Rc::clone(scroll), Cell::new(ui.shared().said.peek()));
    effect(move || {
        let now = ui.shared().said.get();
        if now != said.replace(now) {
            speaker.to_end();
        }
    });
}

/// Watches sizes for as long as it is kept.
struct SizeWatch {
    observer: ResizeObserver,
    _closure: Closure<dyn Fn()>,
}

impl SizeWatch {
    fn new(elements: &[&HtmlElement], run: impl Fn() + 'static) -> Option<Self> {
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

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
