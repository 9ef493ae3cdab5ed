use schemars::JsonSchema;
use serde_json::{Map, Value};

use crate::Config;

/// Returns the JSON Schema (draft 2020-12) of a tenant's file, generated from the Rust types.
///
/// It says what JSON Schema can say: keys, types, ranges, choices, defaults. The rules that span
/// several keys are checked by [`read`](super::read) alone.
#[must_use]
pub fn schema() -> Value {
    let mut schema = schema_of::<Config>();
    schema["title"] = "A tenant of the chat widget".into();
    schema
}

/// Returns the JSON Schema of a type, fitted to TOML files.
pub(super) fn schema_of<T: JsonSchema>() -> Value {
    let mut schema = Value::from(schemars::schema_for!(T));
    tidy(&mut schema);
    // Whatever else is built along (serde_json keeps another order if told to), keys are sorted.
    schema.sort_all_objects();
    schema
}

/// Fits the generated schema to TOML files: there is no null in TOML, unknown keys are mistakes,
/// and descriptions are not wrapped as the source is.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            drop_null(object);
            if let Some(Value::String(words)) = object.get_mut("description") {
                *words = unwrap_lines(words);
            }
            let closed = object.get("properties").is_some_and(Value::is_object);
            if closed && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".into(), false.into());
            }
            for (key, value) in object.iter_mut() {
                if key != "default" {
                    tidy(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn drop_null(object: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type") != Some(&"null".into()));
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            object.remove("anyOf");
            object.extend(only);
        }
    }
    if object.get("default") == Some(&Value::Null) {
        object.remove("default");
    }
}

fn unwrap_lines(words: &str) -> String {
    words
        .split("\n\n")
        .map(|part| part.replace('\n', " "))
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// One schema inside the whole, with its reference followed.
#[derive(Clone, Copy)]
pub(super) struct Shape<'s> {
    root: &'s Value,
    node: &'s Value,
    /// The variant of a tagged table, whose keys the table has, too.
    variant: Option<&'s Value>,
}

impl<'s> Shape<'s> {
    pub(super) fn root(root: &'s Value) -> Self {
        Self {
            root,
            node: root,
            variant: None,
        }
        .followed()
    }

    fn followed(self) -> Self {
        let target = self.node.get("$ref").and_then(Value::as_str);
        let node = target.and_then(|to| self.root.pointer(to.trim_start_matches('#')));
        Self {
            root: self.root,
            node: node.unwrap_or(self.node),
            variant: None,
        }
    }

    fn to(self, node: &'s Value) -> Self {
        Self {
            root: self.root,
            node,
            variant: None,
        }
        .followed()
    }

    fn text(self, key: &str) -> Option<&'s str> {
        self.node.get(key)?.as_str()
    }

    pub(super) fn kind(self) -> Kind<'s> {
        if self.variant.is_some() {
            return Kind::Table;
        }
        if let Some(tag) = self.tag() {
            return Kind::Tagged(tag);
        }
        if let Some(choices) = self.node.get("oneOf").and_then(Value::as_array) {
            let words = choices
                .iter()
                .filter_map(|c| c.get("const")?.as_str())
                .collect();
            let tables = choices.iter().filter(|c| c.get("properties").is_some());
            return Kind::OneOf {
                words,
                tables: tables.map(|node| self.to(node)).collect(),
            };
        }
        match self.text("type") {
            Some("boolean") => Kind::Boolean,
            Some("number") => Kind::Number {
                least: self.bound("minimum").unwrap_or(f64::MIN),
                most: self.bound("maximum").unwrap_or(f64::MAX),
            },
            Some("integer") => Kind::Integer {
                least: self
                    .node
                    .get("minimum")
                    .and_then(Value::as_i64)
                    .unwrap_or(i64::MIN),
                most: self
                    .node
                    .get("maximum")
                    .and_then(Value::as_i64)
                    .unwrap_or(i64::MAX),
            },
            Some("array") => Kind::List(self.to(self.node.get("items").unwrap_or(&Value::Null))),
            Some("object") => match self.node.get("additionalProperties") {
                Some(values @ Value::Object(_)) => Kind::Map(self.to(values)),
                _ => Kind::Table,
            },
            _ => Kind::String,
        }
    }

    fn bound(self, key: &str) -> Option<f64> {
        self.node.get(key)?.as_f64()
    }

    /// Returns the key whose word decides which variant a table is, if the shape is an enum with such a tag.
    fn tag(self) -> Option<&'s str> {
        let first = self.variants().next()?;
        let mut properties = first.get("properties")?.as_object()?.iter();
        let (tag, _) = properties.find(|(_, value)| value.get("const").is_some())?;
        Some(tag)
    }

    fn variants(self) -> impl Iterator<Item = &'s Value> {
        let variants = self.node.get("oneOf").and_then(Value::as_array);
        variants.into_iter().flatten()
    }

    /// Returns the words of a tag, each with the table that it stands for.
    pub(super) fn tagged(self, tag: &str) -> impl Iterator<Item = (&'s str, Self)> {
        self.variants().filter_map(move |variant| {
            let word = variant
                .get("properties")?
                .get(tag)?
                .get("const")?
                .as_str()?;
            let table = Self {
                variant: Some(variant),
                ..self
            };
            Some((word, table))
        })
    }

    fn nodes(self) -> impl Iterator<Item = &'s Value> {
        std::iter::once(self.node).chain(self.variant)
    }

    /// Returns the keys of a table in alphabetical order, those of its variant last.
    pub(super) fn keys(self) -> impl Iterator<Item = &'s str> {
        self.nodes()
            .filter_map(|node| node.get("properties")?.as_object())
            .flatten()
            .map(|(key, _)| key.as_str())
    }

    pub(super) fn key(self, name: &str) -> Option<Self> {
        let mut found = self.nodes().filter_map(|n| n.get("properties")?.get(name));
        Some(self.to(found.next()?))
    }

    pub(super) fn required(self) -> impl Iterator<Item = &'s str> {
        self.nodes()
            .filter_map(|node| node.get("required")?.as_array())
            .flatten()
            .filter_map(|k| k.as_str())
    }

    pub(super) fn description_of(self, key: &str) -> Option<&'s str> {
        self.node
            .get("properties")?
            .get(key)?
            .get("description")?
            .as_str()
    }

    pub(super) fn default_of(self, key: &str) -> Option<&'s Value> {
        self.node.get("properties")?.get(key)?.get("default")
    }

    /// Returns what can be chosen here, as TOML writes it, and what each choice means.
    pub(super) fn choices(self) -> impl Iterator<Item = (String, &'s str)> {
        let all = self
            .node
            .get("oneOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        all.map(move |choice| {
            let meaning = choice
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let word = match choice.get("const").and_then(Value::as_str) {
                Some(word) => format!("\"{word}\""),
                None => {
                    let keys: Vec<_> = self.to(choice).keys().map(|k| format!("{k} = …")).collect();
                    format!("{{ {} }}", keys.join(", "))
                }
            };
            (word, meaning)
        })
    }

    /// Returns the smallest value of this shape, to stand in for one that is wrong.
    pub(super) fn stand_in(self) -> Value {
        match self.kind() {
            Kind::Boolean => false.into(),
            Kind::Integer { least, .. } => least.into(),
            Kind::Number { least, .. } => least.into(),
            Kind::String => "".into(),
            Kind::List(_) => Value::Array(Vec::new()),
            Kind::Map(_) => Value::Object(Map::new()),
            Kind::OneOf { words, .. } => words.first().copied().unwrap_or_default().into(),
            Kind::Tagged(tag) => match self.tagged(tag).next() {
                Some((word, table)) => {
                    let mut value = table.stand_in();
                    value[tag] = word.into();
                    value
                }
                None => Value::Null,
            },
            Kind::Table => self
                .required()
                .filter_map(|key| Some((key.to_owned(), self.key(key)?.stand_in())))
                .collect::<Map<_, _>>()
                .into(),
        }
    }

    /// Says in words what is expected here.
    pub(super) fn expected(self) -> String {
        match self.kind() {
            Kind::Boolean => "true or false".into(),
            Kind::Integer { least, most } => format!("an integer from {least} to {most}"),
            Kind::Number { least, most } => format!("a number from {least} to {most}"),
            Kind::String => "a string".into(),
            Kind::List(_) => "a list".into(),
            Kind::Map(_) | Kind::Table | Kind::Tagged(_) => "a table".into(),
            Kind::OneOf { .. } => {
                let all: Vec<String> = self.choices().map(|(choice, _)| choice).collect();
                match all.as_slice() {
                    [only] => only.clone(),
                    all => format!("one of {}", all.join(", ")),
                }
            }
        }
    }
}

/// The kinds of values that a shape has.
pub(super) enum Kind<'s> {
    Boolean,
    Integer {
        least: i64,
        most: i64,
    },
    Number {
        least: f64,
        most: f64,
    },
    String,
    List(Shape<'s>),
    /// A table with keys that the tenant chooses.
    Map(Shape<'s>),
    /// A table with the keys that the types name.
    Table,
    /// One of these words, or a table of one of these shapes.
    OneOf {
        words: Vec<&'s str>,
        tables: Vec<Shape<'s>>,
    },
    /// A table that has further keys, depending on the word under this key.
    Tagged(&'s str),
}
