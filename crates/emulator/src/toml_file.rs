//! TOML files that people write: all mistakes are reported at once, each with its line, column and what was expected.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The mistakes of a file, one a line: `file:line:column: what`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    file: String,
    problems: Vec<Problem>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Problem {
    line: usize,
    column: usize,
    message: String,
}

impl std::error::Error for FileError {}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (
            nth,
            Problem {
                line,
                column,
                message,
            },
        ) in self.problems.iter().enumerate()
        {
            if nth > 0 {
                writeln!(f)?;
            }
            write!(f, "{}:{line}:{column}: {message}", self.file)?;
        }
        Ok(())
    }
}

/// The mistakes found in a file so far.
#[derive(Debug)]
pub(crate) struct Problems<'s> {
    text: &'s str,
    found: RefCell<Vec<Problem>>,
}

impl Problems<'_> {
    /// Notes a mistake at a place.
    pub(crate) fn add(&self, place: &Range<usize>, message: impl Into<String>) {
        let before = self.text.get(..place.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        self.found.borrow_mut().push(Problem {
            line,
            column,
            message: message.into(),
        });
    }
}

/// Reads a file's text with `read`, which notes every mistake it finds. The result counts only if there was none.
pub(crate) fn read_toml<T>(
    file: &Path,
    text: &str,
    read: impl FnOnce(&Table<'_>, &Problems<'_>) -> T,
) -> Result<T, FileError> {
    let problems = Problems {
        text,
        found: RefCell::default(),
    };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        problems.add(&error.span().unwrap_or(0..0), error.message().trim());
    }
    // After a syntax error the rest would only bring mistakes that follow from it.
    let value = if problems.found.borrow().is_empty() {
        let root = Table {
            place: table.span(),
            table: table.get_ref(),
            problems: &problems,
            known: RefCell::default(),
        };
        let value = read(&root, &problems);
        root.refuse_unknown();
        Some(value)
    } else {
        None
    };
    let mut found = problems.found.into_inner();
    found.sort();
    found.dedup();
    match value {
        Some(value) if found.is_empty() => Ok(value),
        _ => Err(FileError {
            file: file.display().to_string(),
            problems: found,
        }),
    }
}

/// A value and its place in the file.
#[derive(Debug, Clone)]
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    pub(crate) place: Range<usize>,
}

