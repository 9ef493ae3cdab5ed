use std::collections::BTreeMap;

use super::css::{arguments, call};

/// The parts of the widget that a tenant's file refers to. Empty ones are not compared.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Holds the widget's own English words by text key.
    pub texts: BTreeMap<String, String>,
    /// Holds the widget's own words in other languages: by language, then by text key.
    pub locales: BTreeMap<String, BTreeMap<String, String>>,
    /// Holds the design tokens and their values.
    pub tokens: Tokens,
}

/// The design tokens of the widget's style sheet: its custom properties, named without the
/// two hyphens they begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Holds the values of the light scheme.
    pub light: BTreeMap<String, String>,
    /// Holds the values that the dark scheme has instead.
    pub dark: BTreeMap<String, String>,
}

impl Tokens {
    /// Reads the custom properties of a style sheet. Those under a condition or a selector with `dark` belong to the
    /// dark scheme, all others to the light one.
    #[must_use]
    pub fn from_sheet(sheet: &str) -> Self {
        let mut tokens = Self::default();
        let mut preludes: Vec<String> = Vec::new();
        let mut piece = String::new();
        let mut quote = None;
        for c in without_comments(sheet).chars() {
            if quote.is_some() || !matches!(c, '{' | '}' | ';') {
                match quote {
                    Some(open) if open == c => quote = None,
                    None if matches!(c, '"' | '\'') => quote = Some(c),
                    _ => {}
                }
                piece.push(c);
                continue;
            }
            if c == '{' {
                preludes.push(std::mem::take(&mut piece));
                continue;
            }
            let dark = preludes.iter().any(|prelude| prelude.contains("dark"));
            let scheme = if dark {
                &mut tokens.dark
            } else {
                &mut tokens.light
            };
            if let Some((name, value)) = piece.split_once(':')
                && let Some(name) = name.trim().strip_prefix("--")
            {
                scheme.insert(name.to_owned(), value.trim().to_owned());
            }
            piece.clear();
            if c == '}' {
                preludes.pop();
            }
        }
        tokens
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.light
            .keys()
            .chain(self.dark.keys())
            .map(String::as_str)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.light.is_empty() && self.dark.is_empty()
    }
}

/// Returns the half of a `light-dark()` that counts for a scheme; any other value as it is.
pub(super) fn by_scheme(value: &str, dark: bool) -> &str {
    match call(value) {
        Some((name, inner)) if name == "light-dark" => {
            let halves = arguments(inner);
            halves.get(usize::from(dark)).copied().unwrap_or(value)
        }
        _ => value,
    }
}

fn without_comments(sheet: &str) -> String {
    let mut pieces = sheet.split("/*");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        let (_, after) = piece.split_once("*/").unwrap_or_default();
        text + after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_apart_by_scheme() {
        let tokens = Tokens::from_sheet(
            "/* --not: this; */
            :host { --blue: #1f5bd8; --accent: var(--blue); color: red; --quoted: \"a;}b\" }
            @media (prefers-color-scheme: dark) { :host { --accent: #8ab; } }
            :host([data-scheme=dark]) { --ink: #fff }
            .a { --late: 1px }",
        );
        let of = |scheme: &BTreeMap<String, String>| {
            let all = scheme
                .iter()
                .map(|(name, value)| format!("{name}: {value}"));
            all.collect::<Vec<_>>().join("; ")
        };
        assert_eq!(
            of(&tokens.light),
            "accent: var(--blue); blue: #1f5bd8; late: 1px; quoted: \"a;}b\""
        );
        assert_eq!(of(&tokens.dark), "accent: #8ab; ink: #fff");
    }
}
