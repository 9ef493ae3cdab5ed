use crate::context::context;
use leptos::ev::ErrorEvent;
use leptos::prelude::*;
use parlour_chat::{ChatCommand, NewFile};
use web_sys::{Element, Url};

use crate::components::focus::use_focus;
use crate::components::icon::{Drawing, Icon};
use crate::components::list::KeyedList;
use crate::i18n::{Text, use_i18n};
use crate::store::Store;

/// The files that go with the next message, above the box to write in.
#[component]
pub(in crate::components) fn Tray() -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    // Safari takes a list without markers for none.
    view! { class = "w",
        <ul
            class="tray"
            part="tray"
            role="list"
            aria-label=i18n.text(Text::FILE_TRAY)
            aria-live="polite"
        >
            <KeyedList items=Box::new(move || {
                let files = store.state().with(|state| state.attachments.clone()).into_iter();
                files
                    .map(|file| {
                        let key = file.handle.0;
                        (key, ViewFn::from(move || view! { <Attachment file=file.clone()/> }))
                    })
                    .collect()
            })/>
        </ul>
    }
}

/// A file that is attached: a picture of it where there is one, its name and size, and a button that takes
/// it off.
#[component]
fn Attachment(file: NewFile) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let focus = use_focus();
    let NewFile {
        handle,
        name,
        bytes,
        ..
    } = file;
    let picture = store.actor().and_then(|actor| actor.picture(handle));
    let picture = picture.map(|address| {
        let revoked = address.clone();
        on_cleanup(move || _ = Url::revoke_object_url(&revoked));
        // The page's policy may forbid it, or it is none: the icon below stays.
        let on_error = |event: ErrorEvent| event_target::<Element>(&event).remove();
        view! { class = "w", <img class="tray-picture" alt="" src=address on:error=on_error/> }
            .into_any()
    });
    let title = i18n.text(Text::FILE_DISCARD);
    let on_click = move |_| {
        store.command(ChatCommand::Detach(handle));
        focus.restore_if_lost();
    };
    view! { class = "w",
        <li class="card-row">
            <span class="card-icon">
                <Icon drawing=Drawing::FILE/>
                {picture}
            </span>
            <div class="card-words">
                <p class="card-name">
                    <bdi>{name.clone()}</bdi>
                </p>
                <p class="card-facts">{i18n.bytes(bytes)}</p>
            </div>
            <button
                class="icon-button small"
                type="button"
                data-action="detach"
                aria-label=format!("{title} {name}")
                title=title
                on:click=on_click
            >
                <Icon drawing=Drawing::CLOSE/>
            </button>
        </li>
    }
}
