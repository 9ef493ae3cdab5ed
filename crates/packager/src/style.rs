//! References between design tokens.

/// Follows references between tokens (`var(--blue)`, with or without a fallback) to a final value.
pub(crate) fn resolve(value: &str, lookup: &dyn Fn(&str) -> Option<String>) -> String {
    resolve_at(value, lookup, 0)
}

/// Lists the tokens that a value refers to.
pub(crate) fn references(value: &str) -> impl Iterator<Item = &str> {
    let rest = value.split("var(--").skip(1);
    rest.filter_map(|rest| Some(rest.split([',', ')']).next()?.trim()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_followed_and_circles_end() {
        let tokens = [("accent", "var(--blue)"), ("blue", "#1f5bd8")];
        let find = |name: &str| {
            let token = tokens.iter().find(|(own, _)| *own == name);
            token.map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(resolve("var(--accent)", &find), "#1f5bd8");
        assert_eq!(
            resolve("1px solid var(--none, var(--blue))", &find),
            "1px solid #1f5bd8"
        );
        assert_eq!(resolve("var(--none)", &find), "var(--none)");
        let found: Vec<_> = references("1px solid var(--none, var(--blue))").collect();
        assert_eq!(found, ["none", "blue"]);
        let circle = |_: &str| Some("var(--x)".to_owned());
        assert_eq!(resolve("var(--x)", &circle), "var(--x)");
    }
}
