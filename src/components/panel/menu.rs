use std::sync::Arc;

use crate::context::context;
use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;
use parlour_config::Config;
use wasm_bindgen::JsCast;
use web_sys::Node;

use super::question::Question;
use crate::components::extras::Extras;
use crate::components::focus::{element, focus_now, focus_soon, is_focused, use_focus};
use crate::components::icon::{Drawing, Icon};
use crate::components::keys::{is_composing, is_escape};
use crate::components::show::Show;
use crate::i18n::{Text, use_i18n};
use crate::store::Store;

/// A choice in the menu, and its button.
#[derive(Clone, Copy)]
struct MenuItem {
    choice: Choice,
    node: AnyNodeRef,
}

/// What a choice in the menu does.
#[derive(Clone, Copy)]
enum Choice {
    /// Leads to a question.
    Ask(Question),
    /// Prints the conversation.
    Print,
    /// Switches the sound.
    Sound,
    /// Switches the browser's notifications.
    Notifications,
}

/// The menu and the button that opens it, by the ARIA pattern "menu button".
#[component]
pub(in crate::components) fn Menu(question: RwSignal<Option<Question>>) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let items = menu_items();
    let menu = AnyNodeRef::new();
    let button = use_focus().menu_button;
    let on_focusout = move |event: FocusEvent| {
        let target = event.related_target().map(JsCast::unchecked_into::<Node>);
        // The menu itself may be on its way out: browsers tell of the lost focus while they remove it.
        let stays = element::<Node>(menu).is_some_and(|menu| menu.contains(target.as_ref()));
        if !stays {
            open.set(false);
        }
    };
    let items_by_key = items.clone();
    let on_keydown = move |event: KeyboardEvent| {
        if !open.get_untracked() || is_composing(&event) {
            return;
        }
        let key = event.key();
        if is_escape(&event) {
            open.set(false);
            focus_soon(button);
        } else if !move_focus(&items_by_key, &key) {
            return;
        }
        // The panel would close on Escape, and scroll on the others.
        event.prevent_default();
    };
    let on_click = move |_| {
        if open.get_untracked() {
            focus_now(button);
        }
        open.update(|open| *open = !*open);
    };
    // Where a press takes the focus away first (Safari), the menu would be gone before the click.
    view! { class = "w",
        <div
            class="menu"
            node_ref=menu
            on:focusout=on_focusout
            on:keydown=on_keydown
            on:mousedown=|event| event.prevent_default()
        >
            <button
                class="icon-button"
                type="button"
                part="menu"
                aria-haspopup="menu"
                aria-label=i18n.text(Text::PANEL_OPTIONS)
                title=i18n.text(Text::PANEL_OPTIONS)
                aria-expanded=move || open.get().to_string()
                node_ref=button
                on:click=on_click
            >
                <Icon drawing=Drawing::MORE/>
            </button>
            <Show when=move || open.get()>
                <Items items=items.clone() open question/>
            </Show>
        </div>
    }
}

/// The open menu; its first item gets the focus.
#[component]
fn Items(
    items: Vec<MenuItem>,
    open: RwSignal<bool>,
    question: RwSignal<Option<Question>>,
) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let button = use_focus().menu_button;
    let is_printing = context::<Extras>().is_printing;
    if let Some(first) = items.first() {
        focus_soon(first.node);
    }
    let buttons = items.into_iter().map(|item| {
        let (part, text, switch) = match item.choice {
            Choice::Ask(Question::Rename) => ("rename", Text::PANEL_RENAME, None),
            Choice::Ask(Question::End) => ("end", Text::PANEL_END, None),
            Choice::Ask(Question::Save) => ("save", Text::PANEL_SAVE, None),
            Choice::Ask(Question::NewChat) => ("new-chat", Text::ENDED_NEW, None),
            Choice::Print => ("print", Text::PANEL_PRINT, None),
            Choice::Sound => ("sound", Text::PANEL_SOUND, Some(store.sounds())),
            Choice::Notifications => (
                "notifications",
                Text::PANEL_NOTIFICATIONS,
                Some(store.notifies()),
            ),
        };
        let on = switch.map(|switch| switch.get_untracked());
        let on_click = move |_| {
            open.set(false);
            match (item.choice, store.actor()) {
                (Choice::Ask(asked), _) => question.set(Some(asked)),
                (Choice::Print, _) => is_printing.set(true),
                (Choice::Sound, Some(actor)) => actor.set_sound(on == Some(false)),
                (Choice::Notifications, Some(actor)) => {
                    actor.set_notifications(on == Some(false));
                }
                (_, None) => {}
            }
            if !matches!(item.choice, Choice::Ask(_)) {
                focus_soon(button);
            }
        };
        view! { class = "w",
            <button
                class="menu-item"
                type="button"
                role=if on.is_some() { "menuitemcheckbox" } else { "menuitem" }
                aria-checked=on.map(|on| on.to_string())
                tabindex="-1"
                part=part
                node_ref=item.node
                on:click=on_click
            >
                {i18n.text(text)}
                {(on == Some(true)).then(|| view! { <Icon drawing=Drawing::CHECK/> }.into_any())}
            </button>
        }
        .into_any()
    });
    view! { class = "w",
        <div class="menu-items" role="menu">
            {buttons.collect::<Vec<_>>()}
        </div>
    }
}

/// Lists what the server and the tenant let the visitor do.
fn menu_items() -> Vec<MenuItem> {
    let store = context::<Store>();
    let config = context::<Arc<Config>>();
    let can_rename = untrack(|| store.offers()).rename && config.features.rename;
    let can_notify = store.actor().is_some_and(|actor| actor.can_notify());
    let choices = [
        (Choice::Sound, config.attention.sound),
        (Choice::Notifications, can_notify),
        (Choice::Ask(Question::Save), true),
        (Choice::Print, true),
        (Choice::Ask(Question::Rename), can_rename),
        (Choice::Ask(Question::End), true),
    ];
    choices
        .into_iter()
        .filter(|(_, is_offered)| *is_offered)
        .map(|(choice, _)| MenuItem {
            choice,
            node: AnyNodeRef::new(),
        })
        .collect()
}

/// Moves the focus among the items as a key asks for; tells whether the key is one that does.
fn move_focus(items: &[MenuItem], key: &str) -> bool {
    let last = items.len().saturating_sub(1);
    // From the button itself, down leads to the first item.
    let at = items
        .iter()
        .position(|item| is_focused(item.node))
        .unwrap_or(last);
    let to = match key {
        "ArrowDown" if at < last => at + 1,
        "ArrowDown" | "Home" => 0,
        "ArrowUp" if at > 0 => at - 1,
        "ArrowUp" | "End" => last,
        _ => return false,
    };
    if let Some(item) = items.get(to) {
        focus_now(item.node);
    }
    true
}
