//! The tables of `docs/configuration.md`, made from the schema so that they cannot drift from it.

use std::fmt::Write;

use serde_json::Value;

use super::place::join;
use super::schema::{Kind, Shape, schema};

/// Lists every key that a tenant's file may have, for example `form.fields[].role`.
#[must_use]
pub fn keys() -> Vec<String> {
    let schema = schema();
    let mut keys = Vec::new();
    for (path, table) in tables(Shape::root(&schema)) {
        keys.extend(table.keys().map(|key| join(&path, key)));
    }
    keys
}

/// Lists the tables of a tenant's file: `""` is the file itself.
#[must_use]
pub fn sections() -> Vec<String> {
    let schema = schema();
    tables(Shape::root(&schema))
        .into_iter()
        .map(|(path, _)| path)
        .collect()
}

/// Writes the keys of one table as Markdown: type, default and meaning of each, then what each
/// choice means. `None` if there is no such table.
#[must_use]
pub fn reference(section: &str) -> Option<String> {
    let schema = schema();
    let (_, table) = tables(Shape::root(&schema))
        .into_iter()
        .find(|(path, _)| path == section)?;
    let mut page = String::from("| key | type | default | meaning |\n|---|---|---|---|\n");
    let mut choices = String::new();
    for key in table.keys() {
        let (shape, required) = (table.key(key)?, table.required().any(|k| k == key));
        let default = table.default_of(key).map_or_else(|| "none".into(), shown);
        let default = if required {
            "**required**".into()
        } else {
            default
        };
        let meaning = table.description_of(key).unwrap_or_default();
        // Writing to a string does not fail.
        let _ = writeln!(
            page,
            "| `{key}` | {} | {default} | {meaning} |",
            kind(shape)
        );
        let explained: Vec<_> = shape.choices().collect();
        if explained.len() > 1 {
            let _ = writeln!(choices, "\n`{key}`:");
            for (choice, meaning) in explained {
                let _ = writeln!(choices, "- `{choice}`: {meaning}");
            }
        }
    }
    Some(page + &choices)
}

fn tables(root: Shape<'_>) -> Vec<(String, Shape<'_>)> {
    let mut found = vec![(String::new(), root)];
    let mut next = 0;
    while let Some((path, table)) = found.get(next).cloned() {
        next += 1;
        for (key, shape) in table.keys().filter_map(|key| Some((key, table.key(key)?))) {
            let path = join(&path, key);
            match shape.kind() {
                Kind::Table => found.push((path, shape)),
                Kind::List(items) if matches!(items.kind(), Kind::Table) => {
                    found.push((format!("{path}[]"), items));
                }
                _ => {}
            }
        }
    }
    found
}

fn kind(shape: Shape<'_>) -> String {
    match shape.kind() {
        Kind::Boolean => "boolean".into(),
        Kind::Integer { least, most } => format!("integer, {least} to {most}"),
        Kind::Number { least, most } => format!("number, {least} to {most}"),
        Kind::String => "string".into(),
        Kind::List(items) => format!("list: {}", kind(items)),
        Kind::Map(values) => format!("table of any names: {}", kind(values)),
        Kind::Table | Kind::Tagged(_) => "table".into(),
        Kind::OneOf { .. } => {
            let all: Vec<String> = shape
                .choices()
                .map(|(choice, _)| format!("`{choice}`"))
                .collect();
            all.join(", ")
        }
    }
}

/// Shows a default as TOML; a table's are shown in its own section.
fn shown(value: &Value) -> String {
    match value {
        Value::Object(table) if table.is_empty() => "`{}`".into(),
        Value::Array(list) if list.is_empty() => "`[]`".into(),
        Value::Object(_) | Value::Array(_) => "see there".into(),
        other => format!("`{other}`"),
    }
}
