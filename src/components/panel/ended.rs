use std::sync::Arc;

use crate::context::context;
use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;
use parlour_chat::{Command, EndReason, Phase};
use parlour_config::Config;

use super::question::Question;
use crate::components::effect::on_change;
use crate::components::extras::Extras;
use crate::components::focus::{focus_soon, use_focus};
use crate::components::icon::{Drawing, Icon};
use crate::components::links::Link;
use crate::components::support::CopyDetails;
use crate::i18n::{I18n, Text, use_i18n};
use crate::store::Store;

/// What stands in the composer's place when the chat is over: thanks, the offer of a new chat, questions about this one
/// if the tenant has any, and ways to save or print what was said.
/// How it ended is the transcript's last line.
#[component]
pub(in crate::components) fn Ended(question: RwSignal<Option<Question>>) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let is_printing = context::<Extras>().is_printing;
    let button = AnyNodeRef::new();
    use_focus().set_first_control(button);
    let save = AnyNodeRef::new();
    on_change(
        move || question.get(),
        move |asked, now| {
            let asker = if asked == Some(Question::Save) {
                save
            } else {
                button
            };
            if now.is_none() {
                focus_soon(asker);
            }
        },
    );
    let phase = untrack(|| store.phase());
    let is_trouble = matches!(
        phase,
        Phase::Ended(EndReason::Dropped | EndReason::Gone | EndReason::Untold)
    );
    let (text, command) = next_chat(&phase);
    let on_new_chat = move |_| {
        if has_something_said(store) {
            question.set(Some(Question::NewChat));
        } else {
            store.command(command.clone());
        }
    };
    view! { class = "w",
        <div class="ended" data-state="ended">
            <p class="ended-text">{i18n.text(Text::ENDED_THANKS)}</p>
            <button
                class="button primary wide"
                type="button"
                data-action="new-chat"
                node_ref=button
                on:click=on_new_chat
            >
                {i18n.text(text)}
            </button>
            {survey(i18n, store)}
            <div class="ended-row">
                <button
                    class="button"
                    type="button"
                    data-action="save"
                    node_ref=save
                    on:click=move |_| question.set(Some(Question::Save))
                >
                    <Icon drawing=Drawing::SAVE/>
                    {i18n.text(Text::ENDED_SAVE)}
                </button>
                <button
                    class="button"
                    type="button"
                    data-action="print"
                    on:click=move |_| is_printing.set(true)
                >
                    <Icon drawing=Drawing::PRINT/>
                    {i18n.text(Text::ENDED_PRINT)}
                </button>
            </div>
            {is_trouble.then(|| view! { <CopyDetails/> })}
        </div>
    }
}

/// Returns what leads from a chat that is over to the next, in words, and as a command.
pub(super) fn next_chat(phase: &Phase) -> (Text, Command) {
    match phase {
        // Nobody wanted it to end: no form again.
        Phase::Ended(EndReason::Dropped) => (Text::ENDED_GO_ON, Command::StartAgain),
        _ => (Text::ENDED_NEW, Command::Reset),
    }
}

/// Tells whether there is something that a new chat would forget.
fn has_something_said(store: Store) -> bool {
    let mut found = false;
    store.each_entry(|entry| found |= entry.item.is_said());
    found
}

/// Shows the link to the tenant's survey, which opens in a new tab.
fn survey(i18n: I18n, store: Store) -> Option<AnyView> {
    let url = context::<Arc<Config>>().survey.url.clone()?;
    let chat = store
        .state()
        .with_untracked(|state| state.ended_chat.clone());
    let encoded = |words: &str| String::from(js_sys::encode_uri_component(words));
    let url = url.replace("{chat}", &encoded(&chat.unwrap_or_default()));
    let url = url.replace("{locale}", &encoded(&i18n.locale()));
    let link = Link::parse(&url).filter(|link| !link.host.is_empty())?;
    let view = view! { class = "w",
        <a
            class="button wide"
            data-action="survey"
            href=link.href
            target="_blank"
            rel="noopener noreferrer"
        >
            {i18n.text(Text::ENDED_SURVEY)}
        </a>
    };
    Some(view.into_any())
}
