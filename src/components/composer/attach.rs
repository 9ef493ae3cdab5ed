use crate::context::context;
use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;
use parlour_chat::{FileLimits, Refusal, RefusalReason, RefusedFile, State};
use web_sys::{FileList, HtmlInputElement};

use crate::components::focus::{element, focus_now};
use crate::components::icon::{Drawing, Icon};
use crate::i18n::{Count, FileSubject, I18n, Text, use_i18n};
use crate::store::Store;

/// The button that picks files for the message in `input`, with what the server allows of them.
#[component]
pub(in crate::components) fn Attach(input: AnyNodeRef) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let picker = AnyNodeRef::new();
    let picker_input = move || element::<HtmlInputElement>(picker);
    let refused = move || store.state().with(State::refuse_files);
    let on_click = move |_| {
        if let (Some(picker), None) = (picker_input(), untrack(refused)) {
            picker.click();
        }
    };
    let on_change = move |_| {
        if let Some(picker) = picker_input() {
            let files = picker.files();
            let all = |files: FileList| {
                (0..files.length())
                    .filter_map(|at| files.item(at))
                    .collect()
            };
            store.attach(files.map(all).unwrap_or_default());
            // The same file may be picked again.
            picker.set_value("");
            focus_now(input);
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
                aria-label=i18n.text(Text::FILE_ATTACH)
                aria-disabled=move || refused().map(|_| "true")
                on:click=on_click
            >
                <Icon drawing=Drawing::CLIP/>
            </button>
            <p class="limits" id="limits" role="tooltip">
                {move || hint(store, i18n)}
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

/// Says what may be attached, or why nothing can be.
pub(super) fn hint(store: Store, i18n: I18n) -> String {
    store.state().with(|state| match state.refuse_files() {
        Some(RefusalReason::NeedsAgent) => i18n.text(Text::FILE_LIMITS_AGENT),
        Some(RefusalReason::NotOffered) => i18n.text(Text::REFUSAL_NO_FILES),
        Some(_) => i18n.text(Text::FILE_LIMITS_NONE),
        None => {
            let words = state
                .limits
                .as_ref()
                .map(|limits| limits_in_words(i18n, limits));
            let words = words.filter(|words| !words.is_empty());
            words.unwrap_or_else(|| i18n.text(Text::FILE_ATTACH))
        }
    })
}

/// Puts the server's limits into words, a line each: languages separate sentences in different ways.
fn limits_in_words(i18n: I18n, limits: &FileLimits) -> String {
    let size = |text, bytes| i18n.fill(text, &[("size", &i18n.bytes(bytes))]);
    let lines = [
        limits
            .left()
            .map(|left| i18n.count(Count::FILE_LIMITS_LEFT, left)),
        limits
            .max_file_bytes
            .map(|most| size(Text::FILE_LIMITS_EACH, most)),
        limits
            .max_total_bytes
            .map(|most| size(Text::FILE_LIMITS_TOTAL, most)),
        allowed_types(i18n, limits),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// Says of each file that could not be attached why, a line a file.
pub(in crate::components) fn refused_files(i18n: I18n, state: &State) -> Option<String> {
    let files = state.refused_files.iter();
    let lines: Vec<String> = files
        .map(|RefusedFile { name, refusal }| {
            let words = file_refusal(i18n, state, refusal, FileSubject::Choice);
            // Isolated: a name in another direction leaves the words in their order.
            ["\u{2068}", name, "\u{2069}: ", &words].concat()
        })
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Says why a file cannot be sent, with the types that are allowed if its type is the reason.
pub(in crate::components) fn file_refusal(
    i18n: I18n,
    state: &State,
    refusal: &Refusal,
    subject: FileSubject,
) -> String {
    if refusal.reason == RefusalReason::NotOffered {
        return i18n.text(Text::REFUSAL_NO_FILES);
    }
    let words = i18n.file_refusal(refusal, subject);
    let limits = state.limits.as_ref();
    let limits = limits.filter(|_| refusal.reason == RefusalReason::FileTypeRefused);
    match limits.and_then(|limits| allowed_types(i18n, limits)) {
        Some(types) => [&words, " ", &types].concat(),
        None => words,
    }
}

/// Lists the types that may be sent, where the server limits them.
fn allowed_types(i18n: I18n, limits: &FileLimits) -> Option<String> {
    let types = limits.extensions.join(", ");
    (!types.is_empty()).then(|| i18n.fill(Text::FILE_LIMITS_TYPES, &[("types", &types)]))
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
