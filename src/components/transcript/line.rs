use leptos::prelude::*;
use parlour_chat::Item;

use super::file::File;
use super::frame::Place;
use super::offer::Offer;
use super::rich::RichMessage;

/// Shows the lines that hold more than words.
pub(in crate::components) fn line(place: Place, item: Item) -> AnyView {
    match item {
        Item::File { from, file } => view! { <File place from file/> }.into_any(),
        Item::Link { from, url } => view! { <Offer place from url/> }.into_any(),
        Item::Message {
            from,
            text,
            state,
            rich: Some(rich),
        } => view! { <RichMessage place from text state rich/> }.into_any(),
        // The others have words alone.
        _ => ().into_any(),
    }
}
