//! What the visitor sees. One folder or file a pane.
//!
//! Panes are plain functions from the [`Ui`] to an [`El`]: they read the store and call its actions,
//! and know nothing of servers, storage or time. What lives in an element is a function of watched
//! values, run again by Leptos when one of them changes.

mod app;
mod composer;
mod dom;
mod focus;
mod form;
mod icon;
mod launcher;
mod links;
mod panel;
mod transcript;
mod ui;

pub use app::app;
pub use dom::{El, Made};
pub use ui::Ui;
