use leptos::prelude::*;

/// A list of views, each with the key that tells it apart. With one type for all lists the code of `For` is
/// in the module once.
#[component]
pub(super) fn KeyedList(items: Box<dyn Fn() -> Vec<(u64, ViewFn)> + Send>) -> impl IntoView {
    view! {
        <For each=items key=|(key, _)| *key let((_, view))>
            {view.run()}
        </For>
    }
}
