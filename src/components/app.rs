use std::sync::Arc;

use leptos::prelude::*;
use parlour_config::Config;

use super::composer::{on_drag_over, opens_for};
use super::extras::Extras;
use super::focus::Focus;
use super::launcher::Launcher;
use super::panel::Panel;
use crate::i18n::{I18n, Texts};
use crate::store::Store;

/// The whole widget: the launcher and the panel.
///
/// The panel is built at once, closed: a click only has to show it. While it is closed it keeps its
/// scroll position and what was filled in.
#[component]
pub fn App(
    /// What is shown, and the way to act on it.
    store: Store,
    /// The views that are loaded later.
    extras: Extras,
    /// The tenant's configuration.
    config: Arc<Config>,
    /// The texts in the visitor's language.
    texts: Texts,
) -> impl IntoView {
    let focus = Focus::new();
    let dragging = RwSignal::new(false);
    provide_context(store);
    provide_context(config);
    provide_context(I18n::new(texts));
    provide_context(focus);
    focus.follow_panel(store);
    extras.follow_chat(store);
    provide_context(extras);
    view! { class = "w",
        <div
            class="app"
            data-panel=move || if store.open().get() { "open" } else { "closed" }
            on:dragenter=move |event| opens_for(&event, store)
            on:dragover=|event| on_drag_over(&event)
            on:drop=move |event| {
                match untrack(|| extras.loaded()) {
                    Some(views) => (views.on_drop)(&event, store, dragging),
                    None => on_drag_over(&event),
                }
            }
        >
            <Launcher/>
            {extras.view(|views| (views.news)())}
            <Panel dragging/>
            {move || {
                let views = extras.loaded()?;
                extras.is_printing.get().then(|| (views.print)())
            }}
        </div>
    }
}
