use std::collections::BTreeMap;

use crate::Rules;
use crate::build::place::at;

use super::judge::Judge;

pub(super) fn judge(rules: &Rules, judge: &mut Judge<'_>) {
    let lists = [
        ("rules.show_on", &rules.show_on),
        ("rules.hide_on", &rules.hide_on),
    ];
    let mut seen = BTreeMap::new();
    for (list, patterns) in lists {
        for (i, pattern) in patterns.iter().enumerate() {
            let path = at(list, i);
            if let Some(message) = wrong_pattern(pattern) {
                judge.mistake(&path, message);
            } else if let Some(first) = seen.insert(pattern, path.clone()) {
                judge.mistake(&path, format!("is the same as {first}"));
            }
        }
    }
    for key in ["rules.open_as", "rules.open_once"] {
        if judge.is_set(key) && rules.open_after_s.is_none() && !rules.open_on_exit {
            judge.warning(key, "has no effect without open_after_s or open_on_exit");
        }
    }
    if rules.hide_on.iter().any(|pattern| is_every_path(pattern)) {
        judge.warning("rules.hide_on", "leaves no page with the launcher");
    }
    if rules.show_on.iter().any(|pattern| is_every_path(pattern)) {
        judge.warning("rules.show_on", "is every page: the list has no effect");
    }
}

/// Says what is wrong with a pattern of paths.
fn wrong_pattern(pattern: &str) -> Option<String> {
    let expected = "expected a path that begins with a slash or a star, such as /checkout/*";
    if pattern.contains("://") {
        return Some(format!("{expected}, without scheme and host"));
    }
    if pattern.contains('?') {
        return Some(format!("{expected}, without query"));
    }
    if pattern.starts_with('#') {
        return Some(format!(
            "{expected}: what stands before the hash, too, as in *#/checkout/*"
        ));
    }
    let clean = !pattern.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\');
    let begins = pattern.starts_with(['/', '*']) && !pattern.starts_with("//");
    (!(begins && clean)).then(|| format!("{expected}, found \"{pattern}\""))
}

fn is_every_path(pattern: &str) -> bool {
    // The hash may be any, too.
    let path = pattern.strip_suffix("#*").unwrap_or(pattern);
    matches!(path, "*" | "/*" | "**" | "/**")
}
