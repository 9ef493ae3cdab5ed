//! The extras: the views that a chat does not need at once, as they are loaded.
//!
//! Packages have them in a WebAssembly file of their own, which is fetched when a chat has begun. `cargo xtask`
//! splits the module at `views.rs`. Every other build has them in the module itself.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;
use parlour_chat::{Author, EntryId, Item, Participant, Phase, Refusal, State};
use web_sys::{DataTransfer, DragEvent};

use super::effect::effect;
use super::panel::question::Question;
use super::transcript::frame::Place;
use super::transcript::scroll::Scroll;
use crate::api::ApiOptions;
use crate::i18n::I18n;
use crate::store::Store;

/// The functions that make the views, and a few that act for them.
#[derive(Debug)]
pub struct Views {
    /// The style sheets of the views.
    pub(crate) styles: &'static str,
    pub(super) menu: fn(RwSignal<Option<Question>>) -> AnyView,
    pub(super) dialog: fn(Question, RwSignal<Option<Question>>) -> AnyView,
    pub(super) idle_warning: fn() -> AnyView,
    pub(super) ended: fn(RwSignal<Option<Question>>) -> AnyView,
    pub(super) news: fn() -> AnyView,
    pub(super) print: fn() -> AnyView,
    pub(super) reading: fn(Scroll) -> AnyView,
    pub(super) other_ways: fn() -> AnyView,
    pub(super) beginning: fn() -> AnyView,
    pub(super) avatar: fn(Participant) -> AnyView,
    pub(super) faces: fn() -> AnyView,
    pub(super) words: fn(Option<(Place, Author)>, String) -> AnyView,
    pub(super) failed: fn(EntryId, Refusal) -> AnyView,
    pub(super) typing: fn() -> AnyView,
    pub(super) refused_files: fn(I18n, &State) -> Option<String>,
    pub(super) attach: fn(AnyNodeRef) -> AnyView,
    pub(super) tray: fn() -> AnyView,
    pub(super) counter: fn() -> AnyView,
    pub(super) drop: fn(RwSignal<bool>) -> AnyView,
    pub(super) on_drop: fn(&DragEvent, Store, RwSignal<bool>),
    pub(super) pastes_files: fn(&DataTransfer, Store) -> bool,
    pub(super) line: fn(Place, Item) -> AnyView,
    pub(crate) serve: fn(ApiOptions),
}

/// How far the extras are.
#[derive(Clone, Copy, Debug)]
enum Stage {
    /// Nobody has needed them yet.
    Unloaded,
    /// They are being fetched.
    Loading,
    /// They could not be fetched.
    Failed,
    /// They are there.
    Loaded(&'static Views),
}

/// Fetches the views.
pub(super) type Load = fn() -> Pin<Box<dyn Future<Output = Option<&'static Views>>>>;

/// The extras, as they are loaded. The root provides them as a context.
#[derive(Clone, Copy, Debug)]
pub struct Extras {
    stage: RwSignal<Stage>,
    fetch: Load,
    /// Whether the conversation is being printed.
    pub(super) is_printing: RwSignal<bool>,
    /// Whether this page has asked for a chat.
    pub(crate) has_started: RwSignal<bool>,
    /// Whether the visitor is at the end of the transcript: then it stays there whatever grows.
    pub(super) at_end: RwSignal<bool>,
}

impl Extras {
    /// Makes the extras of a widget. Nothing is loaded yet.
    pub(super) fn new(fetch: Load) -> Self {
        Self {
            stage: RwSignal::new(Stage::Unloaded),
            fetch,
            is_printing: RwSignal::new(false),
            has_started: RwSignal::new(false),
            at_end: RwSignal::new(true),
        }
    }

    /// Loads the extras as soon as there is a chat, or none can begin.
    pub(super) fn follow_chat(self, store: Store) {
        effect(move || {
            // If they could not be loaded, the panel's next opening or closing is an occasion to try again.
            store.open().track();
            match store.phase() {
                Phase::Idle => {}
                Phase::Starting => self.has_started.set(true),
                Phase::Refused(_) | Phase::Chatting | Phase::Ending | Phase::Ended(_) => {
                    self.load()
                }
            }
        });
        effect(move || {
            if let (Stage::Loaded(_) | Stage::Failed, Some(actor)) =
                (self.stage.get(), store.actor())
            {
                actor.on_extras_settled();
            }
        });
    }

    /// Fetches the extras, unless they are there or on their way.
    pub(crate) fn load(self) {
        let Self { stage, fetch, .. } = self;
        if matches!(stage.get_untracked(), Stage::Unloaded | Stage::Failed) {
            stage.set(Stage::Loading);
            leptos::task::spawn_local(async move {
                let loaded = fetch().await;
                // The widget may be gone.
                stage.try_set(loaded.map_or(Stage::Failed, Stage::Loaded));
            });
        }
    }

    /// Tells whether the extras could not be fetched. Tracks it.
    pub(crate) fn has_failed(self) -> bool {
        matches!(self.stage.get(), Stage::Failed)
    }

    /// Shows one of the views as soon as they are there.
    ///
    /// With one type for all of them the code that waits is in the module once, not once for each.
    pub(super) fn view(self, make: impl Fn(&'static Views) -> AnyView + Send + 'static) -> AnyView {
        self.show(Box::new(make))
    }

    fn show(self, make: Box<dyn Fn(&'static Views) -> AnyView + Send>) -> AnyView {
        (move || self.loaded().map(&make)).into_any()
    }

    /// Returns the views once they are there. Tracks it.
    pub(crate) fn loaded(self) -> Option<&'static Views> {
        match self.stage.get() {
            Stage::Loaded(views) => Some(views),
            _ => None,
        }
    }
}

/// Shows what somebody said in a line of theirs, or the server; as it was written while the extras are not there.
pub(super) fn words(
    views: Option<&'static Views>,
    by: Option<(Place, Author)>,
    text: String,
) -> AnyView {
    match views {
        Some(views) => (views.words)(by, text),
        None => text.into_any(),
    }
}
