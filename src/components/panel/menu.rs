use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FocusEvent, HtmlElement, KeyboardEvent, Node};

use super::dialog::Dialog;
use super::{Asked, is_escape};
use crate::components::Ui;
use crate::components::dom::{El, el, truth};
use crate::components::icon::Icon;
use crate::i18n::Text;
use crate::watched::Watched;

/// Finds the button that opens the menu.
pub(super) const BUTTON: &str = "[part=menu]";

type Open = Rc<Watched<bool>>;

/// Shows the button that opens the menu, and the menu.
pub(super) fn menu(ui: Ui, asked: &Asked) -> El {
    let open = Open::default();
    let (shown, toggled, left, pressed) = (open.clone(), open.clone(), open.clone(), open.clone());
    let asked = Rc::clone(asked);
    let title = ui.text(Text::PanelOptions);
    el("div.menu")
        .on("focusout", move |event| {
            if left_for_elsewhere(ui, &event) {
                left.replace(false);
            }
        })
        .on("keydown", move |event| {
            if pressed.peek() {
                key(ui, &pressed, event.unchecked_ref());
            }
        })
        .child(
            el("button.icon-button type=button part=menu aria-haspopup=menu")
                .attr("aria-label", title.clone())
                .attr("title", title)
                .live("aria-expanded", move || Some(truth(shown.get())))
                .click(move || {
                    toggled.update(|open| *open = !*open);
                    if toggled.peek() {
                        ui.focus("[role=menuitem]");
                    }
                })
                .icon(Icon::MORE),
        )
        .show(move || open.get().then(|| items(ui, &open, &asked)))
}

fn items(ui: Ui, open: &Open, asked: &Asked) -> El {
    let item = |text, part, which| {
        let (open, asked) = (Rc::clone(open), Rc::clone(asked));
        el("button.menu-item type=button role=menuitem tabindex=-1")
            .fixed("part", part)
            .click(move || {
                open.set(false);
                asked.set(Some(which));
            })
            .say(ui, text)
    };
    let offered = ui.store().offers.get().rename;
    let rename = (offered && ui.config(|config| config.features.rename))
        .then(|| item(Text::PanelRename, "rename", Dialog::Rename));
    el("div.menu-items role=menu")
        // Where a press takes the focus away first (Safari), the menu would be gone before the click.
        .on("mousedown", |event| event.prevent_default())
        .child_if(rename)
        .child(item(Text::PanelEnd, "end", Dialog::End))
}

fn left_for_elsewhere(ui: Ui, event: &Event) -> bool {
    let to = event.unchecked_ref::<FocusEvent>().related_target();
    let to = to.map(JsCast::unchecked_into::<Node>);
    ui.find::<Node>(".menu")
        .is_some_and(|menu| !menu.contains(to.as_ref()))
}

fn key(ui: Ui, open: &Watched<bool>, event: &KeyboardEvent) {
    match event.key().as_str() {
        _ if is_escape(event) => {
            open.set(false);
            ui.focus(BUTTON);
        }
        "ArrowDown" => step(ui, |at, len| (at + 1) % len),
        "ArrowUp" => step(ui, |at, len| (at + len - 1) % len),
        "Home" => step(ui, |_, _| 0),
        "End" => step(ui, |_, len| len - 1),
        _ => return,
    }
    // The panel would close on Escape, and scroll on the others.
    event.prevent_default();
}

/// Moves the focus among the items.
fn step(ui: Ui, to: fn(usize, usize) -> usize) {
    let Some(menu) = ui.find::<Element>(".menu-items") else {
        return;
    };
    let items = menu.children();
    let len = items.length() as usize;
    let item = |at: usize| Some(items.item(at as u32)?.unchecked_into::<HtmlElement>());
    let is_focused = |at: &usize| item(*at).is_some_and(|it| it.matches(":focus").unwrap_or(false));
    // From the button itself, down leads to the first.
    let at = (0..len).find(is_focused).unwrap_or(len.saturating_sub(1));
    if let Some(item) = item(to(at, len.max(1))) {
        _ = item.focus();
    }
}
