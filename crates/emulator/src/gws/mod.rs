//! The dialect `gws`: JSON posts, and reads by polling (protocol sections 3 and 4).
//!
//! A chat's id is all that a caller has to show, so only chats that were begun in this dialect are served: the ids of others
//! are no secret. The headers `apikey` and `ContactCenterId` are not checked.
//!
//! **What is shown.** The dialect knows five types of events. A pushed URL and a notice for people go out as a `Text` of
//! whoever sent them, so that the visitor sees them; files, renames, custom notices, idle alerts and hidden events are left
//! out. What goes out is numbered without gaps, as in the vendor's samples: clients may count. The log only grows, so an
//! event keeps its number.

mod error;
mod event;
mod execute;
mod route;

pub use error::{broken_body, never, too_large, try_again};
pub use execute::execute;
pub use route::{Action, Call, ChatRequest, EventRange, Operation, read};

use crate::model::World;
use crate::wire::{Request, Response, allow_origin};

/// Answers one request, whole.
pub fn respond(world: &mut World, request: &Request, now_ms: i64) -> Response {
    let mut response = match read(request) {
        Ok(call) => execute(world, &call, now_ms),
        Err(response) => response,
    };
    allow_origin(request, &mut response);
    response
}
