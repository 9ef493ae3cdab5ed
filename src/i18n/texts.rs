use std::sync::Arc;

use js_sys::Reflect;
use parlour_config::{Config, Localized};
use wasm_bindgen::JsValue;

use super::format::{Formats, is_well_formed};
use super::keys::{Count, LABELS, Text};

/// All texts in the visitor's language.
#[derive(Debug)]
pub struct Texts {
    /// The words of the language by their keys, where they were brought with it: an object.
    brought: JsValue,
    config: Arc<Config>,
    locale: String,
    formats: Formats,
}

impl Texts {
    /// Gathers the texts for the language that fits best: the tenant's fixed one, else the page's,
    /// else the browser's, as far as there are words for it; English otherwise.
    ///
    /// `wanted` lists BCP 47 tags, best first. `brought` has the words of the first one by their keys, as an object of
    /// JavaScript, or is nothing where the configuration and English have all that there is.
    #[must_use]
    pub fn new<'a>(
        config: &Arc<Config>,
        wanted: impl IntoIterator<Item = &'a str>,
        brought: JsValue,
    ) -> Self {
        let locale = wanted
            .into_iter()
            .find(|tag| brought.is_object() || has_words_for(config, tag))
            .map_or_else(|| String::from("en"), String::from);
        Self {
            brought,
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
        self.words(text)
    }

    /// Returns a text with its `{placeholders}` filled in.
    #[must_use]
    pub fn fill(&self, text: Text, values: &[(&str, &str)]) -> String {
        fill(&self.words(text), values)
    }

    /// Returns the form of a text that fits a number, with `{count}` and `{limit}` filled in.
    #[must_use]
    pub fn count(&self, count: Count, number: u64) -> String {
        let base = count.key();
        let category = self.formats.plural(number);
        let shown = self.formats.number(number);
        let text = self
            .tenant_text(&[base, ".", &category].concat())
            .or_else(|| self.tenant_text(&[base, ".other"].concat()))
            .unwrap_or_else(|| count.english(&category).to_owned());
        fill(&text, &[("count", &shown), ("limit", &shown)])
    }

    /// Returns the tenant's words, else ours.
    fn words(&self, text: Text) -> String {
        self.tenant_text(text.key())
            .unwrap_or_else(|| text.english().to_owned())
    }

    /// Returns the words that were brought; else the tenant's, in the language or what it shortens to: `zh-Hant-TW`,
    /// `zh-Hant`, `zh`.
    fn tenant_text(&self, key: &str) -> Option<String> {
        let brought = Reflect::get(&self.brought, &key.into());
        if let Some(words) = brought.ok().and_then(|words| words.as_string()) {
            return Some(words);
        }
        let mut tag = self.locale.as_str();
        loop {
            let words = self.config.texts.get(tag).and_then(|texts| texts.get(key));
            if words.is_some() {
                return words.cloned();
            }
            (tag, _) = tag.rsplit_once('-')?;
        }
    }

    /// Returns the label of a configured element: its own, else the tenant's or ours by its key, if there is one.
    #[must_use]
    pub fn label(&self, own: Option<&Localized>, key: &str) -> Option<String> {
        let ours = || {
            let mut labels = LABELS.iter();
            labels.find(|(known, _)| *known == key)
        };
        own.and_then(|own| own.pick(&self.locale))
            .map(str::to_owned)
            .or_else(|| self.tenant_text(key))
            .or_else(|| ours().map(|(_, words)| (*words).to_owned()))
    }

    /// Returns the words of a configured element: its own, else a text.
    #[must_use]
    pub fn own_or(&self, own: Option<&Localized>, text: Text) -> String {
        let own = own.and_then(|own| own.pick(&self.locale));
        own.map_or_else(|| self.words(text), str::to_owned)
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
