use crate::context::context;
use leptos::prelude::*;
use parlour_chat::{Author, Entry, Item, ParticipantKind, WallTime};

use super::frame::Place;
use super::message::Message;
use super::system::{Event, Notice};
use crate::components::extras::{Extras, Views};
use crate::components::show::Show;
use crate::i18n::{Text, use_i18n};
use crate::store::{Row, Store};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// An entry of the timeline, and the day above it if one begins.
///
/// When the entry changes its view is made anew, and Leptos changes the elements in place: a button
/// under a finger stays, and a screen reader does not read the line again.
#[component]
pub(super) fn TimelineEntry(row: Row) -> impl IntoView {
    let extras = context::<Extras>();
    let entry: ReadSignal<Entry> = row.entry.read_only().into();
    view! { class = "w",
        <div class="row">
            <Show when=move || entry.with(|entry| entry.new_day)>
                <DayDivider entry/>
            </Show>
            {move || view_of(entry.get(), extras.loaded())}
        </div>
    }
}

fn view_of(entry: Entry, views: Option<&'static Views>) -> AnyView {
    let place = Place::of(&entry);
    match entry.item {
        Item::Message { from, text, .. } if is_system(&from) => {
            view! { <Notice text views/> }.into_any()
        }
        Item::Notice { text, .. } => view! { <Notice text views/> }.into_any(),
        Item::Message {
            from,
            text,
            state,
            rich,
        } if rich.is_none() || views.is_none() => {
            view! { <Message place from text state views/> }.into_any()
        }
        item @ (Item::Message { .. } | Item::Link { .. } | Item::File { .. }) => {
            views.map(|views| (views.line)(place, item)).into_any()
        }
        item @ (Item::Joined(_)
        | Item::Returned(_)
        | Item::Left(..)
        | Item::Renamed { .. }
        | Item::Ended(_)) => view! { <Event item/> }.into_any(),
    }
}

/// The day that begins: today, yesterday, or a date.
#[component]
fn DayDivider(entry: ReadSignal<Entry>) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let words = move || {
        let today = store.today().get();
        let date = i18n.day(entry.with(|entry| entry.at));
        if date == i18n.day(today) {
            i18n.text(Text::TRANSCRIPT_TODAY)
        } else if date == i18n.day(WallTime(today.0 - DAY_MS)) {
            i18n.text(Text::TRANSCRIPT_YESTERDAY)
        } else {
            date
        }
    };
    view! { class = "w",
        <div class="day">
            <span>{move || words()}</span>
        </div>
    }
}

fn is_system(author: &Author) -> bool {
    matches!(author, Author::Other(other) if other.kind == ParticipantKind::System)
}
