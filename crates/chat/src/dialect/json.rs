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

/// Parses a text as JSON. Half a surrogate pair, which servers leave when they cut a text in the middle
/// of an emoji, would make the whole of it unreadable: it becomes a replacement character.
pub(super) fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&mend_surrogates(text)))
        .ok()
}

fn mend_surrogates(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let (kept, length) = match unit(escape) {
            Some(0xd800..0xdc00)
                if matches!(escape.get(6..).and_then(unit), Some(0xdc00..0xe000)) =>
            {
                (escape.get(..12), 12)
            }
            Some(0xd800..0xe000) => (Some("\u{fffd}"), 6),
            Some(_) => (escape.get(..6), 6),
            // Any other escape is two characters, of which the second may be a backslash too.
            None => {
                let length = escape.chars().take(2).map(char::len_utf8).sum();
                (escape.get(..length), length)
            }
        };
        mended.push_str(kept.unwrap_or_default());
        rest = escape.get(length..).unwrap_or_default();
    }
    mended.push_str(rest);
    mended
}

/// Reads the UTF-16 unit of an escape `\uXXXX` that a text begins with.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}
