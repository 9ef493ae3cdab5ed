//! All texts in English, from `public/locales/en.json`: `build.rs` makes a constant of each.
//!
//! Who uses a text has its words, and nobody else: those of the extras are fetched with the extras.

/// A text: its key, as locale files and tenants write it, and its English words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(&'static (&'static str, &'static str));

impl Text {
    /// Returns the key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        self.0.0
    }

    /// Returns the English words.
    #[must_use]
    pub const fn english(self) -> &'static str {
        self.0.1
    }
}

/// A text that depends on a number: its key, and its English words for one and for any other number. A locale has
/// an entry for each plural category of its language (`….one`, `….other`; at least `other`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(&'static (&'static str, &'static str, &'static str));

impl Count {
    /// Returns the key, without the plural category.
    #[must_use]
    pub const fn key(self) -> &'static str {
        self.0.0
    }

    /// Returns the English words for a plural category.
    #[must_use]
    pub fn english(self, category: &str) -> &'static str {
        match category {
            "one" => self.0.1,
            _ => self.0.2,
        }
    }
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
