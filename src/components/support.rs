//! A button that copies what support needs to know, for where something went wrong.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use crate::context::context;
use crate::i18n::{Text, use_i18n};
use crate::store::Store;

/// The button, and what became of it. The scripts of the page have the log, and put it onto the clipboard.
#[component]
pub(super) fn CopyDetails() -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let outcome = RwSignal::new(None::<Text>);
    let on_click = move |_| {
        let done = Closure::once_into_js(move |is_copied: JsValue| {
            let text = if is_copied.is_truthy() {
                Text::SUPPORT_COPIED
            } else {
                Text::SUPPORT_NOT_COPIED
            };
            // The panel may be gone.
            outcome.try_set(Some(text));
        });
        store.emit("copyDiagnostics", &done);
    };
    view! { class = "w",
        <div class="support">
            <button class="action" type="button" part="support" on:click=on_click>
                {i18n.text(Text::SUPPORT_COPY)}
            </button>
            <span class="support-outcome" role="status">
                {move || outcome.get().map(|text| i18n.text(text))}
            </span>
        </div>
    }
}
