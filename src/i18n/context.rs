use crate::context::context;
use leptos::prelude::*;
use parlour_chat::{Participant, Refusal, WallTime};
use parlour_config::Localized;

use super::format::{date, day_in_digits};
use super::{Count, FileSubject, Subject, Text, Texts};

/// The visitor's language as components use it: a handle on the widget's [`Texts`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct I18n(StoredValue<Texts, LocalStorage>);

impl I18n {
    /// Makes a handle within the current reactive owner.
    pub(crate) fn new(texts: Texts) -> Self {
        Self(StoredValue::new_local(texts))
    }

    /// Returns the language tag of the texts.
    pub(crate) fn locale(self) -> String {
        self.0.with_value(|texts| texts.locale().to_owned())
    }

    /// Returns a text.
    pub(crate) fn text(self, text: Text) -> String {
        self.0.with_value(|texts| texts.get(text))
    }

    /// Returns a text with its `{placeholders}` filled in.
    pub(crate) fn fill(self, text: Text, values: &[(&str, &str)]) -> String {
        self.0.with_value(|texts| texts.fill(text, values))
    }

    /// Returns a text with somebody's name filled in.
    pub(crate) fn about(self, text: Text, who: &Participant) -> String {
        self.fill(text, &[("name", &self.name(who))])
    }

    /// Returns the form of a text that fits a number.
    pub(crate) fn count(self, count: Count, number: u64) -> String {
        self.0.with_value(|texts| texts.count(count, number))
    }

    /// Returns the label of a configured element: its own, else the text of a key, if there is one.
    pub(crate) fn label(self, own: Option<&Localized>, key: &str) -> Option<String> {
        self.0.with_value(|texts| texts.label(own, key))
    }

    /// Returns the words of a configured element: its own, else a text.
    pub(crate) fn own_or(self, own: Option<&Localized>, text: Text) -> String {
        self.0.with_value(|texts| texts.own_or(own, text))
    }

    /// Returns what tells a visitor about a refusal.
    pub(crate) fn refusal(self, refusal: &Refusal, subject: Subject) -> String {
        self.0.with_value(|texts| texts.refusal(refusal, subject))
    }

    /// Returns what tells a visitor about a file's refusal.
    pub(crate) fn file_refusal(self, refusal: &Refusal, subject: FileSubject) -> String {
        self.0
            .with_value(|texts| texts.file_refusal(refusal, subject))
    }

    /// Returns somebody's name, or a general one: servers allow empty names.
    pub(crate) fn name(self, participant: &Participant) -> String {
        match participant.nickname.trim() {
            "" => self.text(Text::NAME_AGENT),
            name => name.to_owned(),
        }
    }

    /// Formats a number.
    pub(crate) fn number(self, number: u64) -> String {
        self.0.with_value(|texts| texts.formats().number(number))
    }

    /// Formats a share as a percentage.
    pub(crate) fn percent(self, done: u64, total: u64) -> String {
        self.0
            .with_value(|texts| texts.formats().percent(done, total))
    }

    /// Formats a size in bytes.
    pub(crate) fn bytes(self, bytes: u64) -> String {
        self.0.with_value(|texts| texts.formats().bytes(bytes))
    }

    /// Joins names to a list.
    pub(crate) fn list(self, items: &[String]) -> String {
        self.0.with_value(|texts| texts.formats().list(items))
    }

    /// Formats a time of day in the visitor's zone.
    pub(crate) fn time(self, at: WallTime) -> String {
        self.0.with_value(|texts| texts.formats().time(at))
    }

    /// Formats a day in the visitor's zone.
    pub(crate) fn day(self, at: WallTime) -> String {
        self.0.with_value(|texts| texts.formats().day(at))
    }

    /// Formats the day of a time with its year.
    pub(crate) fn date(self, at: WallTime) -> String {
        self.0.with_value(|texts| date(texts.locale(), at))
    }

    /// Writes the day of a time in digits, the same in all languages.
    pub(crate) fn day_in_digits(self, at: WallTime) -> String {
        day_in_digits(at)
    }
}

/// Returns the language that the widget's root has provided.
pub(crate) fn use_i18n() -> I18n {
    context()
}
