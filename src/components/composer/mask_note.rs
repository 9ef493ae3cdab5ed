use crate::context::context;
use leptos::prelude::*;

use crate::i18n::{Text, use_i18n};
use crate::store::Store;

/// The line that says that a number is masked: while it stands in the box, and after it was sent until the visitor
/// writes again.
#[component]
pub(super) fn MaskNote() -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let words = Memo::new(move |before: Option<&String>| {
        store.draft().with(|draft| {
            if draft.is_empty() {
                // What was there is sent, or taken back.
                before.cloned().unwrap_or_default()
            } else if store.offers().mask.finds(draft) {
                i18n.text(Text::COMPOSER_MASKED)
            } else {
                String::new()
            }
        })
    });
    view! { class = "w",
        <p class="mask-note" aria-live="polite">
            {move || words.get()}
        </p>
    }
}
