//! What a chat does not need at once: a part of the driver, and some views: the menu, questions, links, files, who
//! types, what came while the panel was closed, failed messages, other ways of contact, the idle warning, the end, the
//! conversation on paper and to take away, faces, the first lines.
//!
//! What only [`VIEWS`] and [`driver::install_later`] reach, packages have in the file that [`load`] fetches.

use leptos::prelude::*;

use super::composer::{Attach, Counter, DropNotice, Tray, on_drop, pastes_files, refused_files};
use super::extras::{Extras, Views};
use super::form::OtherWays;
use super::news::News;
use super::panel::{Dialog, Ended, IdleWarning, Menu};
use super::print::Print;
use super::support::CopyDetails;
use super::transcript::{Avatar, Beginning, Faces, Failed, Reading, Said, Typing, Words, line};
use crate::{api, driver};

/// The style sheets of `style/extras.css`.
const STYLES: &str = include_str!(concat!(env!("OUT_DIR"), "/extras.css"));

/// The table of the views.
static VIEWS: Views = Views {
    styles: STYLES,
    menu: |question| view! { <Menu question/> }.into_any(),
    dialog: |asked, question| view! { <Dialog asked question/> }.into_any(),
    idle_warning: || view! { <IdleWarning/> }.into_any(),
    ended: |question| view! { <Ended question/> }.into_any(),
    news: || view! { <News/> }.into_any(),
    print: || view! { <Print/> }.into_any(),
    reading: |scroll| view! { <Reading scroll/> }.into_any(),
    other_ways: || view! { <OtherWays/> <CopyDetails/> }.into_any(),
    beginning: || view! { <Beginning/> }.into_any(),
    avatar: |who| view! { <Avatar who/> }.into_any(),
    faces: || view! { <Faces/> }.into_any(),
    words: |by, text| match by {
        Some((place, from)) => view! { <Said place from text/> }.into_any(),
        None => view! { <Words text/> }.into_any(),
    },
    failed: |id, refusal| view! { <Failed id refusal/> }.into_any(),
    typing: || view! { <Typing/> }.into_any(),
    refused_files,
    attach: |input| view! { <Attach input/> }.into_any(),
    tray: || view! { <Tray/> }.into_any(),
    counter: || view! { <Counter/> }.into_any(),
    drop: |dragging| view! { <DropNotice dragging/> }.into_any(),
    on_drop,
    pastes_files,
    line,
    serve: api::serve,
};

/// Makes the extras of a widget. Nothing is loaded yet.
#[must_use]
pub fn extras() -> Extras {
    Extras::new(|| Box::pin(async { load().await.ok() }))
}

/// Loads the part of the module with the views, and returns them. The driver has its own part then.
#[cfg(feature = "split")]
#[leptos::wasm_split::wasm_split(extras, wasm_split_path = leptos::wasm_split, fallible)]
fn load() -> Result<&'static Views, leptos::wasm_split::SplitLoaderError> {
    driver::install_later();
    Ok(&VIEWS)
}

/// Returns the views. The driver has its own part then.
#[cfg(not(feature = "split"))]
async fn load() -> Result<&'static Views, std::convert::Infallible> {
    driver::install_later();
    Ok(&VIEWS)
}
