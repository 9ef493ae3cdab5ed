//! The texts that a language lacks.

use std::collections::BTreeSet;

use crate::Config;
use crate::build::known::Known;
use crate::build::place::join;
use crate::config::is_part;

use super::locale;
use super::texts::{OwnWords, PLURALS, is_of_form, is_shown, own_words};

/// The texts that a tenant's file does not have in a language, with their English words, which are shown instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MissingTexts {
    /// Lists key and words of each text that belongs into the language's table.
    pub texts: Vec<(String, String)>,
    /// Lists the words of the form: where in the file those of the language belong, and the words.
    pub of_form: Vec<(String, String)>,
}

impl MissingTexts {
    /// Looks for the texts that a language lacks. English lacks none.
    ///
    /// # Errors
    ///
    /// Says what was expected if that is no name of a language.
    pub fn of(config: &Config, known: &Known, locale: &str) -> Result<Self, String> {
        if let Some(message) = locale::wrong(locale) {
            return Err(message);
        }
        if is_english(locale) {
            return Ok(Self::default());
        }
        let lacking = Lacking::of(config, known, locale);
        let own = config.texts.get("en");
        let keys = own.into_iter().flat_map(|texts| texts.keys());
        let keys: BTreeSet<&String> = known.texts.keys().chain(keys).collect();
        let wanted = keys
            .into_iter()
            .filter(|key| lacking.stems.contains(&stem(key)));
        let english = |key: &String| {
            let words = own
                .and_then(|texts| texts.get(key))
                .or_else(|| known.texts.get(key));
            Some((key.clone(), words?.clone()))
        };
        let form = lacking.own.iter().filter_map(|own| {
            let words = own.words.pick("en")?;
            Some((join(&own.path, locale), words.to_owned()))
        });
        Ok(Self {
            texts: wanted.filter_map(english).collect(),
            of_form: form.collect(),
        })
    }
}

/// What a language lacks, by text keys without the ends that plurals have.
pub(super) struct Lacking<'a> {
    /// The words of the form's own.
    pub(super) own: Vec<OwnWords<'a>>,
    pub(super) stems: Vec<String>,
    /// How many there are in all.
    pub(super) all: usize,
}

impl<'a> Lacking<'a> {
    /// Compares a language with the widget's English texts. English lacks none.
    pub(super) fn of(config: &'a Config, known: &Known, tag: &str) -> Self {
        // What a language lacks is looked for in what its tag shortens to: zh-Hant-TW, zh-Hant, zh.
        let is_part = |other: &str| is_part(other, tag);
        let tables = config.texts.iter().filter(|(other, _)| is_part(other));
        let widgets = known.locales.iter().filter(|(other, _)| is_part(other));
        let has: BTreeSet<String> = tables
            .flat_map(|(_, texts)| texts.keys())
            .chain(widgets.flat_map(|(_, texts)| texts.keys()))
            .map(|key| stem(key))
            .collect();
        let own = own_words(config);
        // Words of the form's own replace the texts of the same place.
        let replaced: BTreeSet<String> = own.iter().map(|own| own.key.clone()).collect();
        let elsewhere = config.texts.values().flat_map(|texts| texts.keys());
        let of_form = elsewhere.filter(|key| is_of_form(config, key));
        let texts = &known.texts;
        let label = Some(&config.launcher.label).filter(|_| !texts.is_empty());
        let known = texts.keys().chain(of_form).chain(label);
        let known = known.filter(|key| is_shown(config, key) && !replaced.contains(*key));
        let known: BTreeSet<String> = known.map(|key| stem(key)).collect();
        let all = known.len() + own.len();
        if is_english(tag) {
            return Self {
                own: Vec::new(),
                stems: Vec::new(),
                all,
            };
        }
        let lacks = |own: &OwnWords<'_>| !own.words.0.keys().any(|other| is_part(other));
        Self {
            own: own.into_iter().filter(lacks).collect(),
            stems: known.into_iter().filter(|key| !has.contains(key)).collect(),
            all,
        }
    }
}

fn is_english(tag: &str) -> bool {
    tag.split('-').next() == Some("en")
}

/// Returns a text key without the category of plurals at its end.
fn stem(key: &str) -> String {
    let plural = key.rsplit_once('.');
    let plural = plural.filter(|(_, category)| PLURALS.contains(category));
    plural.map_or(key, |(stem, _)| stem).to_owned()
}
