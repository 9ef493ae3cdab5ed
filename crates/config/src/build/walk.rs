//! Compares a parsed file with the schema: unknown keys, missing ones, wrong types, values out of
//! range. What is wrong is told and replaced by a stand-in, so that the walk goes on to the end and
//! the rules after it see a whole configuration.

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeArray, DeInteger, DeTable, DeValue};

use super::neighbours;
use super::place::{Places, at, join};
use super::schema::{Kind, Shape};
use super::suggest::nearest;

/// The results of a walk.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Tells where everything is.
    pub(super) places: Places,
    /// Lists the tables and where they begin.
    pub(super) tables: Vec<(usize, String)>,
    /// Lists what is wrong.
    pub(super) findings: Vec<Finding>,
    /// Lists the keys whose value is a stand-in: nothing that follows from it is worth telling.
    pub(super) spoiled: Vec<String>,
}

/// One thing that is wrong.
#[derive(Debug)]
pub(super) struct Finding {
    /// Counts bytes from the beginning of the file.
    pub(super) offset: usize,
    pub(super) path: String,
    pub(super) message: String,
    /// Says that a key is not there, rather than that something there is wrong.
    pub(super) missing: bool,
}

impl Walk {
    /// Walks a whole file and returns what is usable of it.
    pub(super) fn file(root: Shape<'_>, file: &Spanned<DeTable<'_>>) -> (Value, Self) {
        let mut walk = Self::default();
        walk.places.insert(String::new(), 0, 0);
        let value = walk.table(root, root, "", 0, file.get_ref());
        (value, walk)
    }

    /// Returns the path of the table whose keys stand at the beginning of a line.
    pub(super) fn table_at(&self, source: &str, line: usize) -> &str {
        let is_header = |offset: usize| source.as_bytes().get(offset) == Some(&b'[');
        let tables = self.tables.iter();
        tables
            .filter(|(offset, path)| *offset < line && (path.is_empty() || is_header(*offset)))
            .max()
            .map_or("", |(_, path)| path)
    }

    fn value(
        &mut self,
        root: Shape<'_>,
        shape: Shape<'_>,
        path: &str,
        found: &Spanned<DeValue<'_>>,
    ) -> Option<Value> {
        let offset = found.span().start;
        match (shape.kind(), found.get_ref()) {
            (Kind::String, DeValue::String(text)) => return Some(text.as_ref().into()),
            (Kind::Boolean, DeValue::Boolean(value)) => return Some((*value).into()),
            (Kind::Integer { least, most }, DeValue::Integer(digits)) => {
                match integer(digits).filter(|n| (least..=most).contains(n)) {
                    Some(number) => return Some(number.into()),
                    None => {
                        let message = format!("expected {}, found {digits}", shape.expected());
                        self.spoil(offset, path, message);
                    }
                }
            }
            (Kind::Number { least, most }, DeValue::Integer(_) | DeValue::Float(_)) => {
                match number(found.get_ref()).filter(|n| (least..=most).contains(n)) {
                    Some(number) => return Some(number.into()),
                    None => {
                        let message = format!("expected {}", shape.expected());
                        self.spoil(offset, path, message);
                    }
                }
            }
            (Kind::List(items), DeValue::Array(list)) => {
                return Some(self.list(root, items, path, list));
            }
            (Kind::Map(values), DeValue::Table(table)) => {
                self.tables.push((offset, path.into()));
                return Some(self.map(root, values, path, table));
            }
            (Kind::Table, DeValue::Table(table)) => {
                return Some(self.table(root, shape, path, offset, table));
            }
            (Kind::Tagged(tag), DeValue::Table(table)) => {
                return Some(self.tagged(root, shape, tag, path, offset, table));
            }
            (Kind::OneOf { words, .. }, DeValue::String(text)) => {
                if words.contains(&text.as_ref()) {
                    return Some(text.as_ref().into());
                }
                self.spoil(offset, path, wrong_word(text, &shape.expected(), words));
            }
            (Kind::OneOf { tables, .. }, DeValue::Table(table)) if !tables.is_empty() => {
                let fits = tables
                    .iter()
                    .find(|shape| shape.keys().any(|k| table.contains_key(k)));
                let shape = fits.or(tables.first()).copied()?;
                let before = self.spoiled.len();
                let value = self.table(root, shape, path, offset, table);
                // A stand-in inside would look like a choice the tenant has made.
                return (self.spoiled.len() == before).then_some(value);
            }
            (_, other) => {
                let mut message = format!("expected {}, found {}", shape.expected(), name(other));
                match (shape.kind(), other) {
                    (Kind::String, DeValue::Table(table)) => {
                        message.push_str(&quote_hint(path, table));
                    }
                    (kind, DeValue::String(text)) => {
                        message.push_str(&string_hint(&kind, text).unwrap_or_default());
                    }
                    _ => {}
                }
                self.spoil(offset, path, message);
            }
        }
        None
    }

