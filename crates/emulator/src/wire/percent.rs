//! Percent-encoding.

/// Decodes `%XX`; `plus` tells whether `+` stands for a space (forms) or itself (paths). Bytes that are no UTF-8 become
/// replacement characters; a stray `%` stays.
pub fn decode(text: &[u8], plus: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        match (first, tail) {
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = after;
                }
                _ => bytes.push(b'%'),
            },
            (b'+', _) if plus => bytes.push(b' '),
            _ => bytes.push(first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Encodes everything but unreserved characters (RFC 3986), so that the result fits any place.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.extend(char::from_digit(u32::from(nibble), 16).map(|c| c.to_ascii_uppercase()));
            }
        }
    }
    out
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_encode_made() {
        let text = "a+b c%é&=\u{1f600}\u{0}";
        assert_eq!(decode(encode(text).as_bytes(), true), text);
        assert_eq!(decode(encode(text).as_bytes(), false), text);
    }

    #[test]
    fn keeps_stray_percent_signs() {
        assert_eq!(decode(b"100%+sure%2", true), "100% sure%2");
        assert_eq!(decode(b"%zz%", false), "%zz%");
    }
}
