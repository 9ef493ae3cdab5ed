//! The design tokens of the widget's style sheet.

use std::collections::BTreeMap;

use parlour_config::build::Tokens;

/// Follows references between tokens (`var(--blue)`, with or without a fallback) to a final value.
pub fn resolve(value: &str, lookup: &dyn Fn(&str) -> Option<String>) -> String {
    resolve_at(value, lookup, 0)
}

fn resolve_at(value: &str, lookup: &dyn Fn(&str) -> Option<String>, depth: usize) -> String {
    let Some(start) = value.find("var(--").filter(|_| depth < 10) else {
        return value.to_owned();
    };
    let inside = &value[start + "var(--".len()..];
    let Some(end) = closing(inside) else {
        return value.to_owned();
    };
    let (name, fallback) = match inside[..end].split_once(',') {
        Some((name, fallback)) => (name.trim(), Some(fallback.trim())),
        None => (inside[..end].trim(), None),
    };
    let found = lookup(name).or_else(|| fallback.map(str::to_owned));
    let Some(found) = found else {
        return value.to_owned();
    };
    let whole = format!("{}{found}{}", &value[..start], &inside[end + 1..]);
    resolve_at(&whole, lookup, depth + 1)
}

/// Finds the closing parenthesis of a group that was opened before `text`.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '(' => open += 1,
            ')' if open == 0 => return Some(at),
            ')' => open -= 1,
            _ => {}
        }
    }
    None
}

/// Reads design tokens from a style sheet: custom properties, named without their two hyphens. Those under a
/// condition or selector with `dark` belong to the dark scheme, all others to the light one.
pub fn parse(sheet: &str) -> Tokens {
    let mut tokens = Tokens::default();
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
        let scheme: &mut BTreeMap<_, _> = if dark {
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

    const SHEET: &str = "
        /* --not: this; */
        :host { --blue: #1f5bd8; --accent: var(--blue); color: red; --quoted: \"a;}b\" }
        @media (prefers-color-scheme: dark) { :host { --accent: #8ab; } }
        :host([data-scheme=dark]) { --ink: #fff }
        .a { --late: 1px }
    ";

    #[test]
    fn tokens_are_told_apart_by_scheme() {
        let tokens = parse(SHEET);
        let light: Vec<_> = tokens
            .light
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            light,
            [
                ("accent", "var(--blue)"),
                ("blue", "#1f5bd8"),
                ("late", "1px"),
                ("quoted", "\"a;}b\"")
            ]
        );
        assert_eq!(tokens.dark["accent"], "#8ab");
        assert_eq!(tokens.dark["ink"], "#fff");
        assert_eq!(tokens.dark.len(), 2);
    }

    #[test]
    fn references_are_followed_and_circles_end() {
        let tokens = parse(SHEET);
        let find = |name: &str| tokens.light.get(name).cloned();
        assert_eq!(resolve("var(--accent)", &find), "#1f5bd8");
        assert_eq!(
            resolve("1px solid var(--none, var(--blue))", &find),
            "1px solid #1f5bd8"
        );
        assert_eq!(resolve("var(--none)", &find), "var(--none)");
        let circle = |_: &str| Some("var(--x)".to_owned());
        assert_eq!(resolve("var(--x)", &circle), "var(--x)");
    }
}
