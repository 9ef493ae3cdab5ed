use std::ops::Range;

use serde_json::{Value, json};

use crate::{Config, Dialect};

use super::duplicate::{self, DUPLICATE};
use super::known::Known;
use super::mistake::{Mistake, Mistakes};
use super::picture::{Pictures, ReadPicture};
use super::place::line_column;
use super::rules::{self, Judge};
use super::schema::{Shape, schema};
use super::syntax::{self, Parsed};
use super::walk::Walk;

/// A tenant whose file has no mistakes.
#[derive(Clone, Debug, PartialEq)]
pub struct Tenant {
    /// The file's contents, with the defaults for what it leaves out.
    pub config: Config,
    /// Holds the pictures that the file names, if they were read.
    pub pictures: Pictures,
    /// Lists what is allowed but deserves a look.
    pub warnings: Vec<Mistake>,
}

impl Tenant {
    /// Writes the run-time JSON that [`Config::from_json`] reads, on one line. What is as by default is left out: every
    /// visitor who chats fetches it.
    ///
    /// # Errors
    ///
    /// Returns serde's error; the types have nothing in them that JSON cannot hold.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let mut value = serde_json::to_value(&self.config)?;
        let bare = json!({ "tenant": "", "server": { "service": "" } });
        let bare: Config = serde_json::from_value(bare)?;
        leave_out(&mut value, &serde_json::to_value(bare)?);
        serde_json::to_string(&value)
    }
}

/// Leaves out of a table, and of the tables in it, what is the same in another.
fn leave_out(table: &mut Value, other: &Value) {
    if let (Value::Object(table), Value::Object(other)) = (table, other) {
        table.retain(|key, value| {
            let same = other.get(key);
            if let Some(same) = same {
                leave_out(value, same);
            }
            let is_empty = value.as_object().is_some_and(serde_json::Map::is_empty);
            same != Some(value) && !(is_empty && same.is_some_and(Value::is_object))
        });
    }
}

/// Reads a tenant's TOML file and checks it.
///
/// `known` is what the widget itself brings (its texts, its design tokens); what is not given is
/// not compared.
///
/// # Errors
///
/// Returns every mistake of the file, in its order: syntax, unknown and missing keys, wrong types,
/// bad values, and what does not go together. After a mistake of syntax that swallows what follows
/// (a bracket that is never closed) only what stands before it can be checked for the rest.
pub fn read(file: impl AsRef<[u8]>, known: &Known) -> Result<Tenant, Mistakes> {
    read_for(file, known, None)
}

/// Reads a tenant's file as [`read`] does, for servers of `dialect` instead of the file's own.
///
/// # Errors
///
/// Returns every mistake of the file, as [`read`] does.
pub fn read_for(
    file: impl AsRef<[u8]>,
    known: &Known,
    dialect: Option<Dialect>,
) -> Result<Tenant, Mistakes> {
    read_with(file, known, dialect, None)
}

/// Reads a tenant's file as [`read_for`] does, and the pictures that it names. Without a way to read these, only their
/// names are checked.
///
/// # Errors
///
/// Returns every mistake of the file, as [`read`] does, those in the pictures among them.
pub fn read_with(
    file: impl AsRef<[u8]>,
    known: &Known,
    dialect: Option<Dialect>,
    pictures: Option<&ReadPicture<'_>>,
) -> Result<Tenant, Mistakes> {
    let source = match std::str::from_utf8(file.as_ref()) {
        Ok(source) => source,
        Err(error) => return Err(not_text(file.as_ref(), error.valid_up_to())),
    };
    let schema = schema();
    let mut room = String::new();
    let Parsed {
        table,
        mistakes: syntax,
        left_out,
        reliable_to,
    } = syntax::parse(source, &mut room);
    let (value, walk) = Walk::file(Shape::root(&schema), &table);
    let whole = reliable_to == source.len();
    let unreadable = left_out
        .iter()
        .map(|line| unreadable_key(source, line, &walk))
        .collect();

    let syntax: Vec<_> = syntax
        .into_iter()
        .map(|(offset, message)| match message.as_str() {
            DUPLICATE => (offset, duplicate::told(source, offset, &walk)),
            _ => (offset, message),
        })
        .collect();

    let mut judge = Judge::new(known, walk.places, walk.spoiled, unreadable);
    for (offset, message) in syntax {
        judge.at(offset, "", message);
    }
    for finding in walk.findings {
        let guess = finding.missing && (!whole || judge.is_unreadable(&finding.path));
        if (whole || finding.offset < reliable_to) && !guess {
            judge.at(finding.offset, &finding.path, finding.message);
        }
    }
    let config = match serde_json::from_value::<Config>(value) {
        Ok(mut config) => {
            config.server.dialect = dialect.unwrap_or(config.server.dialect);
            Some(config)
        }
        // The schema is made from the types, so this is a mistake of ours: tell it all the same.
        Err(error) => {
            judge.at(0, "", error.to_string());
            None
        }
    };
    let mut read = Pictures::default();
    if let Some(config) = config.as_ref().filter(|_| whole) {
        rules::judge(config, &mut judge);
        read = rules::judge_pictures(config, pictures, &mut judge);
    }

    let (mistakes, warnings) = judge.verdict(source);
    match config {
        Some(mut config) if mistakes.is_empty() => {
            rules::complete_theme(&mut config.theme);
            Ok(Tenant {
                config,
                pictures: read,
                warnings,
            })
        }
        _ => Err(Mistakes { mistakes, warnings }),
    }
}

/// Returns the key that a line that does not parse was probably to set: nothing that follows from its absence
/// is worth telling.
fn unreadable_key(source: &str, line: &Range<usize>, walk: &Walk) -> String {
    let table = walk.table_at(source, line.start);
    match syntax::key_of(&source[line.clone()]) {
        Some(key) if table.is_empty() => key.to_owned(),
        Some(key) => format!("{table}.{key}"),
        None => table.to_owned(),
    }
}

fn not_text(file: &[u8], offset: usize) -> Mistakes {
    let source = String::from_utf8_lossy(&file[..offset]);
    let (line, column) = line_column(&source, source.len());
    let message = "the file is not UTF-8 text".into();
    Mistakes {
        mistakes: vec![Mistake {
            line,
            column,
            path: String::new(),
            message,
        }],
        warnings: Vec::new(),
    }
}
