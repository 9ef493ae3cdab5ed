//! The desk page: `pages/desk/`, compiled in.

use std::sync::Arc;

use axum::Router;

use crate::server::app::App;
use crate::server::http::page::{self, Part};

macro_rules! part {
    ($name:literal, $file:literal) => {
        Part {
            name: $name,
            text: include_str!(concat!("../../../../pages/desk/", $file)),
        }
    };
    ($file:literal) => {
        part!($file, $file)
    };
}

const PARTS: &[Part] = &[
    part!("", "index.html"),
    part!("desk.css"),
    part!("icon.svg"),
    part!("main.js"),
    part!("api.js"),
    part!("chats.js"),
    part!("composer.js"),
    part!("conversation.js"),
    part!("details.js"),
    part!("dialog.js"),
    part!("dom.js"),
    part!("entries.js"),
    part!("list.js"),
    part!("live.js"),
    part!("me.js"),
    part!("menu.js"),
    part!("questions.js"),
    part!("rich.js"),
];

/// Routes `/desk/` and its parts.
pub(super) fn router() -> Router<Arc<App>> {
    page::router("/desk", PARTS)
}
