use std::sync::Arc;

use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;
use parlour_chat::{Author, EntryId, fold, is_few_emoji};
use parlour_config::Config;
use web_sys::Element;

use super::frame::Place;
use super::markup::Markup;
use super::words::Words;
use crate::components::extras::Extras;
use crate::components::focus::element;
use crate::context::context;
use crate::i18n::{Text, use_i18n};

/// What somebody said: large if it is a few emoji, and folded if it is long.
#[component]
pub(in crate::components) fn Said(place: Place, from: Author, text: String) -> impl IntoView {
    if is_few_emoji(&text) {
        return view! { class = "w", <span class="emoji">{text}</span> }.into_any();
    }
    let is_markup = has_markup(&from);
    let is_on_paper = use_context::<OnPaper>().is_some();
    match fold(&text).filter(|_| !is_on_paper).map(str::to_owned) {
        Some(head) => view! { <Folded id=place.id head text is_markup/> }.into_any(),
        None => body(text, is_markup),
    }
}

/// The context of what is printed: all of it.
#[derive(Clone, Copy, Debug)]
pub(in crate::components) struct OnPaper;

/// The context of a line: whether all of its text is shown.
#[derive(Clone, Copy)]
struct IsUnfolded(EntryId, RwSignal<bool>);

impl IsUnfolded {
    /// Returns the signal of a line. It belongs to what is around the line's view, which is made anew whenever the
    /// entry changes.
    fn of(id: EntryId) -> RwSignal<bool> {
        match use_context() {
            Some(Self(known, signal)) if known == id => signal,
            _ => {
                let new = || {
                    let signal = RwSignal::new(false);
                    provide_context(Self(id, signal));
                    signal
                };
                match Owner::current().and_then(|owner| owner.parent()) {
                    Some(around) => around.with(new),
                    None => new(),
                }
            }
        }
    }
}

/// Tells whether somebody writes Markdown: the contact centre's side, where the tenant says so. Nobody else's words are
/// anything but what they wrote.
fn has_markup(from: &Author) -> bool {
    matches!(from, Author::Other(other) if other.kind.is_agent_side())
        && context::<Arc<Config>>().features.markdown
}

fn body(text: String, is_markup: bool) -> AnyView {
    if is_markup {
        view! { <Markup text/> }.into_any()
    } else {
        view! { <Words text/> }.into_any()
    }
}

/// A long text, of which the beginning is shown until the visitor wants all of it.
#[component]
fn Folded(id: EntryId, head: String, text: String, is_markup: bool) -> impl IntoView {
    let i18n = use_i18n();
    let at_end = context::<Extras>().at_end;
    let button = AnyNodeRef::new();
    let is_unfolded = IsUnfolded::of(id);
    let shown = move || match is_unfolded.get() {
        true => body(text.clone(), is_markup),
        false => body([&*head, " …"].concat(), is_markup),
    };
    let on_click = move |_| {
        let Some(scroll) = element::<Element>(button).and_then(transcript_around) else {
            return;
        };
        // The text grows below what is being read: the transcript does not go to its end.
        at_end.set(false);
        let (top, height) = (scroll.scroll_top(), scroll.scroll_height());
        is_unfolded.update(|on| *on = !*on);
        request_animation_frame(move || {
            let shrunk = height - scroll.scroll_height();
            if shrunk > 0 {
                // It shrinks above the button, which stays where it is.
                scroll.set_scroll_top(top - shrunk);
            }
            if scroll.scroll_height() <= scroll.client_height() {
                _ = at_end.try_set(true);
            }
        });
    };
    view! { class = "w",
        <div class="folded">{move || shown()}</div>
        <button
            class="fold"
            type="button"
            data-action="fold"
            aria-expanded=move || is_unfolded.get().to_string()
            node_ref=button
            on:click=on_click
        >
            {move || {
                i18n.text(if is_unfolded.get() { Text::MESSAGE_LESS } else { Text::MESSAGE_MORE })
            }}
        </button>
    }
}

fn transcript_around(element: Element) -> Option<Element> {
    element.closest("[role=log]").ok()?
}
