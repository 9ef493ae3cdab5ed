use std::collections::BTreeSet;

use crate::build::neighbours;
use crate::build::place::{at, join};
use crate::build::suggest::nearest;
use crate::config::is_part;
use crate::{Config, Contact, Localized, OpenAs};

use super::judge::Judge;
use super::locale;
use super::missing::Lacking;

/// The plural categories of CLDR: a key may end in one, and languages differ in which they have.
pub(super) const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

pub(super) fn judge(config: &Config, judge: &mut Judge<'_>) {
    judge_locales(config, judge);
    warn_of_hidden(config, judge);
    warn_of_own_words(config, judge);
    warn_of_foreign(config, judge);
    for (tag, texts) in &config.texts {
        let table = join("texts", tag);
        locale::check_key(tag, &table, judge);
        warn_of_missing(config, tag, judge);
        for (key, words) in texts {
            let path = join(&table, key);
            if is_of_form(config, key) || config.launcher.label == *key {
                continue;
            }
            if !is_text_key(key) {
                judge.key_mistake(&path, "expected a text key: words joined by dots");
                continue;
            }
            if let Some(message) = unknown(key, judge) {
                judge.key_mistake(&path, message);
            } else if let Some(message) = wrong_blanks(original(key, judge), words) {
                judge.mistake(&path, message);
            }
        }
    }
}

/// Checks the languages that are to be spoken in the widget's own words.
fn judge_locales(config: &Config, judge: &mut Judge<'_>) {
    let known: Vec<&str> = judge.known.locales.keys().map(String::as_str).collect();
    for (i, tag) in config.locales.iter().enumerate() {
        let path = at("locales", i);
        let is_all = tag == "all";
        let is_known = is_all || tag == "en" || known.is_empty() || known.contains(&tag.as_str());
        if is_all && config.locales.len() > 1 {
            judge.mistake(
                &path,
                "expected \"all\" alone: it includes the others".to_owned(),
            );
        } else if !is_known && !config.texts.contains(tag) {
            let same = known
                .iter()
                .find(|one| one.eq_ignore_ascii_case(&tag.replace('_', "-")));
            let language = tag.split(['-', '_']).next().unwrap_or_default();
            let near = known
                .iter()
                .find(|one| one.split('-').next() == Some(language));
            let message = match same.or(near) {
                Some(near) => format!(
                    "the widget has no words of its own for \"{tag}\", did you mean \"{near}\"?"
                ),
                None => format!(
                    "the widget has no words of its own for \"{tag}\": bring them with [texts.{tag}], or choose of {}",
                    known.join(", ")
                ),
            };
            judge.mistake(&path, message);
        }
    }
}

/// How many of the texts that a language lacks are named.
const NAMED: usize = 5;

/// Warns of the texts that a language has no words for, those of the form among them: they are shown in English.
fn warn_of_missing(config: &Config, tag: &str, judge: &mut Judge<'_>) {
    let Lacking { own, stems, all } = Lacking::of(config, judge.known, tag);
    let own = own.into_iter().map(|own| own.key);
    let missing: Vec<String> = own.chain(stems).collect();
    if missing.is_empty() {
        return;
    }
    let message = format!(
        "has no words for {} of {all} texts, which are shown in English: {}",
        missing.len(),
        named(&missing)
    );
    judge.warning(&join("texts", tag), message);
}

/// Warns of languages that the file wants and the texts do not have: the widget never speaks them.
fn warn_of_hidden(config: &Config, judge: &mut Judge<'_>) {
    let language = |tag: &str| tag.split('-').next().unwrap_or_default().to_owned();
    let widgets = judge.known.locales.keys().map(String::as_str);
    let languages = config.languages(widgets);
    let mut spoken: BTreeSet<String> = languages.into_iter().map(language).collect();
    spoken.insert("en".into());
    if let Some(tag) = &config.locale
        && !spoken.contains(&language(tag))
    {
        let message = format!("has no words: without [texts.{tag}] the widget speaks English");
        judge.warning("locale", message);
    }
    for own in own_words(config) {
        for tag in own.words.0.keys() {
            // Told once.
            if spoken.insert(language(tag)) {
                let message = format!(
                    "is not shown: there is neither [texts.{tag}] beside it, nor \"{tag}\" in locales"
                );
                judge.warning(&join(&own.path, tag), message);
            }
        }
    }
}

/// Warns of the tenant's own words that languages of the widget do not have: there a visitor reads the widget's words
/// in their place or, where it has none, English.
fn warn_of_own_words(config: &Config, judge: &mut Judge<'_>) {
    let widgets = judge.known.locales.keys().map(String::as_str);
    let mut languages = config.languages(widgets);
    languages.retain(|tag| !config.texts.contains(tag));
    let Some(example) = languages.first() else {
        return;
    };
    let english = config.texts.get("en");
    let replaced = english.into_iter().flat_map(|texts| texts.keys());
    let mut missing: Vec<String> = replaced.cloned().collect();
    let own = own_words(config);
    let lacking = own.iter().filter(|own| {
        let has = |tag: &str| own.words.0.keys().any(|other| is_part(other, tag));
        !languages.iter().all(|tag| has(tag))
    });
    missing.extend(lacking.map(|own| own.key.clone()));
    if missing.is_empty() {
        return;
    }
    let message = format!(
        "{} of the file's own texts are missing in {} of these languages, {example} for one: {}",
        missing.len(),
        languages.len(),
        named(&missing)
    );
    judge.warning("locales", message);
}

/// Names the first of some texts.
fn named(keys: &[String]) -> String {
    let more = if keys.len() > NAMED { ", …" } else { "" };
    keys[..keys.len().min(NAMED)].join(", ") + more
}

