//! The names by which a page knows the widget.

use parlour_config::Config;

/// Returns the widget's name in attributes, elements and events.
pub(crate) fn attribute(config: &Config) -> String {
    kebab_case(&config.api_name())
}

/// Returns the element's name: the file's `embed.element`, or the widget's name in attributes and `-chat`, if it has
/// no such end already.
pub(crate) fn element(config: &Config) -> String {
    if let Some(own) = &config.embed.element {
        return own.clone();
    }
    let mut name = attribute(config);
    // An element's name begins with a letter.
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert_str(0, "chat-");
    }
    if !name.ends_with("-chat") {
        name.push_str("-chat");
    }
    name
}

/// Makes `acme-shop-chat` of `AcmeShopChat`.
fn kebab_case(name: &str) -> String {
    let mut kebab = String::new();
    for letter in name.chars() {
        let begins_word = letter.is_ascii_uppercase() && !kebab.is_empty();
        if (begins_word || letter == '_') && !kebab.ends_with('-') {
            kebab.push('-');
        }
        if letter.is_ascii_alphanumeric() {
            kebab.push(letter.to_ascii_lowercase());
        }
    }
    match kebab.trim_matches('-') {
        "" => "chat".into(),
        kebab => kebab.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_attributes_has_small_letters_and_hyphens() {
        for (name, kebab) in [
            ("Chat", "chat"),
            ("acme_help", "acme-help"),
            ("_ACMEHelp$", "a-c-m-e-help"),
            ("$", "chat"),
        ] {
            assert_eq!(kebab_case(name), kebab, "{name}");
        }
    }
}
