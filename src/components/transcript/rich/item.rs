use leptos::prelude::*;
use parlour_chat::{Picture, RichAction, RichItem};

use super::answer::Answer;
use super::choice::Choice;
use crate::components::transcript::words::Words;
use crate::i18n::{Text, use_i18n};

/// A card: what it is about, and what can be done about it.
#[component]
pub(super) fn Card(item: RichItem, answer: Answer) -> impl IntoView {
    let RichItem {
        title,
        text,
        picture,
        action,
        mut buttons,
    } = item;
    if let (Some(action), Some(title)) = (action, &title) {
        buttons.insert(0, (title.clone(), action));
    }
    view! { class = "w",
        <li class="card rich-card">
            {title.map(|title| view! { <Title title/> }.into_any())}
            {text.map(|text| view! { <Paragraph text/> }.into_any())}
            {picture.map(|picture| view! { <PictureLink picture answer/> }.into_any())}
            <Buttons buttons answer/>
        </li>
    }
}

/// A row of a list. All of it can be chosen, where it is something to choose.
#[component]
pub(super) fn ListRow(item: RichItem, answer: Answer, is_selection: bool) -> impl IntoView {
    let RichItem {
        title,
        text,
        picture,
        action,
        buttons,
    } = item;
    let row = match (title, action) {
        (Some(label), Some(action)) => {
            view! { <Choice label action answer is_selection text/> }.into_any()
        }
        (title, _) => view! { class = "w",
            {title.map(|title| view! { <Title title/> }.into_any())}
            {text.map(|text| view! { <Paragraph text/> }.into_any())}
        }
        .into_any(),
    };
    view! { class = "w",
        <li class="rich-row">
            {row}
            {picture.map(|picture| view! { <PictureLink picture answer/> }.into_any())}
            <Buttons buttons answer/>
        </li>
    }
}

#[component]
fn Title(title: String) -> impl IntoView {
    view! { class = "w", <p class="rich-title" dir="auto">{title}</p> }
}

#[component]
fn Paragraph(text: String) -> impl IntoView {
    view! { class = "w",
        <p class="rich-text" dir="auto">
            <Words text/>
        </p>
    }
}

/// A picture elsewhere on the web, in words, and the way to it. Loading it would tell its host of the visitor.
#[component]
fn PictureLink(picture: Picture, answer: Answer) -> impl IntoView {
    let i18n = use_i18n();
    let label = picture
        .words
        .unwrap_or_else(|| i18n.text(Text::RICH_PICTURE));
    let action = RichAction::Open(picture.address);
    view! { <Choice label action answer is_selection=false/> }
}

#[component]
fn Buttons(buttons: Vec<(String, RichAction)>, answer: Answer) -> impl IntoView {
    let buttons = buttons.into_iter();
    let buttons: Vec<_> = buttons
        .map(|(label, action)| {
            view! { class = "w",
                <li class="rich-button">
                    <Choice label action answer is_selection=false/>
                </li>
            }
            .into_any()
        })
        .collect();
    (!buttons.is_empty()).then(|| {
        view! { class = "w", <ul class="rich-buttons" role="list">{buttons}</ul> }.into_any()
    })
}
