//! Where the keyboard focus goes. Everything happens with the next frame, when what a change has
//! made is in place.

use leptos::prelude::*;
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
        request_animation_frame(move || self.focus_now(selector));
    }

    /// Focuses where a visitor begins in the panel.
    pub(super) fn enter_panel(self) {
        self.focus(start());
    }

    /// Enters the panel again if what had the focus is gone.
    pub(super) fn keep_focus(self) {
        request_animation_frame(move || {
            if is_lost() {
                self.focus_now(start());
            }
        });
    }

    /// Gives the focus back to the launcher if the panel had it.
    pub(super) fn leave_panel(self) {
        if self.find::<Element>(":focus").is_some() {
            self.focus(".launcher");
        }
    }

    pub(super) fn focus_now(self, selector: &str) {
        if let Some(element) = self.find::<HtmlElement>(selector) {
            // Refused only by what cannot have it.
            _ = element.focus();
        }
    }
}

fn start() -> &'static str {
    let query = window().match_media("(pointer: coarse)").ok().flatten();
    if query.is_some_and(|query| query.matches()) {
        PANEL
    } else {
        START
    }
}

/// Tells whether nothing has the focus: the browser gives it to the body when its element goes.
fn is_lost() -> bool {
    let active = document().active_element();
    active.is_none_or(|active| active.tag_name() == "BODY")
}
