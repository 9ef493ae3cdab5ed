use leptos::prelude::*;

/// Shows its children while a condition holds, by Leptos' own `Show`.
///
/// With concrete types for condition and children the code of `Show` is in the module once, not
/// once for each use.
#[component]
pub(super) fn Show(
    #[prop(into)] when: Signal<bool>,
    children: ChildrenFn,
    #[prop(optional, into)] fallback: ViewFn,
) -> impl IntoView {
    view! {
        <leptos::control_flow::Show when=move || when.get() fallback>
            {children()}
        </leptos::control_flow::Show>
    }
}