/// Warns of the form's own words that are not there in English, which stands in for every other language.
fn warn_of_foreign(config: &Config, judge: &mut Judge<'_>) {
    let fixed = config.locale.as_deref().unwrap_or("en");
    if fixed.split('-').next() != Some("en") {
        return;
    }
    for own in own_words(config) {
        if let Some(first) = own.words.0.keys().next()
            && !own.words.0.contains("en")
        {
            let message = format!(
                "has no English words: where none fit a visitor, those in {first} are shown"
            );
            judge.warning(&own.path, message);
        }
    }
}

/// Words that the form itself brings.
pub(super) struct OwnWords<'a> {
    pub(super) path: String,
    /// The text key that would have them otherwise.
    pub(super) key: String,
    pub(super) words: &'a Localized,
}

pub(super) fn own_words(config: &Config) -> Vec<OwnWords<'_>> {
    let form = &config.form;
    let mut all = vec![(
        "form.intro".to_owned(),
        "form.intro".to_owned(),
        &form.intro,
    )];
    for (i, field) in form.fields.iter().enumerate() {
        let (path, key) = (at("form.fields", i), format!("form.{}", field.name));
        for (part, words) in [
            ("label", &field.label),
            ("placeholder", &field.placeholder),
            ("help", &field.help),
        ] {
            all.push((format!("{path}.{part}"), format!("{key}.{part}"), words));
        }
        for (i, option) in field.options.iter().enumerate() {
            let path = at(&format!("{path}.options"), i);
            let key = format!("{key}.options.{}", option.value);
            all.push((format!("{path}.label"), key, &option.label));
        }
    }
    let given = all.into_iter().filter_map(|(path, key, words)| {
        let words = words.as_ref()?;
        Some(OwnWords { path, key, words })
    });
    given.collect()
}

/// Checks a value that names a text key.
pub(super) fn check_key(config: &Config, key: &str, path: &str, judge: &mut Judge<'_>) {
    if !is_text_key(key) {
        judge.mistake(
            path,
            format!("expected a text key: words joined by dots, found \"{key}\""),
        );
    } else if !has_words(config, key)
        && let Some(message) = unknown(key, judge)
    {
        judge.mistake(path, message);
    }
}

/// Says whether the tenant has words for a key in any language.
pub(super) fn has_words(config: &Config, key: &str) -> bool {
    config.texts.values().any(|texts| texts.contains(key))
}

fn is_text_key(key: &str) -> bool {
    let word = |w: &str| {
        !w.is_empty()
            && w.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    key.split('.').all(word)
}

fn unknown(key: &str, judge: &Judge<'_>) -> Option<String> {
    let known = &judge.known.texts;
    if known.is_empty() || original(key, judge).is_some() {
        return None;
    }
    let mut message = "unknown text key".to_owned();
    let meant = neighbours::text(key).filter(|key| known.contains_key(*key));
    if let Some(near) = nearest(key, known.keys().map(String::as_str)).or(meant) {
        message.push_str(&format!(", did you mean \"{near}\"?"));
    }
    Some(message)
}

/// Returns the widget's own words for a key, or for the same words in another plural.
fn original<'a>(key: &str, judge: &'a Judge<'_>) -> Option<&'a str> {
    let known = &judge.known.texts;
    let plural = || {
        let (stem, category) = key.rsplit_once('.')?;
        PLURALS
            .contains(&category)
            .then(|| known.get(&format!("{stem}.other")))?
    };
    known.get(key).or_else(plural).map(String::as_str)
}

/// Tells whether a text may be shown: the usual form's words are not, where the form has other fields, nor are those
/// about ways to get in touch that the tenant does not name.
pub(super) fn is_shown(config: &Config, key: &str) -> bool {
    if let Some(way) = key.strip_prefix("contact.") {
        let Contact { email, phone, url } = &config.contact;
        return match way {
            "email" => email.is_some(),
            "phone" => phone.is_some(),
            "url" => url.is_some(),
            _ => !config.contact.is_empty(),
        };
    }
    if key.starts_with("leave.") {
        return config.message.is_some();
    }
    if key.starts_with("invite.") {
        return config.rules.open_as == OpenAs::Invitation;
    }
    if key.starts_with("hours.") {
        return config.hours.is_some();
    }
    let of_a_field = key.starts_with("form.")
        && [".label", ".placeholder", ".help"]
            .iter()
            .any(|part| key.ends_with(part));
    !of_a_field || is_of_form(config, key)
}

pub(super) fn is_of_form(config: &Config, key: &str) -> bool {
    let Some((name, part)) = key
        .strip_prefix("form.")
        .and_then(|rest| rest.split_once('.'))
    else {
        return false;
    };
    config
        .form
        .fields
        .iter()
        .filter(|field| field.name == name)
        .any(|field| {
            matches!(part, "label" | "placeholder" | "help")
                || part
                    .strip_prefix("options.")
                    .is_some_and(|value| field.options.iter().any(|option| option.value == value))
        })
}

/// Says which `{blank}` of a text the widget would not fill.
fn wrong_blanks(original: Option<&str>, words: &str) -> Option<String> {
    let known = blanks(original?);
    let unknown = blanks(words)
        .into_iter()
        .find(|blank| !known.contains(blank))?;
    let mut message = format!("nothing fills {{{unknown}}} in this text");
    if !known.is_empty() {
        let known: Vec<String> = known.iter().map(|blank| format!("{{{blank}}}")).collect();
        message.push_str(&format!(", expected {}", known.join(", ")));
    }
    Some(message)
}

fn blanks(words: &str) -> BTreeSet<&str> {
    words
        .split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect()
}
