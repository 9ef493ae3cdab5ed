//! Liberal reading of JSON: a number may come as a string, a list as `null`, anything may be absent.

use serde_json::{Map, Value};

pub(super) type Object = Map<String, Value>;

/// Reads a string, or a number as one. Blank counts as absent.
pub(super) fn text(object: &Object, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Reads a whole number, also from a string.
pub(super) fn number(object: &Object, key: &str) -> Option<i64> {
    match object.get(key)? {
        Value::Number(number) => number
            .as_i64()
            // A float too large for its integer is no position, time or code.
            .or_else(|| number.as_f64().filter(|n| n.abs() < 9e15).map(|n| n as i64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Reads a whole number that is not negative.
pub(super) fn count(object: &Object, key: &str) -> Option<u64> {
    number(object, key).and_then(|number| u64::try_from(number).ok())
}

/// Reads a truth value, also from a string.
pub(super) fn truth(object: &Object, key: &str) -> Option<bool> {
    match object.get(key)? {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// Reads a list; absent, `null` or anything else is an empty one.
pub(super) fn list<'a>(object: &'a Object, key: &str) -> &'a [Value] {
    object
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Reads an object, also one that was put into a string.
pub(super) fn object(parent: &Object, key: &str) -> Option<Object> {
    match parent.get(key)? {
        Value::Object(object) => Some(object.clone()),
        Value::String(text) => serde_json::from_str(text).ok(),
        _ => None,
    }
}
