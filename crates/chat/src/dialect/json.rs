//! Liberal reading of JSON: a number may come as a string, a list as `null`, anything may be absent.

pub(crate) use parlour_json::{Json, Object};

/// Reads a string, or a number as one. Blank counts as absent.
pub(crate) fn text(object: &Object, key: &str) -> Option<String> {
    match object.get(key)? {
        Json::Text(text) | Json::Number(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    }
}

/// Reads a whole number, also from a string. What follows the point of a fraction is dropped.
pub(crate) fn number(object: &Object, key: &str) -> Option<i64> {
    let (Json::Text(digits) | Json::Number(digits)) = object.get(key)? else {
        return None;
    };
    let whole = digits.trim().split('.').next().unwrap_or_default();
    whole.parse().ok().filter(|_| !digits.contains(['e', 'E']))
}

/// Reads a whole number that is not negative.
pub(crate) fn count(object: &Object, key: &str) -> Option<u64> {
    number(object, key).and_then(|number| u64::try_from(number).ok())
}

/// Reads a place in a transcript. Above what servers can mean there is none: what is counted on from here must still be
/// readable when it was stored.
pub(crate) fn place(object: &Object, key: &str) -> Option<u64> {
    const FARTHEST: u64 = 1 << 53;
    count(object, key).filter(|place| *place <= FARTHEST)
}

/// Reads a truth value, also from a string.
pub(crate) fn truth(object: &Object, key: &str) -> Option<bool> {
    match object.get(key)? {
        Json::Bool(truth) => Some(*truth),
        Json::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Json::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// Reads a list; absent, `null` or anything else is an empty one.
pub(crate) fn list<'a>(object: &'a Object, key: &str) -> &'a [Json] {
    object.get(key).and_then(Json::as_list).unwrap_or_default()
}

/// Reads an object, also one that was put into a string.
pub(crate) fn object(parent: &Object, key: &str) -> Option<Object> {
    match parent.get(key)? {
        Json::Object(object) => Some(object.clone()),
        Json::Text(text) => parse(text),
        _ => None,
    }
}

/// Parses a text that is an object.
pub(crate) fn parse(text: &str) -> Option<Object> {
    match parlour_json::parse(text) {
        Ok(Json::Object(object)) => Some(object),
        _ => None,
    }
}
