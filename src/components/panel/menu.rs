use std::rc::Rc;

use leptos::prelude::GetUntracked;
use wasm_bindgen::JsCast;
use web_sys::{Event, FocusEvent, HtmlElement, KeyboardEvent, Node};

use super::dialog::Dialog;
use super::{Asked, is_escape};
use crate::components::Ui;
use crate::components::dom::{El, Ref, button, div};
use crate::components::icon::Icon;
use crate::i18n::Text;
use crate::watched::Watched;

/// Finds the button that opens the menu.
pub(super) const BUTTON: &str = "[part=menu]";

type Open = Rc<Watched<bool>>;

/// Shows the button that opens the menu, and the menu.
pub(super) fn menu(ui: Ui, asked: &Asked) -> El {
    let open = Open::default();
    let around = Ref::new();
    let (shown, toggled, left, pressed) = (open.clone(), open.clone(), open.clone(), open.clone());
    let asked = Rc::clone(asked);
    let title = ui.text(Text::PanelOptions);
    div("menu")
        .bind(around)
        .on("focusout", move |event| {
            if left_for_elsewhere(around, &event) {
                left.replace(false);
            }
        })
        .on("keydown", move |event| {
            if pressed.peek() {
                key(ui, around, &pressed, event.unchecked_ref());
            }
        })
        .child(
            button("icon-button")
                .part("menu")
                .attr("aria-label", title.as_str())
                .attr("title", title)
                .attr("aria-haspopup", "menu")
                .live("aria-expanded", move || Some(shown.get().to_string()))
                .click(move || {
                    toggled.update(|open| *open = !*open);
                    if toggled.peek() {
                        ui.focus("[role=menuitem]");
                    }
                })
                .child(Icon::MORE),
        )
        .show(move || open.get().then(|| items(ui, &open, &asked)))
}

fn items(ui: Ui, open: &Open, asked: &Asked) -> El {
    let item = |text, part, which| {
        let (open, asked) = (Rc::clone(open), Rc::clone(asked));
        button("menu-item")
            .part(part)
            .attr("role", "menuitem")
            .attr("tabindex", "-1")
            .click(move || {
                open.set(false);
                asked.set(Some(which));
            })
            .text(ui.text(text))
    };
    let rename = ui
        .config(|config| config.features.rename)
        .then(|| item(Text::PanelRename, "rename", Dialog::Rename));
    div("menu-items")
        .attr("role", "menu")
        // Where a press takes the focus away first (Safari), the menu would be gone before the click.
        .on("mousedown", |event| event.prevent_default())
        .child_if(rename)
        .child(item(Text::PanelEnd, "end", Dialog::End))
}

fn left_for_elsewhere(around: Ref, event: &Event) -> bool {
    let to = event.unchecked_ref::<FocusEvent>().related_target();
    let to = to.map(JsCast::unchecked_into::<Node>);
    around
        .get_untracked()
        .is_some_and(|around| !around.contains(to.as_ref()))
}

fn key(ui: Ui, around: Ref, open: &Watched<bool>, event: &KeyboardEvent) {
    match event.key().as_str() {
        _ if is_escape(event) => {
            open.set(false);
            ui.focus(BUTTON);
        }
        "ArrowDown" => step(around, |at, len| (at + 1) % len),
        "ArrowUp" => step(around, |at, len| (at + len - 1) % len),
        "Home" => step(around, |_, _| 0),
        "End" => step(around, |_, len| len - 1),
        _ => return,
    }
    // The panel would close on Escape, and scroll on the others.
    event.prevent_default();
}

/// Moves the focus among the items.
fn step(around: Ref, to: fn(u32, u32) -> u32) {
    let Some(around) = around.get_untracked() else {
        return;
    };
    let Ok(items) = around.query_selector_all("[role=menuitem]") else {
        return;
    };
    let item = |at| items.item(at).map(JsCast::unchecked_into::<HtmlElement>);
    let len = items.length();
    let is_focused = |at: &u32| item(*at).is_some_and(|it| it.matches(":focus").unwrap_or(false));
    // From the button itself, down leads to the first and up to the last but one: there are two.
    let at = (0..len).find(is_focused).unwrap_or(len.saturating_sub(1));
    if let Some(item) = item(to(at, len.max(1))) {
        _ = item.focus();
    }
}
