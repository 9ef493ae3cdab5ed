use std::collections::BTreeMap;

use super::css::{arguments, call};

/// The parts of the widget that a tenant's file refers to. Empty ones are not compared.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Holds the widget's own English words by text key.
    pub texts: BTreeMap<String, String>,
    /// Holds the design tokens and their values.
    pub tokens: Tokens,
}

/// The design tokens of the widget's style sheet: its custom properties, named without the
/// two hyphens they begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Holds the values of the light scheme.
    pub light: BTreeMap<String, String>,
    /// Holds the values that the dark scheme has instead.
    pub dark: BTreeMap<String, String>,
}

impl Tokens {
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.light
            .keys()
            .chain(self.dark.keys())
            .map(String::as_str)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.light.is_empty() && self.dark.is_empty()
    }
}

/// Returns the half of a `light-dark()` that counts for a scheme; any other value as it is.
pub(super) fn by_scheme(value: &str, dark: bool) -> &str {
    match call(value) {
        Some((name, inner)) if name == "light-dark" => {
            let halves = arguments(inner);
            halves.get(usize::from(dark)).copied().unwrap_or(value)
        }
        _ => value,
    }
}
