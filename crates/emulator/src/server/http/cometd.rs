//! Long polling over sockets: everything but receiving, waiting and sending is in [`crate::cometd`].

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;

use super::gms_v2::{FormOperation, refuse};
use super::operation::Operation;
use super::receive::{BodyError, receive, receive_whole};
use super::reply::{from_wire, not_durable, text};
use super::run::carry_out;
use crate::cometd;
use crate::gms_v2::{self, Action};
use crate::model::{ChatId, World};
use crate::server::app::App;
use crate::server::serve::peer;
use crate::wire;

/// Answers one request to the broker, at once or when there is news.
pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let address = peer(&request);
    let mut request = match receive_whole(request).await {
        Ok(request) => request,
        Err(BodyError::TooLarge) => return text(413, "the body is too large\n"),
        Err(BodyError::Broken) => return text(400, "the body is broken\n"),
    };
    // The middleware in `cors` answers pages of other origins, for all dialects.
    request.headers.retain(|(name, _)| name != "origin");
    let (name, chat) = app.peek_broker(|broker, world| broker.operation(world, &request));
    let asked = BrokerRequest {
        name,
        chat,
        request,
        address,
    };
    carry_out(&app, asked).await
}

/// Answers an operation on files: the form has to be read before anybody knows which.
pub(super) async fn files(State(app): State<Arc<App>>, request: Request) -> Response {
    let address = peer(&request);
    let (head, body) = request.into_parts();
    if head.method != "POST" {
        return from_wire(gms_v2::wrong_method());
    }
    let upload = gms_v2::Call {
        action: Action::Upload(ChatId::new("")),
        ..cometd::some_call()
    };
    let received = match receive(&app, &head.headers, &upload, body).await {
        Ok(received) => received,
        Err(error) => {
            let reply = refuse(&app, &cometd::some_call(), &error).await;
            return reply.unwrap_or_else(not_durable);
        }
    };
    match app.peek(|world| cometd::file_call(world, &received.form)) {
        Ok(call) => {
            let ready = FormOperation {
                call: gms_v2::Call { address, ..call },
                received: Ok(received),
            };
            carry_out(&app, ready).await
        }
        Err(reason) => {
            let reply = app.with_world(|world, _| cometd::refuse_file(world, reason));
            reply.await.map_or_else(not_durable, from_wire)
        }
    }
}

/// A request to the broker.
#[derive(Debug)]
struct BrokerRequest {
    name: &'static str,
    chat: Option<ChatId>,
    request: wire::Request,
    address: Option<IpAddr>,
}

impl Operation for BrokerRequest {
    fn name(&self) -> &'static str {
        self.name
    }

    fn chat(&self) -> Option<&ChatId> {
        self.chat.as_ref()
    }

    async fn process(&mut self, app: &App) -> Response {
        // Taken out and dropped early: a poll may be held for a minute.
        let request = std::mem::take(&mut self.request);
        let poll = app.receive(&request, self.address);
        drop(request);
        poll.reply().await.map_or_else(not_durable, from_wire)
    }

    fn try_again(&self) -> wire::Response {
        cometd::try_again(&self.request)
    }

    fn never(&self, world: &mut World) -> wire::Response {
        cometd::never(world, &self.request)
    }
}
