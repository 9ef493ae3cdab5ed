//! The dialect `gms-v2` over sockets: everything but receiving and sending bytes is in [`crate::gms_v2`].

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use tokio_util::io::ReaderStream;
use tracing::{debug, error};

use super::fault;
use super::receive::{ReceiveError, Received, receive};
use super::reply::{from_wire, not_durable};
use crate::gms_v2::{self, Call, Contents, Outcome, Route};
use crate::server::app::App;
use crate::server::store::NotDurable;

/// Answers one operation, with the faults that the rules want.
pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let call = match gms_v2::route(head.method.as_str(), head.uri.path()) {
        Route::Call(call) => call,
        Route::WrongMethod => return from_wire(gms_v2::wrong_method()),
        Route::Preflight | Route::Unknown => return from_wire(gms_v2::not_found()),
    };
    let started = Instant::now();
    let plan = app.faults().plan(call.action.name(), call.action.chat());
    let received = receive(&app, &head.headers, &call, body).await;
    pause(plan.delay_before_ms).await;
    let response = match plan.broken {
        Some(broken) if !broken.processes() => fault::reply(&app, &call, broken).await,
        broken => {
            if plan.change_alias {
                change_alias(&app, &call).await;
            }
            let response = process(&app, &call, received).await;
            match broken {
                Some(broken) => fault::after(&app, &call, broken, response).await,
                None => response,
            }
        }
    };
    pause(plan.delay_after_ms).await;
    // From the path, so anybody's words: a line break must not begin a line of the log.
    let chat = call.action.chat();
    let chat = chat.map(|chat| chat.as_str().escape_debug().to_string());
    let (operation, status) = (call.action.name(), response.status().as_u16());
    debug!(operation, chat, status, fault = ?plan.broken, took = ?started.elapsed(), "request");
    response
}

async fn process(app: &App, call: &Call, received: Result<Received, ReceiveError>) -> Response {
    let Received {
        form,
        upload,
        spool,
    } = match received {
        Ok(received) => received,
        Err(error) => return refuse(app, call, &error).await.unwrap_or_else(not_durable),
    };
    let outcome = app
        .with_world(|world, now_ms| {
            let mut outcome = gms_v2::execute(world, call, &form, upload, now_ms);
            if let Contents::Keep(id) = &outcome.contents {
                // In its place before the chat's record of it is on disk: an acknowledged file is there.
                let kept = spool.map(|spool| app.uploads.keep(spool, id));
                if let (Some(Err(error)), Some(chat)) = (kept, call.action.chat()) {
                    error!(%error, "cannot keep an uploaded file");
                    let _ = world.delete_file(chat, id, now_ms);
                    outcome = Outcome::from(gms_v2::never(world, call));
                }
            }
            outcome
        })
        .await;
    match outcome {
        Ok(outcome) => send(app, outcome).await,
        Err(error) => not_durable(error),
    }
}

/// Sends a reply, streaming a file if it is one.
async fn send(app: &App, outcome: Outcome) -> Response {
    let mut response = from_wire(outcome.response);
    match outcome.contents {
        Contents::Untouched | Contents::Keep(_) => response,
        Contents::Remove(id) => {
            app.uploads.remove(&id);
            response
        }
        Contents::Send(id) => {
            let opened = tokio::fs::File::open(app.uploads.path(&id)).await;
            let Ok(file) = opened.inspect_err(|error| error!(%error, "cannot open a file")) else {
                let failed = app
                    .with_world(|world, _| gms_v2::download_failed(world))
                    .await;
                return failed.map_or_else(not_durable, from_wire);
            };
            if let Ok(length) = file.metadata().await.map(|meta| meta.len()) {
                response.headers_mut().insert(CONTENT_LENGTH, length.into());
            }
            *response.body_mut() = Body::from_stream(ReaderStream::with_capacity(file, 64 * 1024));
            response
        }
    }
}

async fn refuse(app: &App, call: &Call, error: &ReceiveError) -> Result<Response, NotDurable> {
    let reply = app.with_world(|world, _| match error {
        ReceiveError::Form(error) => gms_v2::broken_form(world, call, error),
        ReceiveError::TooLarge => gms_v2::too_large(world, call),
        ReceiveError::Disk(error) => {
            error!(%error, "cannot receive a file");
            gms_v2::never(world, call)
        }
    });
    reply.await.map(from_wire)
}

async fn change_alias(app: &App, call: &Call) {
    if let Some(chat) = call.action.chat() {
        // An ended chat has no host to lose; what is wrong with the disk the operation itself will tell.
        let _ = app.with_world(|world, _| world.change_alias(chat)).await;
    }
}

async fn pause(ms: u64) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}
