//! The dialect `gms-v1` over sockets: everything but receiving and sending bytes is in [`crate::gms_v1`].

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;

use super::operation::Operation;
use super::receive::{BodyError, receive_whole};
use super::reply::{from_wire, not_durable};
use super::run::carry_out;
use crate::gms_v1::{self, Call, Fields, FieldsError, Route};
use crate::model::{ChatId, Service, World};
use crate::server::app::App;
use crate::server::serve::peer;
use crate::wire;

/// Answers one operation.
pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let action = match gms_v1::route(request.method().as_str(), request.uri().path()) {
        Route::Call(action) => action,
        Route::WrongMethod(allow) => return from_wire(gms_v1::wrong_method(allow)),
        Route::Preflight | Route::Unknown => return from_wire(gms_v1::not_found()),
    };
    let address = peer(&request);
    let request = match receive_whole(request).await {
        Ok(request) => request,
        Err(BodyError::TooLarge) => return from_wire(gms_v1::too_large()),
        Err(BodyError::Broken) => return from_wire(gms_v1::broken_body()),
    };
    let chat = app.peek(|world| {
        let service = world.service(action.service()?);
        service.and_then(Service::chat).cloned()
    });
    let ready = ServiceOperation {
        call: Call {
            action,
            user: gms_v1::user(&request),
            address,
        },
        fields: Fields::read(&request),
        chat,
    };
    carry_out(&app, ready).await
}

/// An operation with its fields.
#[derive(Debug)]
struct ServiceOperation {
    call: Call,
    fields: Result<Fields, FieldsError>,
    /// The chat of the service it is about, if that has one.
    chat: Option<ChatId>,
}

impl Operation for ServiceOperation {
    fn name(&self) -> &'static str {
        self.call.action.name()
    }

    fn chat(&self) -> Option<&ChatId> {
        self.chat.as_ref()
    }

    async fn process(&mut self, app: &App) -> Response {
        let reply = app
            .with_world(|world, now_ms| gms_v1::execute(world, &self.call, &self.fields, now_ms));
        reply.await.map_or_else(not_durable, from_wire)
    }

    fn try_again(&self) -> wire::Response {
        gms_v1::try_again()
    }

    fn never(&self, _: &mut World) -> wire::Response {
        gms_v1::never()
    }
}
