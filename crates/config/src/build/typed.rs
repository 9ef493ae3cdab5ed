use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::de::DeTable;

use super::mistake::{Mistake, Mistakes};
use super::place::{Places, line_column, touches};
use super::schema::{Shape, schema_of};
use super::walk::Walk;

/// A collector for what is wrong with a file beside its keys and types.
#[derive(Debug)]
pub struct Notes {
    places: Places,
    /// The paths of stand-ins for wrong values: what follows from them is not worth reporting.
    spoiled: Vec<String>,
    /// Byte offset, path and message of each mistake.
    mistakes: Vec<(usize, String, String)>,
}

impl Notes {
    /// Adds a mistake at a value, or at its table if the file does not set it.
    pub fn add(&mut self, path: &str, message: impl Into<String>) {
        if !self.spoiled.iter().any(|spoiled| touches(spoiled, path)) {
            let offset = self.places.value(path);
            self.mistakes.push((offset, path.into(), message.into()));
        }
    }
}

/// Reads a TOML file into a type, and has `check` make something of it.
///
/// Whatever the keys and types of the file are, `check` sees a whole value: a stand-in is in the place of each that is
/// wrong or missing.
///
/// # Errors
///
/// Returns every mistake of the file, in its order; after mistakes of syntax only these.
pub fn read_as<T, U>(source: &str, check: impl FnOnce(T, &mut Notes) -> U) -> Result<U, Mistakes>
where
    T: DeserializeOwned + JsonSchema,
{
    let (table, errors) = DeTable::parse_recoverable(source);
    let mut mistakes: Vec<_> = errors
        .iter()
        .map(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            (offset, String::new(), error.message().trim().to_owned())
        })
        .collect();
    if !mistakes.is_empty() {
        return Err(in_order(source, mistakes));
    }
    let schema = schema_of::<T>();
    let (value, walk) = Walk::file(Shape::root(&schema), &table);
    let findings = walk.findings.into_iter();
    mistakes.extend(findings.map(|found| (found.offset, found.path, found.message)));
    let mut notes = Notes {
        places: walk.places,
        spoiled: walk.spoiled,
        mistakes,
    };
    let checked = match serde_json::from_value(value) {
        Ok(value) => Some(check(value, &mut notes)),
        // The schema is made from the type, so this is a mistake of ours: report it all the same.
        Err(error) => {
            notes.mistakes.push((0, String::new(), error.to_string()));
            None
        }
    };
    match checked {
        Some(checked) if notes.mistakes.is_empty() => Ok(checked),
        _ => Err(in_order(source, notes.mistakes)),
    }
}

fn in_order(source: &str, mut mistakes: Vec<(usize, String, String)>) -> Mistakes {
    mistakes.sort();
    mistakes.dedup();
    let mistakes = mistakes.into_iter().map(|(offset, path, message)| {
        let (line, column) = line_column(source, offset);
        Mistake {
            line,
            column,
            path,
            message,
        }
    });
    Mistakes {
        mistakes: mistakes.collect(),
        warnings: Vec::new(),
    }
}
