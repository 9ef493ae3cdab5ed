//! The dialect `gms-v1`: GMS Chat API Version 1, service first and chat second (protocol section 2).
//!
//! A service's id is all that a caller has to show. One service has one chat: a request to start it again
//! is answered with the same chat, because it may be repeated after a lost reply.
//!
//! **What is shown.** Messages, joining, leaving, typing, pushed URLs and custom notices; a notice for people goes out as a
//! message of whoever sent it. Files, renames, idle alerts and hidden events are left out: one client dies of unknown
//! types. What is shown is numbered without gaps, the visitor's own join being 1.
//!
//! **For pushing** (`notify_by=comet`):
//! - [`World::service`], [`World::service_of`] a chat and [`World::services_of_user`] (the header `gms_user`) find a
//!   [`Service`](crate::model::Service); its `push()` tells whether its chat is pushed, its `chat()` which one it is.
//! - [`news_after`] makes the `message` of a push with the events after a [`Position`], and the position after it.
//! - [`tag`] makes its `tag`.
//!
//! Operations on a pushed chat answer without a transcript, and ignore positions.

mod error;
mod event;
mod execute;
mod fields;
mod name;
mod reply;
mod route;
mod service;
mod time;

pub use error::{broken_body, never, not_found, too_large, try_again, wrong_method};
pub use event::Position;
pub use execute::execute;
pub use fields::{Fields, FieldsError};
pub use reply::{News, news_after, tag};
pub use route::{Action, Call, Route, ServiceAction, route};

use crate::model::World;
use crate::wire::{Request, Response, allow_origin};

/// Answers one request, whole.
pub fn respond(world: &mut World, request: &Request, now_ms: i64) -> Response {
    let mut response = match route(&request.method, &request.path) {
        Route::Preflight => Response::empty(204),
        Route::Unknown => not_found(),
        Route::WrongMethod(allow) => wrong_method(allow),
        Route::Call(action) => execute(
            world,
            &Call {
                action,
                user: user(request),
                address: None,
            },
            &Fields::read(request),
            now_ms,
        ),
    };
    allow_origin(request, &mut response);
    response
}

/// Reads whose push session a request belongs to: the header `gms_user`.
pub fn user(request: &Request) -> Option<String> {
    let user = request.header("gms_user").map(str::trim);
    user.filter(|user| !user.is_empty()).map(str::to_owned)
}
