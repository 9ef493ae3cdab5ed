//! What the calls of the desk have in common: how a body is read, and how a mistake is answered.

use axum::response::Response;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::model::DeskError;
use crate::server::http::reply;

/// Says what is wrong.
pub(super) fn problem(status: u16, message: &str) -> Response {
    reply::json(status, &json!({"error": message}))
}

/// Answers a call that the desk refuses.
pub(super) fn refused(error: DeskError) -> Response {
    let status = match error {
        DeskError::UnknownChat | DeskError::UnknownParticipant => 404,
        DeskError::ChatEnded | DeskError::Taken | DeskError::NotPresent | DeskError::NotOnHold => {
            409
        }
    };
    problem(status, &error.to_string())
}

/// Reads a JSON body; none counts as `{}`.
pub(super) fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    let value: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    // A list would be read as the fields in their order.
    if !value.is_object() {
        return Err("expected an object".into());
    }
    serde_json::from_value(value).map_err(|error| error.to_string())
}
