//! The Leptos components: what the visitor sees, a folder a pane, with its style sheet beside it.
//!
//! Components read the [`Store`](crate::store::Store) and call its actions. They know nothing of
//! servers, storage or timers. What all of them need comes by context: the store, the texts
//! ([`I18n`](crate::i18n::I18n)), the tenant's configuration, [`Focus`](focus::Focus), and what is loaded later
//! ([`Extras`]).
//!
//! Every `view!` with elements begins with `class = "w"`: the class resets the element (`style/base.css`), and with
//! it Leptos builds the element by DOM calls. Without it, markup that never changes would become
//! `template.innerHTML`, which pages with Trusted Types refuse.

#![expect(
    unreachable_pub,
    reason = "`#[component]` makes a function of its own `pub` that nobody calls"
)]
#![expect(
    clippy::redundant_closure,
    reason = "a closure written in the view is erased; one passed as a variable is code of its own"
)]

mod app;
mod composer;
mod effect;
mod extras;
mod focus;
mod form;
mod icon;
mod keys;
mod launcher;
mod links;
mod list;
mod news;
mod panel;
mod picture;
mod print;
mod show;
mod support;
mod transcript;
mod views;

pub use app::App;
pub(crate) use effect::effect;
pub use extras::Extras;
pub use views::extras;
