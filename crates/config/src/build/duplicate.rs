//! What is said of a key that stands there twice: its name, and where the first is.

use super::place::{is_bare, join, line_column};
use super::syntax::line;
use super::walk::Walk;

/// What the parser says of a key that is there already, without its name.
pub(super) const DUPLICATE: &str = "duplicate key";

/// Says which key, at a byte of the file, is there already.
pub(super) fn told(source: &str, offset: usize, walk: &Walk) -> String {
    let offset = source.floor_char_boundary(offset);
    let of_line = line(source, offset);
    let (key, place) = match source[of_line.clone()].trim_start().strip_prefix('[') {
        Some(header) => {
            let header = header.split(']').next().unwrap_or_default();
            let name = header.trim_start_matches('[').trim();
            (
                format!("[{name}]"),
                line_of_table(source, of_line.start, name),
            )
        }
        None => {
            let before = &source[of_line.start..offset];
            let name = name_at(&source[offset..]);
            if before.contains(['=', '{']) {
                // In a table of braces: what is before is on the same line.
                return format!("{DUPLICATE}: {name} is in this line already");
            }
            let table = walk.table_at(source, of_line.start);
            let outer = before.split('.').map(str::trim).filter(|it| !it.is_empty());
            let keys = outer.map(name_at).chain([name]);
            let path = keys.fold(table.to_owned(), |path, key| join(&path, key));
            let place = walk.places.has(&path).then(|| walk.places.key(&path));
            (path, place)
        }
    };
    match place {
        Some(offset) => {
            let (line, _) = line_column(source, offset);
            format!("{DUPLICATE}: {key} is in line {line} already")
        }
        None => format!("{DUPLICATE}: {key} is there already"),
    }
}

/// Reads a key where it begins, with or without quotes.
fn name_at(text: &str) -> &str {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].split(quote).next().unwrap_or_default(),
        _ => {
            let end = text.bytes().position(|byte| !is_bare(byte));
            &text[..end.unwrap_or(text.len())]
        }
    }
}

/// Finds the first line that makes a table: as a header, or with a key.
fn line_of_table(source: &str, before: usize, name: &str) -> Option<usize> {
    let mut start = 0;
    for line in source[..before].split_inclusive('\n') {
        let text = line.trim();
        let header = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let is_header = header.is_some_and(|(inner, _)| inner.trim_matches(['[', ' ']) == name);
        let key = text.strip_prefix(name).map(str::trim_start);
        if is_header || key.is_some_and(|rest| rest.starts_with(['=', '.'])) {
            return Some(start);
        }
        start += line.len();
    }
    None
}
