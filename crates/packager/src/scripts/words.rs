//! The words of a package in other languages than English: a file for each, and the script that chooses one.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use parlour_config::OpenAs;
use serde::Serialize;

use super::texts::Texts;
use super::{FileRef, early, fallback, loader, message, mount};
use crate::tenant::Tenant;

/// The keys that only scripts have words for: these are in sections of their own.
const OF_SCRIPTS: [&str; 4] = ["loader.", "leave.", "hours.", "invite."];

/// The words of a language: those of the widget's module by their keys, and those of each script by the script's names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Words<'a> {
    module: BTreeMap<&'a str, &'a str>,
    loader: Texts,
    mount: Texts,
    fallback: Texts,
    #[serde(skip_serializing_if = "Texts::is_empty")]
    message: Texts,
    #[serde(skip_serializing_if = "Texts::is_empty")]
    hours: Texts,
    #[serde(skip_serializing_if = "Texts::is_empty")]
    invitation: Texts,
}

/// Returns the file of each language's words, as JSON.
///
/// # Errors
///
/// Never: words are text.
pub fn words_files(tenant: &Tenant) -> Result<Vec<(&str, String)>> {
    let languages = tenant.languages().into_iter();
    languages
        .map(|locale| Ok((locale, serde_json::to_string(&Words::new(tenant, locale))?)))
        .collect()
}

impl<'a> Words<'a> {
    fn new(tenant: &'a Tenant, locale: &str) -> Self {
        let config = &tenant.config;
        let only_if = |is_there, words: fn(&Tenant, &str) -> Texts| match is_there {
            true => words(tenant, locale),
            false => Texts::new(),
        };
        Self {
            module: module_words(tenant, locale),
            loader: loader::words_in(tenant, locale),
            mount: mount::words_in(tenant, locale),
            fallback: fallback::words_in(tenant, locale),
            message: only_if(config.message.is_some(), message::words_in),
            hours: only_if(config.hours.is_some(), early::words_in),
            invitation: only_if(
                config.rules.open_as == OpenAs::Invitation,
                early::invitation_in,
            ),
        }
    }
}

/// Collects the module's words in a language.
fn module_words<'a>(tenant: &'a Tenant, locale: &str) -> BTreeMap<&'a str, &'a str> {
    let own = tenant.config.texts.values().flat_map(|texts| texts.keys());
    let widgets = tenant.known.locales.values().flat_map(|texts| texts.keys());
    let keys: BTreeSet<&str> = own.chain(widgets).map(String::as_str).collect();
    let keys = keys
        .into_iter()
        .filter(|key| !OF_SCRIPTS.iter().any(|own| key.starts_with(own)));
    keys.filter_map(|key| Some((key, tenant.words(locale, key)?)))
        .collect()
}

/// The values that packaging puts into `public/loader/words.js`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WordsValues {
    /// The language that the tenant has fixed.
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    /// The files by their languages.
    files: BTreeMap<String, FileRef>,
}

impl WordsValues {
    /// Collects the values, if the package has any such file.
    #[must_use]
    pub fn new(tenant: &Tenant, files: BTreeMap<String, FileRef>) -> Option<Self> {
        (!files.is_empty()).then(|| Self {
            locale: tenant.config.locale.clone(),
            files,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::scripts::tests::tenant;

    /// Returns the words of a language in the package of a tenant, where the widget speaks German.
    fn words(file: &str, locale: &str) -> Value {
        let mut tenant = tenant(file);
        let german = [
            ("composer.send", "Senden"),
            ("launcher.label", "Fragen?"),
            ("loader.again", "Noch einmal"),
            ("leave.title", "Nachricht"),
            ("hours.closed", "Geschlossen."),
        ];
        let german = german.map(|(key, words)| (key.to_owned(), words.to_owned()));
        let locales = &mut tenant.known.locales;
        locales.insert("de".to_owned(), german.into());
        let files = words_files(&tenant).unwrap();
        let file = files.iter().find(|(tag, _)| *tag == locale);
        file.map_or(Value::Null, |(_, text)| serde_json::from_str(text).unwrap())
    }

    #[test]
    fn a_package_has_the_languages_that_its_tenant_wants() {
        assert_eq!(words("", "de"), Value::Null);
        assert_eq!(
            words("[texts.de]\n\"launcher.label\" = \"Ja?\"\n", "de"),
            json!({
                "module": { "composer.send": "Senden", "launcher.label": "Ja?" },
                "loader": { "label": "Ja?", "again": "Noch einmal" },
                "mount": {},
                "fallback": {},
            })
        );
    }

    #[test]
    fn a_region_has_the_words_of_its_language_and_scripts_only_where_they_are() {
        let file = "[texts.de-CH]\n\"composer.send\" = \"Abschicken\"\n[message]\nurl = \"/m\"\n";
        let swiss = words(file, "de-CH");
        assert_eq!(swiss["module"]["composer.send"], "Abschicken");
        assert_eq!(swiss["module"]["launcher.label"], "Fragen?");
        assert_eq!(swiss["message"]["title"], "Nachricht");
        assert_eq!(swiss.get("hours"), None);
    }
}
