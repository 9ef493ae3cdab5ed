//! The texts that a language lacks, as lines of a tenant's file.

use std::fmt::Write as _;

use anyhow::Result;
use parlour_config::Config;
use parlour_config::build::MissingTexts;

/// What is said above the texts.
const HINT: &str = "\
# Translate what is on the right. What stands in braces stays as it is. A text that counts has a key for each plural
# of the language: .zero, .one, .two, .few, .many, .other.
";

/// Writes what a language lacks as TOML that goes on behind the language's table, or begins it. Words that belong
/// elsewhere are comments.
pub(crate) fn page(config: &Config, locale: &str, missing: &MissingTexts) -> Result<String> {
    let MissingTexts { texts, of_form } = missing;
    if texts.is_empty() && of_form.is_empty() {
        return Ok(format!("# [texts.{locale}] lacks nothing.\n"));
    }
    let mut page = String::new();
    if !texts.is_empty() {
        let has_table = config.texts.contains(locale);
        let mark = if has_table { "# To " } else { "" };
        write!(page, "{mark}[texts.{locale}]\n{HINT}")?;
        for (key, words) in texts {
            writeln!(page, "{} = {}", quoted(key)?, quoted(words)?)?;
        }
    }
    if !of_form.is_empty() {
        page.push_str("# To the fields of the form:\n");
        for (path, words) in of_form {
            writeln!(page, "# {path} = {}", quoted(words)?)?;
        }
    }
    Ok(page)
}

/// Writes a text in quotes. JSON's are TOML's.
fn quoted(text: &str) -> Result<String> {
    Ok(serde_json::to_string(text)?)
}
