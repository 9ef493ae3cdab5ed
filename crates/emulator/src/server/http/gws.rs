//! The dialect `gws` over sockets: everything but receiving and sending bytes is in [`crate::gws`].

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;

use super::operation::Operation;
use super::receive::{BodyError, receive_whole};
use super::reply::{from_wire, not_durable};
use super::run::carry_out;
use crate::gws::{self, Call};
use crate::model::{ChatId, World};
use crate::server::app::App;
use crate::server::serve::peer;
use crate::wire;

/// Answers one operation.
pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let address = peer(&request);
    let request = match receive_whole(request).await {
        Ok(request) => request,
        Err(BodyError::TooLarge) => return from_wire(gws::too_large()),
        Err(BodyError::Broken) => return from_wire(gws::broken_body()),
    };
    match gws::read(&request) {
        Ok(call) => carry_out(&app, Call { address, ..call }).await,
        Err(response) => from_wire(response),
    }
}

impl Operation for Call {
    fn name(&self) -> &'static str {
        self.operation.name()
    }

    fn chat(&self) -> Option<&ChatId> {
        self.operation.chat()
    }

    async fn process(&mut self, app: &App) -> Response {
        let reply = app.with_world(|world, now_ms| gws::execute(world, self, now_ms));
        reply.await.map_or_else(not_durable, from_wire)
    }

    fn try_again(&self) -> wire::Response {
        gws::try_again()
    }

    fn never(&self, _: &mut World) -> wire::Response {
        gws::never()
    }
}
