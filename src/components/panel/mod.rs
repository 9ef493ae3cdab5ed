//! The panel: what opens when the launcher is pressed.

mod dialog;
mod ended;
mod header;
mod idle;
mod menu;
mod status;

use std::cell::Cell;
use std::rc::Rc;

use parlour_chat::Phase;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::Ui;
use super::composer::{composer, drag_enter, drag_over, drop_zone, dropped};
use super::dom::{El, derived, effect, el};
use super::form::{Answers, form};
use super::transcript::transcript;
use crate::watched::Watched;

use dialog::{Dialog, dialog};
use ended::ended;
use header::header;
use idle::idle_warning;
use status::status;

/// What the panel is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Before a chat: the form.
    Form,
    /// A chat is going on.
    Chat,
    /// The chat is over and can still be read.
    Ended,
}

/// Is the question that stands before the panel, if there is one.
type Asked = Rc<Watched<Option<Dialog>>>;

/// Shows the panel.
pub(super) fn panel(ui: Ui) -> El {
    let stage = derived(move || stage(&ui.store().phase.get()));
    let asked: Asked = Rc::default();
    follow_stage(ui, Rc::clone(&stage), Rc::clone(&asked));
    let talking = {
        let stage = Rc::clone(&stage);
        derived(move || stage.get() != Stage::Form)
    };
    let answers = Rc::new(Answers::new(ui));
    let pane = move || {
        Some(if talking.get() {
            chat(ui, Rc::clone(&stage))
        } else {
            form(ui, &answers)
        })
    };
    let asking = Rc::clone(&asked);
    let content = el("div.panel-content")
        .live_flag("inert", move || asking.with(Option::is_some))
        .child(header(ui, &asked))
        .child(status(ui))
        .show(pane);
    el("section.panel part=panel role=dialog aria-labelledby=title tabindex=-1")
        .live_flag("inert", move || !ui.store().open.get())
        .on("keydown", move |event| {
            if is_escape(event.unchecked_ref()) {
                event.prevent_default();
                ui.store().set_open(false);
            }
        })
        .on("dragover", move |event| {
            drag_over(ui, event.unchecked_ref());
        })
        .on("drop", move |event| dropped(ui, event.unchecked_ref()))
        .child(content)
        .show(move || {
            asked
                .get()
                .map(|which| dialog(ui, which, Rc::clone(&asked)))
        })
}

fn stage(phase: &Phase) -> Stage {
    match phase {
        Phase::Idle | Phase::Refused(_) | Phase::Starting => Stage::Form,
        Phase::Chatting | Phase::Ending => Stage::Chat,
        Phase::Ended(_) => Stage::Ended,
    }
}

/// Keeps the focus in the panel when what had it goes with its stage.
fn follow_stage(ui: Ui, stage: Rc<Watched<Stage>>, asked: Asked) {
    let before = Cell::new(stage.peek());
    effect(move || {
        let now = stage.get();
        if before.replace(now) != now {
            // A question about a chat that is over has lost its sense.
            asked.replace(None);
            if ui.store().open.peek() {
                ui.keep_focus();
            }
        }
    });
}

/// Tells whether a key press closes something: not if it ends a composition, or closed something
/// else already.
fn is_escape(event: &KeyboardEvent) -> bool {
    event.key() == "Escape" && !event.is_composing() && !event.default_prevented()
}

fn chat(ui: Ui, stage: Rc<Watched<Stage>>) -> El {
    let ended_now = derived(move || stage.get() == Stage::Ended);
    let foot = move || {
        Some(if ended_now.get() {
            ended(ui)
        } else {
            composer(ui)
        })
    };
    el("div.chat")
        .on("dragenter", move |event| {
            drag_enter(ui, event.unchecked_ref())
        })
        .child(transcript(ui))
        .child(idle_warning(ui))
        .show(foot)
        .show(move || drop_zone(ui))
}
