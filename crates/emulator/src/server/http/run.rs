//! Carries out operations: faults, delays, the log.

use std::time::{Duration, Instant};

use axum::response::Response;
use tracing::debug;

use super::fault;
use super::operation::Operation;
use crate::model::ChatId;
use crate::server::app::App;

/// Carries out an operation, with the faults that the rules want.
pub(super) async fn carry_out(app: &App, mut operation: impl Operation) -> Response {
    let started = Instant::now();
    let plan = app.faults().plan(operation.name(), operation.chat());
    pause(plan.delay_before_ms).await;
    let response = match plan.broken {
        Some(broken) if !broken.processes() => fault::reply(app, &operation, broken).await,
        broken => {
            if plan.change_alias {
                change_alias(app, operation.chat()).await;
            }
            let response = operation.process(app).await;
            match broken {
                Some(broken) => fault::after(app, &operation, broken, response).await,
                None => response,
            }
        }
    };
    pause(plan.delay_after_ms).await;
    // Escaped: the id comes from the path, and a line break in it would forge a line of the log.
    let chat = operation.chat();
    let chat = chat.map(|chat| chat.as_str().escape_debug().to_string());
    let (operation, status) = (operation.name(), response.status().as_u16());
    debug!(operation, chat, status, fault = ?plan.broken, took = ?started.elapsed(), "request");
    response
}

async fn change_alias(app: &App, chat: Option<&ChatId>) {
    if let Some(chat) = chat {
        // Errors are ignored: an ended chat cannot change its host, and the operation itself reports a failing disk.
        let _ = app.with_world(|world, _| world.change_alias(chat)).await;
    }
}

async fn pause(ms: u64) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}
