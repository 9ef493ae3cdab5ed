//! Multipart forms that are whole in memory (RFC 7578). The server streams uploads instead.

use super::form::{FilePart, Form, FormError};
use super::percent;

/// Finds the boundary in a `Content-Type`.
pub(crate) fn boundary(content_type: &str) -> Option<String> {
    parameter(content_type, "boundary").filter(|b| !b.is_empty())
}

pub(super) fn parse(body: &[u8], boundary: &str) -> Result<Form, FormError> {
    let mut form = Form::default();
    let opening = format!("--{boundary}");
    let delimiter = format!("\r\n--{boundary}");
    let start = find(body, opening.as_bytes()).ok_or(FormError::Broken("no boundary"))?;
    let mut rest = &body[start + opening.len()..];
    loop {
        if rest.starts_with(b"--") {
            return Ok(form);
        }
        let at = find(rest, b"\r\n").ok_or(FormError::Broken("no line end after a boundary"))?;
        rest = &rest[at + 2..];
        let end = find(rest, delimiter.as_bytes()).ok_or(FormError::Broken("no last boundary"))?;
        let part = &rest[..end];
        rest = &rest[end + delimiter.len()..];
        add_part(&mut form, part)?;
    }
}

fn add_part(form: &mut Form, part: &[u8]) -> Result<(), FormError> {
    // A part without headers would begin with the empty line itself.
    let at = find(part, b"\r\n\r\n").ok_or(FormError::Broken("a part without headers"))?;
    let head = String::from_utf8_lossy(&part[..at]);
    let bytes = &part[at + 4..];
    let mut disposition = "";
    let mut content_type = None;
    for line in head.split("\r\n") {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        match name.trim().to_ascii_lowercase().as_str() {
            "content-disposition" => disposition = value,
            "content-type" => content_type = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    let name = parameter(disposition, "name").ok_or(FormError::Broken("a part without a name"))?;
    if name == "file" {
        let name = file_name(disposition).unwrap_or_default();
        form.file = Some(FilePart {
            name,
            content_type,
            bytes: bytes.to_vec(),
        });
    } else {
        form.push(name, String::from_utf8_lossy(bytes));
    }
    Ok(())
}

/// Reads the name of a file: `filename*` (RFC 5987) before `filename`.
pub(crate) fn file_name(disposition: &str) -> Option<String> {
    let extended = parameter(disposition, "filename*").and_then(|value| {
        let encoded = value
            .strip_prefix("UTF-8''")
            .or_else(|| value.strip_prefix("utf-8''"))?;
        Some(percent::decode(encoded.as_bytes(), false))
    });
    extended.or_else(|| parameter(disposition, "filename"))
}

/// Reads `; name=value` or `; name="value"` out of a header's value. Browsers write `"` as `%22`, others as `\"`.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let (value, tail) = value(after.trim_start());
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = tail.split_once(';')?.1;
    }
}

/// Splits a quoted or plain value from what follows it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let mut out = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (out, &quoted[at + 1..]),
            // Only a quote is escaped in practice; old browsers send Windows paths with plain backslashes.
            '\\' if quoted[at + 1..].starts_with('"') => {
                chars.next();
                out.push('"');
            }
            '%' if quoted[at..].starts_with("%22") => {
                chars.nth(1);
                out.push('"');
            }
            c => out.push(c),
        }
    }
    (out, "")
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; charset=utf-8; boundary=\"x y\"";

    fn parsed(body: &str) -> Result<Form, FormError> {
        parse(body.as_bytes(), &boundary(TYPE).unwrap())
    }

    #[test]
    fn reads_fields_and_a_file_in_any_order() {
        let form = parsed(concat!(
            "--x y\r\n",
            "Content-Disposition: form-data; name=\"file\"; filename=\"a;b \\\"c\\\" %22d%22.txt\"\r\n",
            "Content-Type: text/plain\r\n\r\n",
            "one\r\n--x\r\ntwo\r\n",
            "--x y\r\ncontent-disposition: form-data; name=secureKey\r\n\r\nk\r\n",
            "--x y\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n",
            "--x y--\r\n",
        ))
        .unwrap();
        let file = form.file.as_ref().unwrap();
        assert_eq!(file.name, "a;b \"c\" \"d\".txt");
        assert_eq!(file.content_type.as_deref(), Some("text/plain"));
        assert_eq!(file.bytes, b"one\r\n--x\r\ntwo");
        assert_eq!(form.get("secureKey"), Some("k"));
        assert_eq!(form.present("empty"), Some(""));
        assert_eq!(form.get("empty"), None);
    }

    #[test]
    fn prefers_the_extended_file_name() {
        let form = parsed(concat!(
            "--x y\r\nContent-Disposition: form-data; name=\"file\"; ",
            "filename=\"na_ve.txt\"; filename*=UTF-8''na%C3%AFve.txt\r\n\r\nx\r\n--x y--",
        ));
        assert_eq!(form.unwrap().file.unwrap().name, "naïve.txt");
    }

    #[test]
    fn says_what_is_broken() {
        for body in [
            "",
            "--x y",
            "--x y\r\n",
            "--x y\r\n\r\n\r\n--x y--",
            "--x y\r\nA: b\r\n\r\nc",
        ] {
            assert!(
                matches!(parsed(body), Err(FormError::Broken(_))),
                "{body:?}"
            );
        }
        assert_eq!(boundary("multipart/form-data"), None);
    }
}
