//! The fields of a request: from the query, a form of either kind, or JSON, even JSON that is labelled as a form.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use thiserror::Error;

use super::error::Refusal;
use super::event::Position;
use crate::model::fits_packet;
use crate::wire::{Form, FormError, Request};

/// The fields of a request: the body's before the query's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Form);

/// Why a body cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FieldsError {
    /// It is said to be multipart, and is not.
    #[error(transparent)]
    Form(#[from] FormError),
    /// It looks like JSON, and is none.
    #[error("the body must be a JSON object or a form")]
    Json,
}

impl Fields {
    /// Reads a request's fields.
    ///
    /// # Errors
    /// When the body cannot be read.
    pub fn read(request: &Request) -> Result<Self, FieldsError> {
        let start = request.body.iter().find(|byte| !byte.is_ascii_whitespace());
        let kind = request.header("content-type").unwrap_or_default();
        let mut form = match start {
            None => Form::default(),
            // One client labels its JSON as a form: the first byte decides (protocol section 2).
            Some(b'{') => json(&request.body)?,
            Some(_) if kind.to_ascii_lowercase().contains("json") => return Err(FieldsError::Json),
            Some(_) => Form::parse(request)?,
        };
        let query = request.query.as_deref().unwrap_or_default();
        for (name, value) in Form::urlencoded(query.as_bytes()).fields() {
            form.push(name, value);
        }
        Ok(Self(form))
    }

    /// Reads a field; blank = not given.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)
    }

    /// Reads a field as text of its own.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// Reads words that have to fit into a packet.
    pub(super) fn words(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.get(name) {
            Some(text) if !fits_packet(text) => Err(Refusal::Value(format!("{name} is too long."))),
            text => Ok(text),
        }
    }

    /// Reads a field that must be there.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        let text = self.words(name)?;
        text.ok_or_else(|| Refusal::Value(format!("{name} is required.")))
    }

    /// Returns whether the caller wants every detail (`_verbose`; `True` counts, too).
    pub(super) fn verbose(&self) -> bool {
        let verbose = self.get("_verbose");
        verbose.is_some_and(|text| text.trim().eq_ignore_ascii_case("true"))
    }

    /// Reads `transcriptPosition`.
    pub(super) fn position(&self) -> Result<Option<Position>, Refusal> {
        let Some(text) = self.get("transcriptPosition") else {
            return Ok(None);
        };
        // Any position past the end counts as the end.
        match text.trim().parse::<u64>() {
            Ok(position) => Ok(Some(Position(u32::try_from(position).unwrap_or(u32::MAX)))),
            Err(_) => Err(Refusal::Value(
                "transcriptPosition is no position.".to_owned(),
            )),
        }
    }

    /// Collects what has none of these names.
    pub(super) fn others(&self, known: &[&str]) -> BTreeMap<String, String> {
        // The first one counts, as in forms.
        let mut out = BTreeMap::new();
        for (name, value) in self.0.fields() {
            if !known.contains(&name) && !value.trim().is_empty() && !out.contains_key(name) {
                out.insert(name.to_owned(), value.to_owned());
            }
        }
        out
    }
}

fn json(body: &[u8]) -> Result<Form, FieldsError> {
    let object: Map<String, Value> = serde_json::from_slice(body).map_err(|_| FieldsError::Json)?;
    let mut form = Form::default();
    for (name, value) in object {
        match value {
            Value::Null => {}
            Value::String(text) => form.push(name, text),
            other => form.push(name, other.to_string()),
        }
    }
    Ok(form)
}
