use std::sync::Arc;

use crate::context::context;
use leptos::prelude::*;
use parlour_config::{Config, Icon as LauncherIcon};

use super::focus::use_focus;
use super::icon::{Drawing, Icon};
use super::show::Show;
use crate::i18n::{Count, Text, use_i18n};
use crate::store::Store;

/// The highest number that the badge shows.
const BADGE_MAX: u32 = 99;

/// The button that opens and closes the panel, with the number of unread messages.
#[component]
pub(super) fn Launcher() -> impl IntoView {
    let store = context::<Store>();
    let config = context::<Arc<Config>>();
    let i18n = use_i18n();
    let label = i18n.label(None, &config.launcher.label).unwrap_or_default();
    let name = {
        let label = label.clone();
        move || match (store.open().get(), unread(store)) {
            (true, _) => i18n.text(Text::LAUNCHER_CLOSE),
            (false, 0) if is_going_on(store) => {
                [label.as_str(), &i18n.text(Text::LAUNCHER_ONGOING)].join(", ")
            }
            (false, 0) => label.clone(),
            (false, unread) => {
                format!(
                    "{label}, {}",
                    i18n.count(Count::LAUNCHER_UNREAD, unread.into())
                )
            }
        }
    };
    view! { class = "w",
        <button
            class="launcher"
            type="button"
            part="launcher"
            aria-haspopup="dialog"
            aria-label=move || name()
            aria-expanded=move || store.open().get().to_string()
            node_ref=use_focus().launcher
            on:click=move |_| store.set_open(!store.open().get_untracked())
        >
            <Face image=config.launcher.image.clone() icon=config.launcher.icon label/>
            <span class="launcher-close">
                <Icon drawing=Drawing::DOWN/>
            </span>
            <Badge/>
        </button>
    }
}

/// What the launcher shows while the panel is closed: the tenant's picture, one of ours, or its label.
#[component]
fn Face(image: Option<String>, icon: LauncherIcon, label: String) -> impl IntoView {
    let (path, class) = match (image, icon) {
        (Some(path), _) => (path, "icon filled"),
        (None, LauncherIcon::Chat) => (Drawing::CHAT.path().into(), "icon"),
        (None, LauncherIcon::Question) => (Drawing::QUESTION.path().into(), "icon"),
        (None, LauncherIcon::None) => {
            return view! { class = "w", <span class="launcher-face launcher-label">{label}</span> }
                .into_any();
        }
    };
    view! { class = "w",
        <span class="launcher-face">
            <svg class=class width="24" height="24" aria-hidden="true" viewBox="0 0 24 24">
                <path d=path></path>
            </svg>
        </span>
    }
    .into_any()
}

/// The number of unread messages, or a dot while a chat goes on. Hidden from screen readers: it is part
/// of the button's name.
#[component]
fn Badge() -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let number = move || {
        let unread = unread(store);
        if unread == 0 {
            return String::new();
        }
        let shown = i18n.number(unread.min(BADGE_MAX).into());
        if unread > BADGE_MAX {
            shown + "+"
        } else {
            shown
        }
    };
    let is_shown = move || unread(store) > 0 || (is_going_on(store) && !store.open().get());
    view! { class = "w",
        <Show when=move || is_shown()>
            <span
                class="badge"
                part="badge"
                aria-hidden="true"
                data-state=move || if unread(store) == 0 { "ongoing" } else { "unread" }
            >
                {move || number()}
            </span>
        </Show>
    }
}

fn is_going_on(store: Store) -> bool {
    store.state().with(|state| state.phase.is_open())
}

fn unread(store: Store) -> u32 {
    store.state().with(|state| state.unread)
}
