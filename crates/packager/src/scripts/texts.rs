//! The words in the scripts: few, by language.

use std::collections::BTreeMap;

use crate::tenant::Tenant;

/// Texts by the short names that a script knows them by.
pub(super) type Texts = BTreeMap<&'static str, String>;

/// Texts by language.
pub(super) type ByLocale = BTreeMap<String, Texts>;

/// The short name of a text in a script, and the key by which a tenant may replace it.
pub(super) type Key<'a> = (&'static str, &'a str);

/// Collects texts in a language, as far as there are words in it. `fill` completes each.
pub(super) fn collect(
    tenant: &Tenant,
    locale: &str,
    keys: &[Key<'_>],
    fill: impl Fn(&str, &str) -> String,
) -> Texts {
    let words = keys.iter().filter_map(|(name, key)| {
        let words = tenant.words(locale, key)?;
        Some((*name, fill(name, words)))
    });
    words.collect()
}

/// Collects texts in a language as they are.
pub(super) fn collect_as_is(tenant: &Tenant, locale: &str, keys: &[Key<'_>]) -> Texts {
    collect(tenant, locale, keys, |_, words| words.to_owned())
}

/// Returns the texts that stand in a script: the English ones. Those of other languages come in files of their own.
pub(super) fn in_script(english: Texts) -> ByLocale {
    BTreeMap::from([("en".to_owned(), english)])
}
