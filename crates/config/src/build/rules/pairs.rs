//! The colours that meet on the screen: the one table of them.

/// What text needs (WCAG 2.2, success criterion 1.4.3).
pub(super) const TEXT: f64 = 4.5;

/// What frames, signs and the ring around what has the focus need (WCAG 2.2, success criterion 1.4.11).
const SIGN: f64 = 3.0;

/// Two tokens of which one stands on the other, and the least contrast of their colours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) above: &'static str,
    pub(super) below: &'static str,
    pub(super) least: f64,
}

/// Every pair that the style sheets put together.
pub(super) const PAIRS: [Pair; 22] = [
    text("on-accent", "accent"),
    text("on-header", "header"),
    text("on-header-variant", "header"),
    text("on-surface", "surface"),
    text("on-surface-variant", "surface"),
    text("on-bubble", "bubble"),
    text("on-bubble-variant", "bubble"),
    text("on-mine", "mine"),
    text("on-field", "field"),
    text("on-field-variant", "field"),
    text("on-danger", "danger"),
    text("on-notice", "notice"),
    text("danger-text", "surface"),
    // Small buttons, and what is under the pointer.
    text("on-surface", "hover"),
    // The frames of fields: at rest, under the pointer, with a wrong answer.
    sign("field-line", "surface"),
    sign("field-line", "field"),
    sign("on-surface-variant", "field"),
    sign("danger-text", "field"),
    // The ring around what has the focus, ticks, the progress of an upload. In the panel's head and on
    // links the ring has the colour of their text.
    sign("accent-line", "surface"),
    sign("accent-line", "field"),
    sign("accent-line", "notice"),
    // The mark on the launcher that a chat goes on: its frame is a surface.
    sign("success", "surface"),
];

const fn text(above: &'static str, below: &'static str) -> Pair {
    let least = TEXT;
    Pair {
        above,
        below,
        least,
    }
}

const fn sign(above: &'static str, below: &'static str) -> Pair {
    let least = SIGN;
    Pair {
        above,
        below,
        least,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::build::Tokens;

    /// Tokens of colours that need no contrast: lines and shadows that say nothing.
    const ALONE: [&str; 4] = ["launcher-shadow", "line", "shade", "shadow"];

    /// Pairs that need none: a button that cannot be used (WCAG 2.2, 1.4.3, "incidental").
    const EXEMPT: [(&str, &str); 1] = [("on-surface-variant", "hover")];

    /// Pairs of colours that are no tokens: the tests of the theme read them from their sheet.
    const NO_TOKENS: [(&str, &str); 1] = [("on-face", "face")];

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    /// Returns every style sheet of the widget.
    fn sheets() -> Vec<String> {
        let mut folders = vec![root().join("style"), root().join("src/components")];
        let mut sheets = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "css") {
                    sheets.push(fs::read_to_string(path).unwrap());
                }
            }
        }
        sheets
    }

    /// Returns the tokens that a value names.
    fn named(value: &str) -> impl Iterator<Item = &str> {
        let pieces = value.split("var(--").skip(1);
        pieces.filter_map(|piece| piece.split([')', ',']).next())
    }

    fn has_colour(property: &str) -> bool {
        [
            "color",
            "background",
            "border",
            "outline",
            "shadow",
            "fill",
            "stroke",
        ]
        .iter()
        .any(|part| property.contains(part))
    }

    #[test]
    fn every_colour_of_the_styles_is_in_a_pair_or_needs_none() {
        let tokens =
            Tokens::from_sheet(&fs::read_to_string(root().join("style/tokens.css")).unwrap());
        let lengths = ["radius", "gap", "launcher-radius", "launcher-size"];
        let mut colours = BTreeSet::new();
        for sheet in sheets() {
            let declarations = sheet
                .split(['{', '}', ';'])
                .filter_map(|it| it.split_once(':'));
            for (_, value) in declarations.filter(|(property, _)| has_colour(property)) {
                let known = named(value).filter(|name| tokens.light.contains_key(*name));
                colours.extend(known.map(str::to_owned));
            }
        }
        colours.retain(|name| !lengths.contains(&name.as_str()));
        assert!(colours.len() > 20, "{colours:?}");
        // The values of the dark scheme are colours, all of them, whether a sheet names them or not.
        colours.extend(tokens.dark.keys().cloned());
        let in_a_pair = |name: &str| PAIRS.iter().any(|it| it.above == name || it.below == name);
        for colour in &colours {
            assert!(
                in_a_pair(colour) != ALONE.contains(&colour.as_str()),
                "--{colour} is neither in PAIRS nor in ALONE, or in both"
            );
        }
        for Pair { above, below, .. } in PAIRS {
            assert!(
                colours.contains(above) && colours.contains(below),
                "{above} on {below}"
            );
        }
    }

    #[test]
    fn what_a_rule_puts_on_a_background_is_a_pair() {
        let mut met = 0;
        for sheet in sheets() {
            for rule in sheet.split(['{', '}']) {
                let value = |wanted: &str| {
                    let mut all = rule.split(';').filter_map(|it| it.split_once(':'));
                    let (_, value) = all.find(|(property, _)| property.trim() == wanted)?;
                    named(value).next()
                };
                let (Some(above), Some(below)) = (value("color"), value("background")) else {
                    continue;
                };
                met += 1;
                // Contrast has no direction: what is inverted is read as well.
                let pair = |it: &Pair| {
                    (it.above, it.below) == (above, below) || (it.below, it.above) == (above, below)
                };
                assert!(
                    PAIRS.iter().any(pair)
                        || EXEMPT.contains(&(above, below))
                        || NO_TOKENS.contains(&(above, below)),
                    "--{above} on --{below} is not in PAIRS"
                );
            }
        }
        assert!(met > 10);
    }
}
