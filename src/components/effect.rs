use std::cell::RefCell;

use leptos::prelude::*;

/// Runs a function soon, and again whenever a signal that it has read changes.
///
/// This is Leptos' `Effect` with one type for all functions: its code is in the module once, not
/// once for each use.
pub(crate) fn effect(run: impl Fn() + 'static) {
    let run: Box<dyn Fn()> = Box::new(run);
    Effect::new(run);
}

/// Runs a function with the old and the new value whenever a value that depends on signals changes.
pub(super) fn on_change<T: PartialEq + Clone + 'static>(
    value: impl Fn() -> T + 'static,
    run: impl Fn(T, T) + 'static,
) {
    let last = RefCell::new(untrack(&value));
    effect(move || {
        let new = value();
        let old = last.replace(new.clone());
        if old != new {
            untrack(|| run(old, new));
        }
    });
}
