//! Percent-encoding for forms and path segments.

/// Encodes fields as `application/x-www-form-urlencoded`.
pub(super) fn form<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    for (name, value) in fields {
        if !out.is_empty() {
            out.push('&');
        }
        encode(&mut out, name, true);
        out.push('=');
        encode(&mut out, value, true);
    }
    out
}

/// Encodes one segment of a path.
pub(super) fn segment(text: &str) -> String {
    let mut out = String::new();
    encode(&mut out, text, false);
    out
}

fn encode(out: &mut String, text: &str, plus: bool) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(byte.into()),
            b'*' if plus => out.push('*'),
            b'~' if !plus => out.push('~'),
            b' ' if plus => out.push('+'),
            _ => {
                out.push('%');
                out.push(hex_digit(byte >> 4));
                out.push(hex_digit(byte & 15));
            }
        }
    }
}

fn hex_digit(half_byte: u8) -> char {
    let offset = if half_byte < 10 { b'0' } else { b'A' - 10 };
    (half_byte + offset).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_a_form_as_browsers_do() {
        let fields = [("userData[TimeZone]", "-480"), ("message", "a b&c=d+é*~")];
        assert_eq!(
            form(fields),
            "userData%5BTimeZone%5D=-480&message=a+b%26c%3Dd%2B%C3%A9*%7E"
        );
    }

    #[test]
    fn keeps_a_segment_in_its_place() {
        assert_eq!(segment("a/b?c #d"), "a%2Fb%3Fc%20%23d");
    }
}
