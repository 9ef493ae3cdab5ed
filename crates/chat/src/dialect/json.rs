//! Tolerant reading of JSON: a number may come as a string, a list as `null`, anything may be absent.

use std::borrow::Cow;

pub(crate) use serde_json::Value;

/// An object's members by name.
pub(crate) type Object = serde_json::Map<String, Value>;

/// Returns a string, or a number as one. Blank counts as absent.
pub(crate) fn text(object: &Object, key: &str) -> Option<String> {
    let text = scalar(object.get(key)?)?;
    (!text.is_empty()).then(|| text.into_owned())
}

/// Returns a string that is none of anything else: a key. Blank counts as absent.
pub(crate) fn key(object: &Object, key: &str) -> Option<String> {
    let text = object.get(key)?.as_str()?;
    (!text.is_empty()).then(|| text.into())
}

/// Returns the text of a string or of a number.
pub(crate) fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.into()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

/// Returns a whole number, also from a string. What follows the point of a fraction is dropped.
pub(crate) fn number(object: &Object, key: &str) -> Option<i64> {
    let digits = scalar(object.get(key)?)?;
    let whole = digits.trim().split('.').next().unwrap_or_default();
    whole.parse().ok().filter(|_| !digits.contains(['e', 'E']))
}

/// Returns a whole number that is not negative.
pub(crate) fn count(object: &Object, key: &str) -> Option<u64> {
    number(object, key).and_then(|number| u64::try_from(number).ok())
}

/// Returns a place in a transcript. Returns `None` above 2^53: positions are stored as JSON numbers and must
/// survive that.
pub(crate) fn place(object: &Object, key: &str) -> Option<u64> {
    const FARTHEST: u64 = 1 << 53;
    count(object, key).filter(|place| *place <= FARTHEST)
}

/// Returns a truth value, also from a string.
pub(crate) fn truth(object: &Object, key: &str) -> Option<bool> {
    match object.get(key)? {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// Returns a list; absent, `null` or anything else is an empty one.
pub(crate) fn list<'a>(object: &'a Object, key: &str) -> &'a [Value] {
    let list = object.get(key).and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default()
}

/// Returns an object, also one that was put into a string.
pub(crate) fn object(parent: &Object, key: &str) -> Option<Object> {
    match parent.get(key)? {
        Value::Object(object) => Some(object.clone()),
        Value::String(text) => parse_object(text),
        _ => None,
    }
}

/// Parses a text that is an object.
pub(crate) fn parse_object(text: &str) -> Option<Object> {
    match parse(text) {
        Some(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// Parses a text, without the byte order mark that some servers put before it. Servers that cut texts or copy them unescaped are understood, too: what strict JSON
/// refuses inside strings is replaced.
pub(crate) fn parse(text: &str) -> Option<Value> {
    let text = text.trim_start_matches('\u{feff}');
    let strict = serde_json::from_str(text);
    strict.or_else(|_| serde_json::from_str(&mend(text))).ok()
}

/// Writes an object.
pub(crate) fn write(object: &Object) -> String {
    // Writing to memory cannot fail, and every key is a string.
    serde_json::to_string(object).unwrap_or_default()
}

/// Sets a member.
pub(crate) fn put(object: &mut Object, key: &str, value: impl Into<Value>) {
    object.insert(key.into(), value.into());
}

/// Sets a member if there is a value for it.
pub(crate) fn put_some(object: &mut Object, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        put(object, key, value);
    }
}

/// Replaces half surrogate pairs (`\ud83d` alone) by the replacement character, and control characters by
/// spaces: neither may stand in strings.
fn mend(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let taken = match (surrogate(escape, 0), surrogate(escape, 6)) {
            (Some(High), Some(Low)) => 12,
            (Some(_), _) => {
                out.push_str("\\ufffd");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            // The backslash and what it escapes, so that an escaped backslash begins no escape.
            (None, _) => escape.chars().take(2).map(char::len_utf8).sum(),
        };
        let (escape, after) = escape.split_at(taken);
        out.push_str(escape);
        rest = after;
    }
    out.push_str(rest);
    out.replace(|c: char| c.is_ascii_control(), " ")
}

/// The halves of a surrogate pair.
enum Surrogate {
    High,
    Low,
}
use Surrogate::{High, Low};

/// Tells which half of a pair the escape at a place is, if it is one.
fn surrogate(text: &str, at: usize) -> Option<Surrogate> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    match u32::from_str_radix(digits, 16).ok()? {
        0xd800..0xdc00 => Some(High),
        0xdc00..0xe000 => Some(Low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_servers_cut_or_copy_is_understood() {
        for (said, meant) in [
            (r#""a\ud83dz\ude00b""#, "a\u{fffd}z\u{fffd}b"),
            (r#""\ud83d\u0041""#, "\u{fffd}A"),
            (r#""\ud83d\ud83d\ude00\ud83d""#, "\u{fffd}\u{1f600}\u{fffd}"),
            (r#""\\ud83d \ud83d""#, "\\ud83d \u{fffd}"),
            ("\"a\tb\nc\"", "a b c"),
        ] {
            assert_eq!(parse(said), Some(Value::from(meant)), "{said}");
        }
        for broken in ["", "{", "\"", "\\", "\"\\", "\"\\ud83d", "\"\\u\u{e9}\""] {
            assert_eq!(parse(broken), None, "{broken}");
        }
    }

    #[test]
    fn depth_has_an_end() {
        let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(parse(&deep(100)).is_some());
        assert!(parse(&deep(100_000)).is_none());
    }

    #[test]
    fn whole_numbers_are_read_from_whatever_holds_them() {
        let object = parse_object(
            r#"{"a": 1432845088000.0, "b": " 12.9 ", "c": 1.5, "d": "1e3", "e": 1e300, "f": 99999999999999999999,
                "g": -0.0, "h": null, "twice": 1, "twice": 2}"#,
        )
        .expect("an object");
        let numbers = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "twice"];
        let numbers = numbers.map(|key| number(&object, key));
        let expected = [
            Some(1_432_845_088_000),
            Some(12),
            Some(1),
            None,
            None,
            None,
            Some(0),
            None,
            None,
            Some(2),
        ];
        assert_eq!(numbers, expected);
    }
}
