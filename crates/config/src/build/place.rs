//! Key paths (`form.fields[2].role`, `texts.en."launcher.label"`) and where they are in the file.

use std::collections::BTreeMap;

/// Appends a key to a path; a key that TOML would want in quotes gets them.
pub(super) fn join(path: &str, key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(is_bare);
    let key = if bare {
        key.to_owned()
    } else {
        format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""))
    };
    if path.is_empty() {
        key
    } else {
        format!("{path}.{key}")
    }
}

/// Appends an index to a path.
pub(super) fn at(path: &str, index: usize) -> String {
    format!("{path}[{index}]")
}

/// Cuts the last key or index off a path; `None` at the top.
pub(super) fn parent(path: &str) -> Option<&str> {
    if path.is_empty() {
        return None;
    }
    let (mut cut, mut quoted, mut escaped) = (0, false, false);
    for (i, c) in path.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '.' | '[' if !quoted => cut = i,
            _ => {}
        }
    }
    Some(&path[..cut])
}

/// Tells whether one path is the other or lies inside it.
pub(super) fn touches(a: &str, b: &str) -> bool {
    let inside = |outer: &str, inner: &str| {
        outer.is_empty()
            || inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    inside(a, b) || inside(b, a)
}

pub(super) fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// The byte of the file at which each key and each value begins.
#[derive(Debug, Default)]
pub(super) struct Places {
    places: BTreeMap<String, (usize, usize)>,
}

impl Places {
    pub(super) fn insert(&mut self, path: String, key: usize, value: usize) {
        self.places.insert(path, (key, value));
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.places.contains_key(path)
    }

    /// Returns where the value is; for one that is not in the file, where its table is.
    pub(super) fn value(&self, path: &str) -> usize {
        self.nearest(path).1
    }

    /// Returns where the key is; for one that is not in the file, where its table is.
    pub(super) fn key(&self, path: &str) -> usize {
        match self.places.get(path) {
            Some(&(key, _)) => key,
            None => self.value(path),
        }
    }

    fn nearest(&self, path: &str) -> (usize, usize) {
        std::iter::successors(Some(path), |path| parent(path))
            .find_map(|path| self.places.get(path).copied())
            .unwrap_or_default()
    }
}

/// Turns a byte offset into a line and a column, both counted from 1, the latter in characters.
pub(super) fn line_column(source: &str, offset: usize) -> (usize, usize) {
    let before = &source[..source.floor_char_boundary(offset)];
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    (
        line,
        before[start..].chars().filter(|c| *c != '\u{feff}').count() + 1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_ends_before_the_last_key_or_index_but_not_inside_quotes() {
        for (path, expected) in [
            ("server", ""),
            ("server.url", "server"),
            ("form.fields[2]", "form.fields"),
            ("form.fields[2].role", "form.fields[2]"),
            (r#"texts.en."launcher.label""#, "texts.en"),
            (r#"headers."a\".b""#, "headers"),
        ] {
            assert_eq!(parent(path), Some(expected), "{path}");
        }
        assert_eq!(parent(""), None);
    }

    #[test]
    fn paths_touch_when_one_holds_the_other_but_not_when_they_only_begin_alike() {
        assert!(touches("form", "form.fields[2].role"));
        assert!(touches("form.fields[2].role", "form"));
        assert!(touches("", "tenant"));
        assert!(!touches("form.fields[2]", "form.fields[20]"));
        assert!(!touches("server.url", "server.urls"));
    }

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let source = "a = 'é'\nb = 1";
        assert_eq!(line_column(source, 0), (1, 1));
        assert_eq!(line_column(source, source.find("\nb").unwrap()), (1, 8));
        assert_eq!(line_column(source, source.find('b').unwrap()), (2, 1));
        assert_eq!(line_column(source, 9_999), (2, 6));
    }
}
