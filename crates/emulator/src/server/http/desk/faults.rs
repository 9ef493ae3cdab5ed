//! Fault rules while the emulator runs.

use std::path::Path as FilePath;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::reply::{body, problem};
use crate::faults::{read_rules, write_rule};
use crate::server::app::App;
use crate::server::http::reply;

/// Every request is held against every rule.
const MAX_RULES: usize = 1_000;

/// Lists the rules and how often each has struck.
pub(super) async fn list(State(app): State<Arc<App>>) -> Response {
    let faults = app.faults();
    let rules: Vec<Value> = faults
        .list()
        .map(|(id, rule, done)| json!({"id": id, "rule": write_rule(rule), "done": done}))
        .collect();
    reply::json(200, &json!({"faults": rules}))
}

/// Adds one rule, given with the keys of a `[[fault]]` table.
pub(super) async fn add(State(app): State<Arc<App>>, bytes: Bytes) -> Response {
    let given: Map<String, Value> = match body(&bytes) {
        Ok(given) => given,
        Err(message) => return problem(400, &message),
    };
    // The same reader as for files: JSON strings, numbers and booleans are valid TOML.
    let lines = given
        .iter()
        .map(|(key, value)| format!("{} = {value}\n", Value::from(key.as_str())));
    let text: String = std::iter::once("[[fault]]\n".to_owned())
        .chain(lines)
        .collect();
    let rules = match read_rules(FilePath::new("rule"), &text) {
        Ok(rules) => rules,
        Err(error) => return problem(400, &error.to_string()),
    };
    let (ids, cuts): (Vec<u32>, bool) = {
        let mut faults = app.faults();
        if faults.list().count() >= MAX_RULES {
            let why = format!("there are {MAX_RULES} rules, and no more are taken: remove some");
            return problem(409, &why);
        }
        (
            rules.into_iter().map(|rule| faults.add(rule)).collect(),
            faults.may_cut(),
        )
    };
    if cuts {
        // A browser silently repeats a request that is cut on a connection which it has used before.
        app.hang_up.call().await;
    }
    reply::json(200, &json!({"ok": true, "id": ids.first()}))
}

/// Removes all rules.
pub(super) async fn clear(State(app): State<Arc<App>>) -> Response {
    app.faults().clear();
    reply::json(200, &json!({"ok": true}))
}

/// Removes one rule.
pub(super) async fn remove(State(app): State<Arc<App>>, Path(id): Path<u32>) -> Response {
    if app.faults().remove(id) {
        reply::json(200, &json!({"ok": true}))
    } else {
        problem(404, "no such rule")
    }
}
