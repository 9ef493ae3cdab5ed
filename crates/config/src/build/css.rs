//! The harmless part of CSS that a tenant's token may hold: one value, no addresses, nothing that
//! could end the declaration it is put into.

/// The functions a value may call: colours, arithmetic, gradients. None of them loads anything.
const FUNCTIONS: [&str; 23] = [
    "calc",
    "clamp",
    "color",
    "color-mix",
    "cubic-bezier",
    "hsl",
    "hsla",
    "hwb",
    "lab",
    "lch",
    "light-dark",
    "linear-gradient",
    "max",
    "min",
    "oklab",
    "oklch",
    "radial-gradient",
    "rgb",
    "rgba",
    "round",
    "steps",
    "translate",
    "var",
];

/// Says why a value may not stand in a tenant's theme.
pub(super) fn wrong_value(value: &str) -> Option<String> {
    if value.trim().is_empty() {
        return Some("expected a CSS value, found nothing".into());
    }
    if value.len() > 200 {
        return Some("expected a CSS value of at most 200 bytes".into());
    }
    let harmless = |c: char| c.is_ascii_alphanumeric() || " #%.,()+-*/'\"_".contains(c);
    let outside_quotes = || unquoted(value);
    if let Some(bad) = value
        .chars()
        .find(|c| "\\;{}<>@!".contains(*c) || c.is_control())
    {
        return Some(format!("expected one CSS value, found {}", show(bad)));
    }
    if quotes_are_open(value) {
        return Some("expected every quote to be closed".into());
    }
    if let Some(bad) = outside_quotes().find(|c| !harmless(*c)) {
        return Some(format!("expected one CSS value, found {}", show(bad)));
    }
    let bare: String = outside_quotes().collect();
    if bare.contains("/*") || bare.contains("*/") {
        return Some("expected a CSS value without comments".into());
    }
    if !brackets_match(&bare) {
        return Some("expected every bracket to be closed".into());
    }
    let called = functions(&bare).find(|n| !n.is_empty() && !FUNCTIONS.contains(&n.as_str()))?;
    Some(match called.as_str() {
        "url" | "image" | "image-set" | "src" => format!("{called}() would load something"),
        _ => format!("{called}() is not among the functions allowed here"),
    })
}

/// Says why a value is not a list of font families.
pub(super) fn wrong_font(value: &str) -> Option<String> {
    wrong_value(value).or_else(|| {
        let bare: String = unquoted(value).collect();
        let family = |c: char| c.is_ascii_alphanumeric() || " -_,'\"".contains(c);
        let empty = value.split(',').any(|part| part.trim().is_empty());
        (empty || !bare.chars().all(family))
            .then(|| "expected font families, for example \"Inter, system-ui, sans-serif\"".into())
    })
}

/// Says why a value is not a radius.
pub(super) fn wrong_radius(value: &str) -> Option<String> {
    let number = value
        .strip_suffix("px")
        .or_else(|| (value == "0").then_some(value));
    let plain = |n: &str| n.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let size = number
        .filter(|n| plain(n))
        .and_then(|n| n.parse::<f64>().ok());
    (!size.is_some_and(|size| (0.0..=32.0).contains(&size)))
        .then(|| format!("expected 0px to 32px, found \"{value}\""))
}

/// Splits at commas that stand outside brackets.
pub(super) fn arguments(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_usize, 0, Vec::new());
    for (i, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(text[start..i].trim());
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

/// Splits `name(arguments)`; `None` if the text is anything else.
pub(super) fn call(text: &str) -> Option<(String, &str)> {
    let (name, rest) = text.trim().split_once('(')?;
    let inner = rest.strip_suffix(')')?;
    let single = brackets_match(inner);
    (single && !name.contains(char::is_whitespace)).then(|| (name.to_ascii_lowercase(), inner))
}

fn unquoted(value: &str) -> impl Iterator<Item = char> {
    let mut open = None;
    value.chars().filter(move |c| match open {
        Some(quote) => {
            if *c == quote {
                open = None;
            }
            false
        }
        None => {
            if matches!(c, '"' | '\'') {
                open = Some(*c);
            }
            true
        }
    })
}

fn quotes_are_open(value: &str) -> bool {
    let mut open = None;
    for c in value.chars().filter(|c| matches!(c, '"' | '\'')) {
        match open {
            None => open = Some(c),
            Some(quote) if quote == c => open = None,
            Some(_) => {}
        }
    }
    open.is_some()
}

fn brackets_match(text: &str) -> bool {
    let mut depth = 0_i32;
    text.chars().all(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth >= 0
    }) && depth == 0
}

fn functions(bare: &str) -> impl Iterator<Item = String> {
    bare.match_indices('(').map(|(i, _)| {
        let before = &bare[..i];
        let name = before.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
        before[name.map_or(0, |n| n + 1)..].to_ascii_lowercase()
    })
}

fn show(c: char) -> String {
    if c.is_control() {
        format!("character U+{:04X}", u32::from(c))
    } else {
        format!("\"{c}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_only_look_are_allowed() {
        for value in [
            "#0a7",
            "12px",
            "0 1px 2px rgb(0 0 0 / 20%)",
            "color-mix(in oklab, var(--x), white 20%)",
            "calc((100% - 2px) / 3)",
            "linear-gradient(90deg, #fff, rgb(1, 2, 3))",
            "'Some Font', sans-serif",
            "'Fönt', serif",
            "cubic-bezier(.2, 0, 0, 1)",
        ] {
            assert_eq!(wrong_value(value), None, "{value}");
        }
    }

    #[test]
    fn values_that_load_or_break_out_are_refused() {
        for (value, expected) in [
            ("", "expected a CSS value, found nothing"),
            (
                "url(https://x.example/a.png)",
                "expected one CSS value, found \":\"",
            ),
            ("url(x.png)", "url() would load something"),
            ("URL( x.png )", "url() would load something"),
            ("image-set('x.png' 1x)", "image-set() would load something"),
            (
                "red; background: blue",
                "expected one CSS value, found \";\"",
            ),
            (
                "red } * { color: blue",
                "expected one CSS value, found \"}\"",
            ),
            ("red !important", "expected one CSS value, found \"!\""),
            ("\\75rl(x)", "expected one CSS value, found \"\\\""),
            ("ur/**/l(x)", "expected a CSS value without comments"),
            ("rgb(0 0 0", "expected every bracket to be closed"),
            ("a) (b", "expected every bracket to be closed"),
            ("'a", "expected every quote to be closed"),
            ("'a\nb'", "expected one CSS value, found character U+000A"),
            ("env(x)", "env() is not among the functions allowed here"),
        ] {
            assert_eq!(wrong_value(value).as_deref(), Some(expected), "{value}");
        }
    }

    #[test]
    fn a_radius_is_a_small_number_of_pixels() {
        for good in ["0", "0px", "12px", "7.5px", "32px"] {
            assert_eq!(wrong_radius(good), None, "{good}");
        }
        for bad in [
            "",
            "px",
            "12",
            "1e1px",
            "-1px",
            "33px",
            "1rem",
            "calc(1px)",
            "infpx",
            "nanpx",
        ] {
            assert!(wrong_radius(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn fonts_are_names_in_a_list() {
        for good in ["Inter", "Inter, 'Noto Sans', sans-serif", "system-ui"] {
            assert_eq!(wrong_font(good), None, "{good}");
        }
        for bad in ["", "Inter,", "12px Inter / 3", "rgb(0 0 0)"] {
            assert!(wrong_font(bad).is_some(), "{bad}");
        }
    }
}
