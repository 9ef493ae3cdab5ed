use std::cell::RefCell;

use leptos::prelude::*;
use leptos::reactive::signal::ArcTrigger;

/// Holds a value that views and effects follow: reading it makes them depend on it, changing it
/// runs them again.
///
/// Leptos' own signals do more, and each type of them brings code of its own; these all share one
/// trigger. Values are cloned or looked at, never held on to: effects run later, not in the middle
/// of a change.
pub struct Watched<T> {
    value: RefCell<T>,
    changed: ArcTrigger,
}

impl<T> Watched<T> {
    /// Makes a watched value.
    pub fn new(value: T) -> Self {
        Self {
            value: RefCell::new(value),
            changed: ArcTrigger::new(),
        }
    }

    /// Sets the value.
    pub fn set(&self, value: T) {
        self.value.replace(value);
        self.changed.notify();
    }

    /// Changes the value in place.
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.value.borrow_mut());
        self.changed.notify();
    }

    /// Looks at the value and depends on it.
    pub fn with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        self.changed.track();
        look(&self.value.borrow())
    }

    /// Looks at the value without depending on it.
    pub fn peek_with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.value.borrow())
    }
}

impl<T: PartialEq> Watched<T> {
    /// Sets the value, if it is another one: what depends on it is left alone otherwise.
    pub fn replace(&self, value: T) {
        if *self.value.borrow() != value {
            self.set(value);
        }
    }
}

impl<T: Clone> Watched<T> {
    /// Returns the value and depends on it.
    pub fn get(&self) -> T {
        self.with(T::clone)
    }

    /// Returns the value without depending on it.
    pub fn peek(&self) -> T {
        self.value.borrow().clone()
    }
}

impl<T: Default> Default for Watched<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> std::fmt::Debug for Watched<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watched").finish_non_exhaustive()
    }
}
