//! Which kind of value a token holds, by the widget's own: what a browser would take for nothing is a mistake.

use crate::build::colour::{Colour, is_browsers_own};
use crate::build::colour_names::NAMED;
use crate::build::css::call;
use crate::build::suggest::nearest;

/// Units of lengths. Those of the page's root element are not among them: a page may have set its size to anything.
const LENGTHS: [&str; 12] = [
    "px", "em", "ch", "lh", "%", "vw", "vh", "dvw", "dvh", "svh", "vmin", "vmax",
];

const TIMES: [&str; 2] = ["ms", "s"];

/// Says that a value is of another kind than the widget's own value of the token. What only a browser can work out
/// may be anything.
pub(super) fn wrong_kind(own: &str, value: &str) -> Option<String> {
    let (own, value) = (own.trim(), value.trim());
    if call(value).is_some() && Colour::parse(value).is_none() {
        return None;
    }
    let own_unit = measure(own).map_or("", |(_, unit)| unit);
    let has_unit = |units: &[&str]| {
        measure(value).is_some_and(|(number, unit)| number >= 0.0 && units.contains(&unit))
    };
    let is_colour = Colour::parse(own).is_some() || own.starts_with("var(");
    let (expected, fits) = if LENGTHS.contains(&own_unit) {
        ("a length", has_unit(&LENGTHS) || value == "0")
    } else if TIMES.contains(&own_unit) {
        ("a time", has_unit(&TIMES))
    } else if is_colour {
        let fits = Colour::parse(value).is_some() || is_browsers_own(value);
        ("a colour", fits)
    } else {
        return None;
    };
    let such_as = if is_colour { "#1f5bd8" } else { own };
    let digits = format!("#{value}");
    let named = || nearest(value, NAMED.iter().map(|(name, _)| *name));
    let near = match Colour::parse(&digits) {
        _ if !is_colour => None,
        Some(_) => Some(digits.as_str()),
        None => named(),
    };
    let near = near.map_or(String::new(), |near| format!(", did you mean \"{near}\"?"));
    (!fits).then(|| format!("expected {expected} such as {such_as}, found \"{value}\"{near}"))
}

/// Tells whether a value is no colour, also for a browser.
pub(super) fn is_no_colour(value: &str) -> bool {
    Colour::parse(value).is_none() && call(value).is_none() && !is_browsers_own(value)
}

/// Splits a number from its unit.
fn measure(value: &str) -> Option<(f64, &str)> {
    let end = value
        .find(|c: char| !(c.is_ascii_digit() || "+-.".contains(c)))
        .unwrap_or(value.len());
    let (number, unit) = value.split_at(end);
    Some((number.parse().ok()?, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_of_the_kind_of_the_widgets_own() {
        for (own, value) in [
            ("392px", "400px"),
            ("392px", "0"),
            ("392px", "25em"),
            ("392px", "min(90%, 400px)"),
            ("392px", "var(--gap)"),
            ("140ms", "0.2s"),
            ("#fff", "#000"),
            ("#fff", "rebeccapurple"),
            ("#fff", "currentcolor"),
            ("#fff", "Canvas"),
            ("#fff", "color-mix(in srgb, red, blue)"),
            ("var(--accent)", "hsl(20 50% 50%)"),
            ("0 1px 2px rgb(0 0 0 / 8%)", "none"),
        ] {
            assert_eq!(wrong_kind(own, value), None, "{own} {value}");
        }
        for (own, value, told) in [
            (
                "392px",
                "400",
                "expected a length such as 392px, found \"400\"",
            ),
            (
                "392px",
                "25rem",
                "expected a length such as 392px, found \"25rem\"",
            ),
            (
                "392px",
                "-1px",
                "expected a length such as 392px, found \"-1px\"",
            ),
            (
                "392px",
                "wide",
                "expected a length such as 392px, found \"wide\"",
            ),
            (
                "140ms",
                "140",
                "expected a time such as 140ms, found \"140\"",
            ),
            (
                "#fff",
                "12px",
                "expected a colour such as #1f5bd8, found \"12px\"",
            ),
            (
                "#fff",
                "#12",
                "expected a colour such as #1f5bd8, found \"#12\"",
            ),
            (
                "var(--accent)",
                "bleu",
                "expected a colour such as #1f5bd8, found \"bleu\", did you mean \"blue\"?",
            ),
        ] {
            assert_eq!(wrong_kind(own, value).as_deref(), Some(told));
        }
    }
}
