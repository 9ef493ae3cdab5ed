//! Where the keyboard focus goes. Everything happens with the next frame, when what a change has
//! made is in place.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::Ui;

/// Marks what gets the focus first: the composer, or the form's first field.
const START: &str = "[data-focus]";

/// The panel itself: on touch screens its first field would bring up the keyboard before anything
/// could be read.
const PANEL: &str = ".panel";

impl Ui {
    /// Focuses the first element of the widget that a selector finds.
    pub(super) fn focus(self, selector: &'static str) {
        self.later(Box::new(move |root| focus(root, selector)));
    }

    /// Focuses where a visitor begins in the panel.
    pub(super) fn enter_panel(self) {
        self.focus(if is_touch() { PANEL } else { START });
    }

    /// Enters the panel again if what had the focus is gone.
    pub(super) fn keep_focus(self) {
        self.later(Box::new(|root| {
            if is_lost(root) {
                focus(root, if is_touch() { PANEL } else { START });
            }
        }));
    }

    /// Gives the focus back to the launcher if the panel had it.
    pub(super) fn leave_panel(self) {
        let inside = self
            .root_element()
            .is_some_and(|root| has_focus(&root, PANEL));
        if inside {
            self.focus(".launcher");
        }
    }

    /// Returns the element around everything, while the widget is mounted.
    pub(super) fn root_element(self) -> Option<HtmlElement> {
        self.if_mounted()?.root.get_untracked()
    }

    fn later(self, run: Box<dyn FnOnce(&Element)>) {
        request_animation_frame(move || {
            if let Some(root) = self.root_element() {
                run(&root);
            }
        });
    }
}

fn focus(root: &Element, selector: &str) {
    let found = root.query_selector(selector).ok().flatten();
    if let Some(element) = found {
        // Refused only by what cannot have it.
        _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

fn has_focus(root: &Element, selector: &str) -> bool {
    let found = root.query_selector(selector).ok().flatten();
    found.is_some_and(|found| found.matches(":focus-within").unwrap_or(false))
}

/// Tells whether nothing has the focus: the browser gives it to the body when its element goes.
fn is_lost(root: &Element) -> bool {
    let lost = document()
        .active_element()
        .is_none_or(|active| active.tag_name() == "BODY");
    lost && !root.matches(":focus-within").unwrap_or(false)
}

fn is_touch() -> bool {
    let query = window().match_media("(pointer: coarse)").ok().flatten();
    query.is_some_and(|query| query.matches())
}
