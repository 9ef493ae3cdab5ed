//! The words in the scripts: few, by language.

use std::collections::BTreeMap;

use crate::tenant::Tenant;

/// Texts by language, and by the short names that a script knows them by.
pub(super) type Texts = BTreeMap<String, BTreeMap<&'static str, String>>;

/// The short name of a text in a script, and the key by which a tenant may replace it.
pub(super) type Key<'a> = (&'static str, &'a str);

/// Collects texts in English and in every language in which the tenant has some of them. `fill` completes each.
pub(super) fn collect(
    tenant: &Tenant,
    keys: &[Key<'_>],
    fill: impl Fn(&str, &str) -> String,
) -> Texts {
    let Tenant { config, known, .. } = tenant;
    let mut texts = Texts::new();
    let mut add = |locale: &str, key: &Key<'_>, words: Option<&String>| {
        if let Some(words) = words {
            let own = texts.entry(locale.to_owned()).or_default();
            own.insert(key.0, fill(key.0, words));
        }
    };
    for key in keys {
        add("en", key, known.texts.get(key.1));
        for (locale, own) in &config.texts {
            add(locale, key, own.get(key.1));
        }
    }
    texts
}
