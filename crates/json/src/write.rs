//! The writer.

use core::fmt;

use crate::{Json, Object};

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        value(&mut out, self);
        f.write_str(&out)
    }
}

/// Writes a whole number in decimal digits.
///
/// `to_string` does the same, and brings the whole machinery of formatting along.
#[must_use]
pub fn digits(number: u64) -> String {
    let mut out = if number < 10 {
        String::new()
    } else {
        digits(number / 10)
    };
    // A remainder of ten is one digit.
    out.push(char::from(b'0' + (number % 10) as u8));
    out
}

/// Writes a whole number in decimal digits, after a minus sign if it is negative.
#[must_use]
pub fn signed_digits(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    [sign, &digits(number.unsigned_abs())].concat()
}

fn value(out: &mut String, json: &Json) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(digits) => out.push_str(digits),
        Json::Text(text) => string(out, text),
        Json::List(list) => {
            out.push('[');
            for (at, item) in list.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                value(out, item);
            }
            out.push(']');
        }
        Json::Object(members) => object(out, members),
    }
}

pub(crate) fn object(out: &mut String, object: &Object) {
    out.push('{');
    for (at, (name, member)) in object.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        string(out, name);
        out.push(':');
        value(out, member);
    }
    out.push('}');
}

fn string(out: &mut String, text: &str) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\0'..='\x1f' => {
                let code = c as usize;
                out.push_str("\\u00");
                out.extend([HEX[code >> 4], HEX[code & 15]]);
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}
