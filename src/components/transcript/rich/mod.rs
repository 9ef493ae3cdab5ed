//! Rich messages: answers to choose from, cards, lists, and what is somewhere on the web.

mod answer;
mod choice;
mod item;

use leptos::prelude::*;
use parlour_chat::{Author, Layout, MessageState, Phase, Rich, RichItem};

use super::frame::{Byline, Frame, Place, Timestamp, data_from};
use super::message::Message;
use super::said::Said;
use crate::components::extras::Extras;
use crate::components::show::Show;
use crate::context::context;
use crate::i18n::{Text, use_i18n};
use crate::store::Store;

use answer::Answer;
use choice::Choice;
use item::{Card, ListRow};

/// A message with more than words. What cannot be read of it, or comes from the visitor, is an ordinary message.
#[component]
pub(in crate::components) fn RichMessage(
    place: Place,
    from: Author,
    text: String,
    state: MessageState,
    rich: String,
) -> impl IntoView {
    let rich = Rich::parse(&rich).filter(|_| from != Author::Me);
    let Some(rich) = rich else {
        let views = context::<Extras>().loaded();
        return view! { <Message place from text state views/> }.into_any();
    };
    let group = place.group;
    let bubble = (!rich.repeats(&text)).then(|| {
        view! { class = "w",
            <div
                class="bubble"
                part="message"
                dir="auto"
                data-from=data_from(&from)
                data-state="sent"
            >
                <Said place from=from.clone() text/>
            </div>
        }
        .into_any()
    });
    view! { class = "w",
        <Frame from=from.clone() group>
            <Byline from=from.clone() group/>
            {bubble}
            <Contents place rich/>
            <Timestamp place/>
        </Frame>
    }
    .into_any()
}

#[component]
fn Contents(place: Place, rich: Rich) -> impl IntoView {
    let answer = Answer::to(place.id, context::<Store>());
    let Rich { layout, items } = rich;
    match layout {
        Layout::Replies => view! { <Replies items answer/> }.into_any(),
        Layout::Cards => view! { <Cards items answer/> }.into_any(),
        Layout::List | Layout::Selection | Layout::Attachments => {
            view! { <List items answer is_selection={layout == Layout::Selection}/> }.into_any()
        }
    }
}

/// Answers to a question. They go once it is answered, in whatever words.
#[component]
fn Replies(items: Vec<RichItem>, answer: Answer) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let replies = move || {
        let items = items.clone().into_iter();
        items
            .map(|item| {
                let label = item.title.unwrap_or_default();
                let choice = item.action.map(|action| {
                    view! { <Choice label action answer is_selection=true/> }.into_any()
                });
                view! { class = "w", <li class="reply">{choice}</li> }.into_any()
            })
            .collect::<Vec<_>>()
    };
    view! { class = "w",
        <Show when=move || answer.get().is_none() && store.phase() == Phase::Chatting>
            <div
                class="rich-group"
                role="group"
                data-kind="replies"
                aria-label=i18n.text(Text::RICH_REPLIES)
            >
                <ul class="replies" role="list">
                    {replies()}
                </ul>
            </div>
        </Show>
    }
}

/// Cards side by side. They are scrolled by hand, and by the keyboard.
#[component]
fn Cards(items: Vec<RichItem>, answer: Answer) -> impl IntoView {
    let i18n = use_i18n();
    let is_many = items.len() > 1;
    let cards = items.into_iter();
    let cards: Vec<_> = cards
        .map(|item| view! { <Card item answer/> }.into_any())
        .collect();
    view! { class = "w",
        <div
            class="rich-group"
            class:carousel=is_many
            role="group"
            data-kind="cards"
            aria-label=i18n.text(Text::RICH_CARDS)
            tabindex=is_many.then_some("0")
        >
            <ul class="cards" role="list">
                {cards}
            </ul>
        </div>
    }
}

#[component]
fn List(items: Vec<RichItem>, answer: Answer, is_selection: bool) -> impl IntoView {
    let i18n = use_i18n();
    let rows = items.into_iter();
    let rows: Vec<_> = rows
        .map(|item| view! { <ListRow item answer is_selection/> }.into_any())
        .collect();
    let name = if is_selection {
        Text::RICH_REPLIES
    } else {
        Text::RICH_LIST
    };
    view! { class = "w",
        <div
            class="rich-group card"
            role="group"
            data-kind="list"
            aria-label=i18n.text(name)
        >
            <ul class="rich-rows" role="list">
                {rows}
            </ul>
        </div>
    }
}
