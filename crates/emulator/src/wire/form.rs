//! Forms, urlencoded or multipart.

use std::collections::BTreeMap;

use super::Request;
use super::multipart::{self, FilePart, FormError};

/// The fields of a form in order, and its file if there was one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    fields: Vec<(String, String)>,
    /// The part called `file`.
    pub file: Option<FilePart>,
}

impl Form {
    /// Reads a request's body: multipart if it says so, urlencoded otherwise, parameters such as `charset` ignored.
    ///
    /// # Errors
    /// When a multipart body is broken.
    pub fn parse(request: &Request) -> Result<Self, FormError> {
        let content_type = request.header("content-type").unwrap_or_default();
        if is_multipart(content_type) {
            let parts = multipart::parse(content_type, &request.body)?;
            Ok(Self {
                fields: parts.fields,
                file: parts.file,
            })
        } else {
            Ok(Self::urlencoded(&request.body))
        }
    }

    /// Reads `a=b&c=d`.
    pub fn urlencoded(body: &[u8]) -> Self {
        let fields = form_urlencoded::parse(body).into_owned().collect();
        Self { fields, file: None }
    }

    /// Adds a field.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.fields.push((name.into(), value.into()));
    }

    /// Lists all fields in order.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.fields.iter();
        fields.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Takes a field out.
    pub fn remove(&mut self, name: &str) {
        self.fields.retain(|(n, _)| n != name);
    }

    /// Reads a field; blank = not given (protocol section 1, request chat).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(n, value)| n == name && !value.trim().is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Reads a field even when it is blank.
    pub fn present(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// Collects `userData[key]=value`, blank values included.
    pub fn user_data(&self) -> BTreeMap<String, String> {
        self.fields
            .iter()
            .filter_map(|(name, value)| {
                let key = name.strip_prefix("userData[")?.strip_suffix(']')?;
                (!key.is_empty()).then(|| (key.to_owned(), value.clone()))
            })
            .collect()
    }
}

/// Returns whether a `Content-Type` says multipart form, whatever its case and parameters.
pub(crate) fn is_multipart(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("multipart/form-data")
}
