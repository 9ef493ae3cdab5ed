use super::judge::Judge;

/// Checks that a locale reads like `de`, `pt-BR` or `zh-Hant-TW` (BCP 47: a language, then parts).
pub(super) fn check(locale: &str, path: &str, judge: &mut Judge<'_>) {
    if let Some(message) = wrong(locale) {
        judge.mistake(path, message);
    }
}

/// Checks a locale that is a key.
pub(super) fn check_key(locale: &str, path: &str, judge: &mut Judge<'_>) {
    if let Some(message) = wrong(locale) {
        judge.key_mistake(path, message);
    }
}

/// Says what was expected where a locale does not read like one.
pub(super) fn wrong(locale: &str) -> Option<String> {
    let mut parts = locale.split('-');
    let language = parts.next().unwrap_or_default();
    let good = (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && parts
            .all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
        && locale.len() <= 35;
    (!good).then(|| format!("expected a locale like en, pt-BR or zh-Hant, found \"{locale}\""))
}
