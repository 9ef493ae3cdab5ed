use leptos::prelude::*;
use parlour_chat::{ChatCommand, RichAction};

use super::answer::Answer;
use crate::components::focus::use_focus;
use crate::components::icon::{Drawing, Icon};
use crate::components::links::Link;
use crate::components::show::Show;
use crate::context::context;
use crate::i18n::{Text, use_i18n};
use crate::store::Store;

/// Something to choose: a button that says it for the visitor, or a link.
#[component]
pub(super) fn Choice(
    label: String,
    action: RichAction,
    answer: Answer,
    /// Whether one can be chosen, and nothing after that.
    is_selection: bool,
    /// What stands below the label.
    #[prop(optional_no_strip)]
    text: Option<String>,
) -> impl IntoView {
    let words = view! { <Label label=label.clone() text/> }.into_any();
    match action {
        RichAction::Say(says) => view! { <Say says answer is_selection words/> }.into_any(),
        RichAction::Open(address) => view! { <Open address words/> }.into_any(),
    }
}

#[component]
fn Label(label: String, text: Option<String>) -> impl IntoView {
    let text = text.map(|text| {
        view! { class = "w", <span class="choice-text" dir="auto">{text}</span> }.into_any()
    });
    view! { class = "w",
        <span class="choice-words">
            <span class="choice-label" dir="auto">{label}</span>
            {text}
        </span>
    }
}

#[component]
fn Say(says: String, answer: Answer, is_selection: bool, words: AnyView) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let focus = use_focus();
    // Replies go once one was chosen.
    on_cleanup(move || focus.restore_if_lost());
    let chosen = says.clone();
    let is_chosen = Memo::new(move |_| answer.get().is_some_and(|said| said.trim() == chosen));
    let can_be_said = says.clone();
    let is_open = Memo::new(move |_| {
        let is_answered = answer.get().is_some();
        let is_over = is_chosen.get() || is_selection && is_answered;
        !is_over && store.state().with(|state| state.can_send(&can_be_said))
    });
    let on_click = move |_: leptos::ev::MouseEvent| {
        if is_open.get_untracked() {
            store.sent_here().update(|count| *count += 1);
            // What is being written stays.
            store.command(ChatCommand::Send(says.clone()));
        }
    };
    // It keeps the focus when it cannot be chosen any more.
    view! { class = "w",
        <button
            class="choice"
            type="button"
            data-action="choose"
            data-state=move || is_chosen.get().then_some("chosen")
            aria-disabled=move || (!is_open.get()).then_some("true")
            on:click=on_click
        >
            {words}
            <Show when=move || is_chosen.get()>
                <Icon drawing=Drawing::CHECK/>
                <span class="unseen">{i18n.text(Text::RICH_CHOSEN)}</span>
            </Show>
        </button>
    }
}

/// A link with the host that it leads to. What may not be followed is shown as text.
#[component]
fn Open(address: String, words: AnyView) -> impl IntoView {
    let i18n = use_i18n();
    let Some(link) = Link::parse_page(&address).or_else(|| Link::parse(&address)) else {
        return view! { class = "w",
            <p class="choice-text">{words} <bdi dir="ltr">{address}</bdi></p>
        }
        .into_any();
    };
    let Link { href, host, path } = link;
    let place = if host.is_empty() { path } else { host };
    view! { class = "w",
        <a class="choice" href=href target="_blank" rel="noopener noreferrer">
            <span class="choice-words">
                {words}
                <span class="choice-text">
                    <bdi dir="ltr">{place}</bdi>
                </span>
            </span>
            <Icon drawing=Drawing::OPEN/>
            <span class="unseen">{i18n.text(Text::LINK_NEW_TAB)}</span>
        </a>
    }
    .into_any()
}
