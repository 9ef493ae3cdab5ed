use std::cell::Cell;

use super::Ui;
use super::dom::{El, derived, effect, el};
use super::launcher::launcher;
use super::panel::panel;

/// Shows the widget: the launcher, and the panel from its first opening on.
pub fn app(ui: Ui) -> El {
    // The focus follows what the visitor does, not what a reload restores.
    let was_open = Cell::new(ui.store().open.peek());
    effect(move || {
        let open = ui.store().open.get();
        match (was_open.replace(open), open) {
            (false, true) => ui.enter_panel(),
            (true, false) => ui.leave_panel(),
            _ => {}
        }
    });
    // A closed panel stays where it is, invisible: so do its scroll position and its answers.
    let seen = Cell::new(false);
    let made = derived(move || {
        seen.set(seen.get() || ui.store().open.get());
        seen.get()
    });
    el("div.app")
        .live("data-panel", move || {
            Some(
                if ui.store().open.get() {
                    "open"
                } else {
                    "closed"
                }
                .into(),
            )
        })
        .child(launcher(ui))
        .show(move || made.get().then(|| panel(ui)))
}