    fn table(
        &mut self,
        root: Shape<'_>,
        shape: Shape<'_>,
        path: &str,
        offset: usize,
        table: &DeTable<'_>,
    ) -> Value {
        self.tables.push((offset, path.into()));
        let mut value = Map::new();
        for (key, found) in table.iter() {
            let (name, inner) = (key.get_ref().as_ref(), join(path, key.get_ref()));
            let Some(shape_of_key) = shape.key(name) else {
                let message = unknown(root, shape, path, name);
                let offset = key.span().start;
                self.findings.push(Finding {
                    offset,
                    path: inner,
                    message,
                    missing: false,
                });
                continue;
            };
            self.places
                .insert(inner.clone(), key.span().start, found.span().start);
            if let Some(good) = self.value(root, shape_of_key, &inner, found) {
                value.insert(name.into(), good);
            }
        }
        for (name, shape_of_key) in shape.required().filter_map(|k| Some((k, shape.key(k)?))) {
            if !table.contains_key(name) {
                let message = format!("missing, expected {}", shape_of_key.expected());
                let inner = join(path, name);
                self.spoiled.push(inner.clone());
                self.findings.push(Finding {
                    offset,
                    path: inner,
                    message,
                    missing: true,
                });
            }
            value.entry(name).or_insert_with(|| shape_of_key.stand_in());
        }
        value.into()
    }

    /// Walks a table whose further keys depend on the word under `tag`.
    fn tagged(
        &mut self,
        root: Shape<'_>,
        shape: Shape<'_>,
        tag: &str,
        path: &str,
        offset: usize,
        table: &DeTable<'_>,
    ) -> Value {
        let words: Vec<&str> = shape.tagged(tag).map(|(word, _)| word).collect();
        let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        let expected = format!("one of {}", quoted.join(", "));
        let inner = join(path, tag);
        let found = table.get(tag);
        let text = found.and_then(|found| found.get_ref().as_str());
        let variant = shape.tagged(tag).find(|(word, _)| Some(*word) == text);
        if let Some((word, variant)) = variant {
            let mut value = self.table(root, variant, path, offset, table);
            value[tag] = word.into();
            return value;
        }
        match (found, text) {
            (Some(found), Some(text)) => {
                self.spoil(
                    found.span().start,
                    &inner,
                    wrong_word(text, &expected, words),
                );
            }
            (Some(found), None) => {
                let message = format!("expected {expected}, found {}", name(found.get_ref()));
                self.spoil(found.span().start, &inner, message);
            }
            (None, _) => {
                self.spoil(offset, &inner, format!("missing, expected {expected}"));
            }
        }
        // Which other keys belong here cannot be known; those that do not depend on the word are checked.
        let mut value = shape.stand_in();
        let stands_in = value.as_object().into_iter().flat_map(Map::keys);
        let stands_in = stands_in.map(|key| join(path, key));
        self.spoiled.extend(stands_in);
        for (key, found) in table.iter() {
            if let Some(shape_of_key) = shape.key(key.get_ref()) {
                let inner = join(path, key.get_ref());
                self.places
                    .insert(inner.clone(), key.span().start, found.span().start);
                if let Some(good) = self.value(root, shape_of_key, &inner, found) {
                    value[key.get_ref().as_ref()] = good;
                }
            }
        }
        value
    }

