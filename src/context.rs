use leptos::prelude::use_context;

/// Returns what the widget's root has provided by its type.
///
/// Leptos' own `expect_context` would put the type's name into the module, and a tenant's package
/// names nobody but the tenant.
#[expect(
    clippy::expect_used,
    reason = "the root provides every context before it makes a component"
)]
pub(crate) fn context<T: Clone + 'static>() -> T {
    use_context().expect("the root provides it")
}
