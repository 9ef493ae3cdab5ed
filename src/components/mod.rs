//! What the visitor sees. One folder or file a pane.
//!
//! Panes are plain functions from the [`Ui`] to a view: they read the store and call its actions,
//! and know nothing of servers, storage or time. Every `view!` says `class = "w"`: it gives each
//! element the class that `style/base.css` resets, and makes Leptos build elements one by one
//! instead of from markup in a string, which pages with Trusted Types refuse.

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
pub use ui::Ui;
