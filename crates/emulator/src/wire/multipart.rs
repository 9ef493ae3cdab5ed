//! Multipart forms (RFC 7578), parsed by multer.

use futures_util::{FutureExt, stream};
use multer::{Field, Multipart};
use thiserror::Error;

use super::percent;

/// An uploaded file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilePart {
    /// As the sender gave it; may be empty.
    pub name: String,
    /// Media type as the sender gave it.
    pub content_type: Option<String>,
    /// The contents.
    pub bytes: Vec<u8>,
}

/// Why a body is no form.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FormError {
    /// The `Content-Type` names no boundary between parts.
    #[error("the Content-Type of a multipart body must name its boundary")]
    NoBoundary,
    /// The parts are not where the boundary says.
    #[error("the multipart body is broken")]
    Broken,
    /// A part has no name.
    #[error("every part of a multipart body must have a name")]
    UnnamedPart,
}

/// The parts of a form that is whole in memory.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) fields: Vec<(String, String)>,
    pub(super) file: Option<FilePart>,
}

/// Parses a form that is whole in memory. The server streams uploads instead.
pub(super) fn parse(content_type: &str, body: &[u8]) -> Result<Parts, FormError> {
    let boundary = boundary(content_type)?;
    let body = stream::iter([Ok::<_, std::io::Error>(body.to_vec())]);
    let parts = read(Multipart::new(body, boundary)).now_or_never();
    // It never waits: the whole body is there.
    parts.unwrap_or(Err(FormError::Broken))
}

async fn read(mut multipart: Multipart<'_>) -> Result<Parts, FormError> {
    let mut parts = Parts::default();
    while let Some(field) = multipart.next_field().await? {
        let name = field.name().ok_or(FormError::UnnamedPart)?.to_owned();
        if name == "file" {
            parts.file = Some(FilePart {
                name: file_name(&field).unwrap_or_default(),
                content_type: content_type(&field),
                bytes: field.bytes().await?.into(),
            });
        } else {
            let bytes = field.bytes().await?;
            let value = String::from_utf8_lossy(&bytes).into_owned();
            parts.fields.push((name, value));
        }
    }
    Ok(parts)
}

/// Reads the boundary out of a `Content-Type`.
pub(crate) fn boundary(content_type: &str) -> Result<String, FormError> {
    multer::parse_boundary(content_type).map_err(|_| FormError::NoBoundary)
}

/// Returns the type of a part as the sender wrote it.
pub(crate) fn content_type(field: &Field<'_>) -> Option<String> {
    let value = field.headers().get("content-type")?;
    Some(String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
}

/// Returns the name of a file: `filename*` (RFC 5987) before `filename`.
pub(crate) fn file_name(field: &Field<'_>) -> Option<String> {
    extended_file_name(field).or_else(|| {
        // Browsers write quotes so (HTML's multipart/form-data encoding).
        Some(field.file_name()?.replace("%22", "\""))
    })
}

fn extended_file_name(field: &Field<'_>) -> Option<String> {
    let disposition = field.headers().get("content-disposition")?.to_str().ok()?;
    let mut parameters = disposition.split(';');
    let encoded = parameters.find_map(|parameter| {
        let (charset, encoded) = parameter
            .trim()
            .strip_prefix("filename*=")?
            .split_once("''")?;
        charset.eq_ignore_ascii_case("utf-8").then_some(encoded)
    })?;
    Some(percent::decode(encoded))
}

impl From<multer::Error> for FormError {
    fn from(_: multer::Error) -> Self {
        Self::Broken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "Multipart/Form-Data; charset=utf-8; boundary=\"x y\"";

    fn parsed(body: &str) -> Result<Parts, FormError> {
        parse(TYPE, body.as_bytes())
    }

    #[test]
    fn reads_fields_and_a_file_in_any_order() {
        let parts = parsed(concat!(
            "--x y\r\n",
            "Content-Disposition: form-data; name=\"file\"; filename=\"a;b \\\"c\\\" %22d%22.txt\"\r\n",
            "Content-Type: text/plain\r\n\r\n",
            "one\r\n--x\r\ntwo\r\n",
            "--x y\r\ncontent-disposition: form-data; name=secureKey\r\n\r\nk\r\n",
            "--x y\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n",
            "--x y--\r\n",
        ))
        .unwrap();
        let file = parts.file.unwrap();
        assert_eq!(file.name, "a;b \"c\" \"d\".txt");
        assert_eq!(file.content_type.as_deref(), Some("text/plain"));
        assert_eq!(file.bytes, b"one\r\n--x\r\ntwo");
        let fields = [("secureKey", "k"), ("empty", "")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(parts.fields, fields);
    }

    #[test]
    fn prefers_the_extended_file_name() {
        let parts = parsed(concat!(
            "--x y\r\nContent-Disposition: form-data; name=\"file\"; ",
            "filename=\"na_ve.txt\"; filename*=UTF-8''na%C3%AFve.txt\r\n\r\nx\r\n--x y--",
        ));
        assert_eq!(parts.unwrap().file.unwrap().name, "naïve.txt");
    }

    #[test]
    fn says_what_is_broken() {
        for body in ["", "--x y", "--x y\r\n", "--x y\r\nA: b\r\n"] {
            assert_eq!(parsed(body).unwrap_err(), FormError::Broken, "{body:?}");
        }
        let unnamed = "--x y\r\nA: b\r\n\r\nc\r\n--x y--";
        assert_eq!(parsed(unnamed).unwrap_err(), FormError::UnnamedPart);
        let untyped = parse("multipart/form-data", b"");
        assert_eq!(untyped.unwrap_err(), FormError::NoBoundary);
    }
}
