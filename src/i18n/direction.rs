/// Tells whether a language is written from right to left. `locale` is a BCP 47 tag.
///
/// A list, since `Intl.Locale` does not tell everywhere.
#[must_use]
#[inline]
pub fn is_right_to_left(locale: &str) -> bool {
    let mut parts = locale.split('-');
    let language = parts.next().unwrap_or_default();
    let script = parts.next().filter(|part| part.len() == 4);
    match script {
        Some(script) => matches!(script, "Arab" | "Hebr" | "Syrc" | "Thaa" | "Nkoo" | "Rohg"),
        None => matches!(
            language,
            "ar" | "arc"
                | "ckb"
                | "dv"
                | "fa"
                | "he"
                | "ks"
                | "nqo"
                | "ps"
                | "sd"
                | "syr"
                | "ug"
                | "ur"
                | "yi"
        ),
    }
}
