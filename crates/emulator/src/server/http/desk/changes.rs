//! A long poll for the changes since a desk last asked.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::chats::summary;
use super::reply::problem;
use crate::server::app::App;
use crate::server::http::reply;

/// How long a request is held at most, in seconds: below the usual 30 s after which something in between gives up.
const LONGEST: u32 = 25;
/// Of more chats than this it is not told one by one what became of them.
const MAX_CHATS: usize = 1_000;

/// The query of `GET /changes`: what the desk has seen already.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangesQuery {
    run: Option<String>,
    after: Option<u64>,
    wait: Option<u32>,
}

/// Answers with the chats that changed after the change number `after`, waiting up to `wait` seconds for one.
///
/// Without `after`, or with one of another run of the program, the answer comes at once, names no chats and says
/// `reset`: the list has to be read anew. So it does where very many have changed.
pub(super) async fn changes(
    State(app): State<Arc<App>>,
    seen: Result<Query<ChangesQuery>, QueryRejection>,
) -> Response {
    let seen = match seen {
        Ok(Query(seen)) => seen,
        Err(rejection) => return problem(400, &rejection.body_text()),
    };
    let wait = Duration::from_secs(u64::from(seen.wait.unwrap_or(LONGEST).min(LONGEST)));
    let same_run = seen.run.is_none_or(|run| run == app.feed.run());
    let known = seen
        .after
        .filter(|after| same_run && *after <= app.feed.count());
    if let Some(after) = known {
        app.feed.wait(after, wait).await;
    }
    let answer = app
        .with_world(|world, _| {
            let touched = known.map(|after| app.feed.since(after));
            let touched = touched.filter(|touched| touched.len() <= MAX_CHATS);
            let reset = touched.is_none();
            let touched = touched.unwrap_or_default();
            let chats = touched.iter().filter_map(|id| world.chat(id).map(summary));
            json!({
                "run": app.feed.run(),
                "seq": app.feed.count(),
                "reset": reset,
                "chats": chats.collect::<Vec<_>>(),
            })
        })
        .await;
    answer.map_or_else(reply::not_durable, |answer| reply::json(200, &answer))
}