/// A table whose keys are read one by one; keys that were never asked for are mistakes.
pub(crate) struct Table<'a> {
    pub(crate) place: Range<usize>,
    table: &'a DeTable<'a>,
    problems: &'a Problems<'a>,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Table<'a> {
    /// Reads a text.
    pub(crate) fn text(&self, key: &'static str) -> Option<Placed<String>> {
        self.read(key, "a text in quotes", |value| {
            value.as_str().map(str::to_owned)
        })
    }

    /// Reads a whole number that is not negative.
    pub(crate) fn number(&self, key: &'static str) -> Option<Placed<u32>> {
        self.read(key, "a whole number from 0 up", |value| {
            let number = value.as_integer()?;
            u32::from_str_radix(number.as_str(), number.radix()).ok()
        })
    }

    /// Reads a number from 0 to 1.
    pub(crate) fn fraction(&self, key: &'static str) -> Option<Placed<f64>> {
        self.read(key, "a number from 0 to 1", |value| {
            let text = value.as_float().map(|f| f.as_str());
            let text = text.or_else(|| value.as_integer().map(|i| i.as_str()))?;
            text.parse().ok().filter(|n| (0.0..=1.0).contains(n))
        })
    }

    /// Reads yes or no.
    pub(crate) fn boolean(&self, key: &'static str) -> Option<Placed<bool>> {
        self.read(key, "true or false", DeValue::as_bool)
    }

    /// Reads a time span such as `"2s"` as milliseconds.
    pub(crate) fn duration(&self, key: &'static str) -> Option<Placed<u64>> {
        self.read(
            key,
            "a time span such as \"500ms\", \"2s\" or \"1m\", a day at most",
            |value| parse_duration(value.as_str()?),
        )
    }

    /// Reads one of the given words.
    pub(crate) fn word<T: Copy>(
        &self,
        key: &'static str,
        words: &[(&str, T)],
    ) -> Option<Placed<T>> {
        let text = self.text(key)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(Placed {
                value: *value,
                place: text.place,
            });
        }
        let list: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let message = format!(
            "unknown {key} \"{}\": expected one of {}",
            text.value,
            list.join(", ")
        );
        self.problems.add(&text.place, message);
        None
    }

    /// Reads a list of texts.
    pub(crate) fn texts(&self, key: &'static str) -> Option<Placed<Vec<String>>> {
        self.read(key, "a list of texts", |value| {
            let items = value.as_array()?.iter();
            items
                .map(|item| item.get_ref().as_str().map(str::to_owned))
                .collect()
        })
    }

    /// Reads a list of tables (`[[key]]`).
    pub(crate) fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        let Some((place, value)) = self.value(key) else {
            return Vec::new();
        };
        let wanted = format!("`{key}` must be a list of tables, written as [[{key}]]");
        let Some(items) = value.as_array() else {
            self.problems.add(&place, wanted);
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| {
                let table = item.get_ref().as_table();
                if table.is_none() {
                    self.problems.add(&item.span(), wanted.clone());
                }
                Some(self.inner(item.span(), table?))
            })
            .collect()
    }

    /// Reads a table of tables (`[key.name]`), with their names.
    pub(crate) fn named_tables(&self, key: &'static str) -> Vec<(Placed<String>, Table<'a>)> {
        let Some((place, value)) = self.value(key) else {
            return Vec::new();
        };
        let Some(items) = value.as_table() else {
            self.problems.add(
                &place,
                format!("`{key}` must be tables, written as [{key}.name]"),
            );
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|(name, item)| {
                let placed = Placed {
                    value: name.get_ref().to_string(),
                    place: name.span(),
                };
                let table = item.get_ref().as_table();
                if table.is_none() {
                    let message = format!("`{}` must be a table", placed.value);
                    self.problems.add(&item.span(), message);
                }
                Some((placed, self.inner(item.span(), table?)))
            })
            .collect()
    }

    /// Returns whether a key is there, whatever its value.
    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.value(key).is_some()
    }

    /// Notes that a key is missing.
    pub(crate) fn missing(&self, key: &str, what: &str) {
        self.problems
            .add(&self.place, format!("`{key}` is missing: expected {what}"));
    }

    /// Notes every key that nobody asked for. To be called last.
    pub(crate) fn refuse_unknown(&self) {
        let known = self.known.borrow();
        for key in self.table.keys() {
            if !known.contains(&key.get_ref().as_ref()) {
                let message = format!(
                    "unknown key `{}`: expected {}",
                    key.get_ref(),
                    known.join(", ")
                );
                self.problems.add(&key.span(), message);
            }
        }
    }

    fn inner(&self, place: Range<usize>, table: &'a DeTable<'a>) -> Table<'a> {
        Table {
            place,
            table,
            problems: self.problems,
            known: RefCell::default(),
        }
    }

    fn value(&self, key: &'static str) -> Option<(Range<usize>, &'a DeValue<'a>)> {
        if !self.known.borrow().contains(&key) {
            self.known.borrow_mut().push(key);
        }
        let value: &'a Spanned<DeValue<'a>> = self.table.get(key)?;
        Some((value.span(), value.get_ref()))
    }

    fn read<T>(
        &self,
        key: &'static str,
        what: &str,
        read: impl FnOnce(&DeValue<'a>) -> Option<T>,
    ) -> Option<Placed<T>> {
        let (place, value) = self.value(key)?;
        let read = read(value);
        if read.is_none() {
            self.problems.add(&place, format!("`{key}` must be {what}"));
        }
        Some(Placed {
            value: read?,
            place,
        })
    }
}

fn parse_duration(text: &str) -> Option<u64> {
    let text = text.trim();
    let (number, unit_ms) = if let Some(number) = text.strip_suffix("ms") {
        (number, 1.0)
    } else if let Some(number) = text.strip_suffix('s') {
        (number, 1000.0)
    } else {
        (text.strip_suffix('m')?, 60_000.0)
    };
    let number: f64 = number.trim().parse().ok()?;
    let ms = (number * unit_ms).round();
    // The limit of a day also keeps the number far from any overflow.
    if !(0.0..=86_400_000.0).contains(&ms) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be between 0 and a day"
    )]
    Some(ms as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_time_spans() {
        assert_eq!(parse_duration("500ms"), Some(500));
        assert_eq!(parse_duration("1.5 s"), Some(1500));
        assert_eq!(parse_duration("2m"), Some(120_000));
        for wrong in ["", "2", "s", "-1s", "2h", "NaNs", "infs", "99999m"] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn reports_the_place_of_every_mistake() {
        let text = "a = 1\nb = \"x\"\n\n[[c]]\nd = true\n";
        let error = read_toml(Path::new("f.toml"), text, |table, _| {
            table.text("a");
            table.number("b");
            for inner in table.tables("c") {
                inner.refuse_unknown();
            }
        })
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            "f.toml:1:5: `a` must be a text in quotes\n\
             f.toml:2:5: `b` must be a whole number from 0 up\n\
             f.toml:5:1: unknown key `d`: expected "
        );
    }

    #[test]
    fn reports_the_place_of_broken_syntax() {
        let error = read_toml(Path::new("f.toml"), "a = \nb = [1,\n", |_, _| ()).unwrap_err();
        assert!(error.to_string().starts_with("f.toml:1:"), "{error}");
    }
}
