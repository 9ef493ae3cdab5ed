//! Parses TOML, and after a mistake of syntax as much of the rest as can be relied on.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

/// A parsed file.
pub(super) struct Parsed<'a> {
    pub(super) table: Spanned<DeTable<'a>>,
    /// Lists byte offset and words of each mistake of syntax.
    pub(super) mistakes: Vec<(usize, String)>,
    /// Lists the lines that had to be left out.
    pub(super) left_out: Vec<Range<usize>>,
    /// Tells from which byte on the table cannot be relied on.
    pub(super) reliable_to: usize,
}

/// Parses a file. `room` holds the text to parse if it is not the source itself.
///
/// A mistake that spoils no more than its own line (a value without quotes, …) costs just that
/// line. After one that swallows others (a bracket that is never closed, …) nothing that follows
/// can be relied on.
pub(super) fn parse<'a>(source: &'a str, room: &'a mut String) -> Parsed<'a> {
    let (table, errors) = DeTable::parse_recoverable(source);
    let mut mistakes: Vec<(usize, String)> = errors
        .iter()
        .map(|e| {
            let offset = e.span().map_or(0, |span| span.start).min(source.len());
            (offset, told(e.message(), source, offset))
        })
        .collect();
    mistakes.sort();
    mistakes.dedup_by_key(|(offset, _)| *offset);

    let Some(&(first, _)) = mistakes.first() else {
        return Parsed {
            table,
            mistakes,
            left_out: Vec::new(),
            reliable_to: source.len(),
        };
    };
    let mut left_out: Vec<_> = mistakes
        .iter()
        .map(|(offset, _)| line(source, *offset))
        .collect();
    left_out.dedup();
    let header = left_out
        .iter()
        .any(|l| source[l.clone()].trim_start().starts_with('['));
    if !header {
        *room = without(source, &left_out);
        if let Ok(table) = DeTable::parse(room) {
            return Parsed {
                table,
                mistakes,
                left_out,
                reliable_to: source.len(),
            };
        }
    }
    let reliable_to = line(source, first).start;
    Parsed {
        table,
        mistakes,
        left_out: Vec::new(),
        reliable_to,
    }
}

/// Returns what is said of a mistake that the parser reports in its own words: for those that people make most, what to
/// write.
fn told(message: &str, source: &str, offset: usize) -> String {
    let found = source[source.floor_char_boundary(offset)..].chars().next();
    match (message, found) {
        (_, Some(quote @ ('“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '«' | '»'))) => {
            format!("expected straight quotes, \" or ', found {quote}")
        }
        (_, _) if message.starts_with("missing escaped value") => {
            "a backslash between double quotes begins an escape: write two of them, or put the text between single \
             quotes"
                .to_owned()
        }
        ("invalid basic string, expected `\"`", _) => {
            "the text has no end: expected a \" in the same line".to_owned()
        }
        ("invalid literal string, expected `'`", _) => {
            "the text has no end: expected a ' in the same line".to_owned()
        }
        (_, _) if message.starts_with("string values must be quoted") => {
            "expected a text between quotes, a number, true or false".to_owned()
        }
        _ => message.to_owned(),
    }
}

/// Returns the key path that a line sets, if it reads like one: `label.en = ` gives `label.en`.
pub(super) fn key_of(line: &str) -> Option<&str> {
    let key = line.split_once('=')?.0.trim();
    let bare = |part: &str| !part.is_empty() && part.bytes().all(super::place::is_bare);
    key.split('.').all(bare).then_some(key)
}

/// Returns the line in which a byte is.
pub(super) fn line(source: &str, offset: usize) -> Range<usize> {
    let offset = source.floor_char_boundary(offset);
    let start = source[..offset].rfind('\n').map_or(0, |i| i + 1);
    let end = source[offset..]
        .find('\n')
        .map_or(source.len(), |i| offset + i);
    start..end
}

/// Replaces lines by blanks, leaving every other byte where it was.
fn without(source: &str, lines: &[Range<usize>]) -> String {
    let mut text = source.to_owned();
    for line in lines {
        text.replace_range(line.clone(), &" ".repeat(line.len()));
    }
    text
}
