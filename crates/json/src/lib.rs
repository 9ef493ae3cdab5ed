//! JSON in few bytes, for what visitors download.
//!
//! `serde_json` reads and writes more kinds of things, faster; inside the widget it costs some 30 kB
//! more after compression, most of it for numbers with fractions and for the readers that are derived
//! from types. Here a number stays the text it was, and callers ask a value for what they expect.
//! Tests hold both readers against each other.
//!
//! ```
//! let reply = parlour_json::parse(r#"{"statusCode": 0, "messages": []}"#)?;
//! assert_eq!(reply.get("statusCode").and_then(|code| code.as_i64()), Some(0));
//! # Ok::<(), parlour_json::ParseError>(())
//! ```

#![forbid(unsafe_code)]

mod parse;
mod write;

pub use parse::{ParseError, parse};
pub use write::{digits, signed_digits};

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was written.
    Number(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(Object),
}

/// An object's members, in their order. Of several with one name the last counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object(Vec<(String, Json)>);

impl Json {
    /// Reads a member of an object; `None` if there is none, or this is no object.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.get(name)
    }

    /// Reads a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Reads a truth value.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// Reads a whole number; also one that is written with an empty fraction, such as `3.0`.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        let Self::Number(digits) = self else {
            return None;
        };
        match digits.split_once('.') {
            Some((whole, rest)) if rest.bytes().all(|digit| digit == b'0') => whole.parse().ok(),
            Some(_) => None,
            None => digits.parse().ok(),
        }
    }

    /// Reads a whole number that is not negative.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.as_i64().and_then(|number| u64::try_from(number).ok())
    }

    /// Reads an array.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    /// Reads an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

impl Object {
    /// Writes the object as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        write::object(&mut out, self);
        out
    }

    /// Makes an empty object.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a member.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0
            .iter()
            .rev()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value)
    }

    /// Tells whether there is such a member.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Adds a member at the end.
    pub fn push(&mut self, name: &str, value: impl Into<Json>) {
        self.0.push((name.into(), value.into()));
    }

    /// Adds a member if there is a value.
    pub fn push_some(&mut self, name: &str, value: Option<impl Into<Json>>) {
        if let Some(value) = value {
            self.push(name, value);
        }
    }

    /// Reads all members in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl From<bool> for Json {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<u64> for Json {
    fn from(number: u64) -> Self {
        Self::Number(digits(number))
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Self {
        Self::Number(signed_digits(number))
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<Json>> for Json {
    fn from(list: Vec<Json>) -> Self {
        Self::List(list)
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}
