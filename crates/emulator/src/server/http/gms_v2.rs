//! The dialect `gms-v2` over sockets: everything but receiving and sending bytes is in [`crate::gms_v2`].

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use tokio_util::io::ReaderStream;
use tracing::error;

use super::operation::Operation;
use super::receive::{ReceiveError, Received, receive};
use super::reply::{from_wire, not_durable};
use super::run::carry_out;
use crate::gms_v2::{self, Call, Contents, Outcome, Route};
use crate::model::{ChatId, World};
use crate::server::app::App;
use crate::server::serve::peer;
use crate::server::store::NotDurable;
use crate::wire;

/// Answers one operation.
pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let address = peer(&request);
    let (head, body) = request.into_parts();
    let mut call = match gms_v2::route(head.method.as_str(), head.uri.path()) {
        Route::Call(call) => call,
        Route::WrongMethod => return from_wire(gms_v2::wrong_method()),
        Route::Preflight | Route::Unknown => return from_wire(gms_v2::not_found()),
    };
    call.address = address;
    let received = receive(&app, &head.headers, &call, body).await;
    carry_out(&app, FormOperation { call, received }).await
}

/// An operation with its form.
#[derive(Debug)]
pub(super) struct FormOperation {
    pub(super) call: Call,
    pub(super) received: Result<Received, ReceiveError>,
}

impl Operation for FormOperation {
    fn name(&self) -> &'static str {
        self.call.action.name()
    }

    fn chat(&self) -> Option<&ChatId> {
        self.call.action.chat()
    }

    async fn process(&mut self, app: &App) -> Response {
        let received = std::mem::replace(&mut self.received, Ok(Received::default()));
        process(app, &self.call, received).await
    }

    fn try_again(&self) -> wire::Response {
        gms_v2::try_again(&self.call)
    }

    fn never(&self, world: &mut World) -> wire::Response {
        gms_v2::never(world, &self.call)
    }
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
                // Moved into its place before the chat's record of it is on disk, so that an acknowledged file exists.
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

/// Answers what was not received.
pub(super) async fn refuse(
    app: &App,
    call: &Call,
    error: &ReceiveError,
) -> Result<Response, NotDurable> {
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
