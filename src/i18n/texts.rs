use std::sync::Arc;

use parlour_config::{Config, Localized};
use serde_json::Value;

use super::format::{Formats, is_well_formed};
use super::keys::{Count, Text};

/// The words that are part of the module.
const ENGLISH: &str = include_str!("../../public/locales/en.json");

/// All texts in the visitor's language.
#[derive(Debug)]
pub struct Texts {
    english: Value,
    config: Arc<Config>,
    locale: String,
    formats: Formats,
}

impl Texts {
    /// Gathers the texts for the language that fits best: the tenant's fixed one, else the page's,
    /// else the browser's, as far as there are words for it; English otherwise.
    ///
    /// `wanted` lists BCP 47 tags, best first.
    #[must_use]
    pub fn new<'a>(config: &Arc<Config>, wanted: impl IntoIterator<Item = &'a str>) -> Self {
        let locale = wanted
            .into_iter()
            .find(|tag| has_words_for(config, tag))
            .map_or_else(|| String::from("en"), String::from);
        // The file is part of the module, and a test reads it: it cannot fail here.
        let english = serde_json::from_str(ENGLISH).unwrap_or_default();
        Self {
            english,
            config: Arc::clone(config),
            formats: Formats::new(&locale),
            locale,
        }
    }

    /// Returns the language of the texts, as a BCP 47 tag.
    #[must_use]
    pub fn locale(&self) -> &str {
        &self.locale
    }

    /// Returns a text.
    #[must_use]
    pub fn get(&self, text: Text) -> String {
        self.find(text.key()).unwrap_or_default().to_owned()
    }

    /// Returns a text with its `{placeholders}` filled in.
    #[must_use]
    pub fn fill(&self, text: Text, values: &[(&str, &str)]) -> String {
        fill(self.find(text.key()).unwrap_or_default(), values)
    }

    /// Returns the form of a text that fits a number, with `{count}` and `{limit}` filled in.
    #[must_use]
    pub fn count(&self, count: Count, number: u64) -> String {
        let base = count.key();
        let category = self.formats.plural(number);
        let shown = self.formats.number(number);
        let text = self
            .find(&[base, ".", &category].concat())
            .or_else(|| self.find(&[base, ".other"].concat()))
            .unwrap_or_default();
        fill(text, &[("count", &shown), ("limit", &shown)])
    }

    /// Returns the text of a key, if there is one: the tenant's, else ours.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&str> {
        self.tenant_text(key)
            .or_else(|| self.english.get(key)?.as_str())
    }

    /// Returns the tenant's words, in the language or what it shortens to: `zh-Hant-TW`, `zh-Hant`,
    /// `zh`.
    fn tenant_text(&self, key: &str) -> Option<&str> {
        let mut tag = self.locale.as_str();
        loop {
            let words = self.config.texts.get(tag).and_then(|texts| texts.get(key));
            if words.is_some() {
                return words.map(String::as_str);
            }
            (tag, _) = tag.rsplit_once('-')?;
        }
    }

    /// Returns the label of a configured element: its own, else the text of a key, if there is one.
    #[must_use]
    pub fn label(&self, own: Option<&Localized>, key: &str) -> Option<String> {
        own.and_then(|own| own.pick(&self.locale))
            .or_else(|| self.find(key))
            .map(str::to_owned)
    }

    /// Returns what formats numbers and times.
    #[must_use]
    pub(crate) fn formats(&self) -> &Formats {
        &self.formats
    }
}

/// Tells whether there are words for a language (not just for another of the same family).
fn has_words_for(config: &Config, tag: &str) -> bool {
    let language = tag.split('-').next().unwrap_or_default();
    let known = language == "en"
        || config
            .texts
            .keys()
            .any(|have| have.split('-').next() == Some(language));
    known && is_well_formed(tag)
}

/// Puts values into a text's `{placeholders}`. What is not among the values stays.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let known = after.split_once('}').and_then(|(name, after)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value, after))
        });
        if let Some((value, after)) = known {
            out.push_str(value);
            rest = after;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}
