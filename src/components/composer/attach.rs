use crate::context::context;
use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;
use parlour_chat::{FileLimits, Phase, RefusalReason};
use web_sys::{FileList, HtmlInputElement};

use crate::components::focus::element;
use crate::components::icon::{Drawing, Icon};
use crate::i18n::{Count, I18n, Text, use_i18n};
use crate::store::Store;

/// Why no file can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoFiles {
    /// The tenant or the server has no files, or no chat is going on.
    NotOffered,
    /// The server's limits forbid it for now.
    Refused(RefusalReason),
}

/// Tells whether the visitor can send files now, or else why not. Tracks what it depends on.
pub(super) fn can_send_files(store: Store) -> Result<(), NoFiles> {
    store.state().with(|state| {
        if !state.offers.files || state.phase != Phase::Chatting {
            return Err(NoFiles::NotOffered);
        }
        let limits = state.limits.as_ref();
        match limits.and_then(|limits| limits.refuse_all(&state.agents)) {
            Some(reason) => Err(NoFiles::Refused(reason)),
            None => Ok(()),
        }
    })
}

/// The button that picks files, with what the server allows of them.
#[component]
pub(super) fn Attach() -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let picker = AnyNodeRef::new();
    let picker_input = move || element::<HtmlInputElement>(picker);
    let on_click = move |_| {
        if let (Some(picker), Ok(())) = (picker_input(), untrack(|| can_send_files(store))) {
            picker.click();
        }
    };
    let on_change = move |_| {
        if let Some(picker) = picker_input() {
            if let Some(files) = picker.files() {
                send_files(store, &files);
            }
            // The same file may be picked again.
            picker.set_value("");
        }
    };
    // Not `disabled`: the button keeps the focus, and with it the description that says why.
    view! { class = "w",
        <div class="attach">
            <button
                class="icon-button"
                type="button"
                part="attach"
                aria-describedby="limits"
                aria-label=i18n.text(Text::FileAttach)
                aria-disabled=move || can_send_files(store).is_err().then_some("true")
                on:click=on_click
            >
                <Icon drawing=Drawing::Clip/>
            </button>
            <p class="limits" id="limits" role="tooltip">
                {move || hint(store, i18n, can_send_files(store))}
            </p>
            <input
                class="unseen"
                type="file"
                tabindex="-1"
                aria-hidden="true"
                multiple=true
                accept=move || store.state().with(|state| accept_list(state.limits.as_ref()?))
                node_ref=picker
                on:change=on_change
            />
        </div>
    }
}

/// Sends files that were picked, dropped or pasted.
pub(super) fn send_files(store: Store, files: &FileList) {
    for file in (0..files.length()).filter_map(|at| files.item(at)) {
        store.attach(file);
    }
}

/// Says what may be sent, or why nothing can be.
pub(super) fn hint(store: Store, i18n: I18n, now: Result<(), NoFiles>) -> String {
    match now {
        Err(NoFiles::Refused(RefusalReason::NeedsAgent)) => return i18n.text(Text::FileLimitAgent),
        Err(NoFiles::Refused(_)) => return i18n.text(Text::FileLimitNone),
        Err(NoFiles::NotOffered) | Ok(()) => {}
    }
    let words = store
        .state()
        .with(|state| Some(limits_in_words(i18n, state.limits.as_ref()?)));
    words
        .filter(|words| !words.is_empty())
        .unwrap_or_else(|| i18n.text(Text::FileAttach))
}

/// Puts the server's limits into words.
fn limits_in_words(i18n: I18n, limits: &FileLimits) -> String {
    let size = |text, bytes| i18n.fill(text, &[("size", &i18n.bytes(bytes))]);
    let numbers = [
        limits.left().map(|left| i18n.count(Count::FilesLeft, left)),
        limits
            .max_file_bytes
            .map(|most| size(Text::FileLimitEach, most)),
        limits
            .max_total_bytes
            .map(|most| size(Text::FileLimitTotal, most)),
    ];
    let numbers = numbers.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let sentences = [Some(numbers), allowed_types(i18n, limits)];
    let sentences = sentences.into_iter().flatten();
    sentences
        .filter(|sentence| !sentence.is_empty())
        .collect::<Vec<_>>()
        .join(". ")
}

/// Lists the types that may be sent, where the server limits them.
pub(in crate::components) fn allowed_types(i18n: I18n, limits: &FileLimits) -> Option<String> {
    let types = limits.extensions.join(", ");
    (!types.is_empty()).then(|| i18n.fill(Text::FileLimitTypes, &[("types", &types)]))
}

/// Lists the allowed types as the `accept` attribute takes them.
fn accept_list(limits: &FileLimits) -> Option<String> {
    let types: Vec<String> = limits
        .extensions
        .iter()
        .map(|extension| format!(".{extension}"))
        .collect();
    (!types.is_empty()).then(|| types.join(","))
}