    fn map(
        &mut self,
        root: Shape<'_>,
        values: Shape<'_>,
        path: &str,
        table: &DeTable<'_>,
    ) -> Value {
        let mut map = Map::new();
        for (key, found) in table.iter() {
            let inner = join(path, key.get_ref());
            self.places
                .insert(inner.clone(), key.span().start, found.span().start);
            if let Some(good) = self.value(root, values, &inner, found) {
                map.insert(key.get_ref().as_ref().into(), good);
            }
        }
        map.into()
    }

    fn list(&mut self, root: Shape<'_>, items: Shape<'_>, path: &str, list: &DeArray<'_>) -> Value {
        let mut good = Vec::new();
        for (i, found) in list.iter().enumerate() {
            let inner = at(path, i);
            self.places
                .insert(inner.clone(), found.span().start, found.span().start);
            // A stand-in keeps the numbers of those that follow.
            let item = self.value(root, items, &inner, found);
            good.push(item.unwrap_or_else(|| items.stand_in()));
        }
        good.into()
    }

    fn spoil(&mut self, offset: usize, path: &str, message: String) {
        self.spoiled.push(path.into());
        self.findings.push(Finding {
            offset,
            path: path.into(),
            message,
            missing: false,
        });
    }
}

fn wrong_word<'a>(text: &str, expected: &str, words: impl IntoIterator<Item = &'a str>) -> String {
    let mut message = format!("expected {expected}, found \"{text}\"");
    let words: Vec<&str> = words.into_iter().collect();
    let near = nearest(text, words.iter().copied());
    if let Some(near) = neighbours::choice(text, &words).or(near) {
        message.push_str(&format!(", did you mean \"{near}\"?"));
    }
    message
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    let float = value.as_float().map(|float| float.as_str());
    let text = float.or_else(|| value.as_integer().map(|integer| integer.as_str()))?;
    text.parse().ok()
}

fn integer(digits: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(digits.as_str(), digits.radix()).ok()
}

fn name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(true) => "true",
        DeValue::Boolean(false) => "false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Explains the usual slip with keys that have dots: TOML makes tables of them unless quoted.
fn quote_hint(path: &str, table: &DeTable<'_>) -> String {
    let Some((inner, _)) = table.iter().next() else {
        return String::new();
    };
    let outer = path.rsplit('.').next().unwrap_or(path);
    format!(
        " (a key with dots needs quotes: \"{outer}.{}\")",
        inner.get_ref()
    )
}

/// Returns how a text that stands where something else is expected would be right: in brackets, or without its quotes.
fn string_hint(expected: &Kind<'_>, text: &str) -> Option<String> {
    let is_bare = match expected {
        Kind::List(items) if matches!(items.kind(), Kind::String) => {
            return Some(format!(": write [{}]", Value::from(text)));
        }
        Kind::Integer { .. } => text.parse::<i64>().is_ok(),
        Kind::Boolean => matches!(text, "true" | "false"),
        _ => false,
    };
    is_bare.then(|| format!(": write {text}, without quotes"))
}

fn unknown(root: Shape<'_>, shape: Shape<'_>, path: &str, name: &str) -> String {
    if let Some(near) = nearest(name, shape.keys()) {
        return format!("unknown key, did you mean \"{near}\"?");
    }
    if root.key(name).is_some() {
        return "unknown key, it belongs at the top of the file".into();
    }
    if let Some(meant) = neighbours::key(root, shape, path, name) {
        return format!("unknown key, {meant}");
    }
    let sections: Vec<String> = root
        .keys()
        .filter(|section| root.key(section).is_some_and(|it| it.key(name).is_some()))
        .map(|section| format!("[{section}]"))
        .collect();
    if !sections.is_empty() {
        return format!("unknown key, it belongs in {}", sections.join(" or "));
    }
    match shape.keys().collect::<Vec<_>>().as_slice() {
        [only] => format!("unknown key, expected {only}"),
        known => format!("unknown key, expected one of {}", known.join(", ")),
    }
}
