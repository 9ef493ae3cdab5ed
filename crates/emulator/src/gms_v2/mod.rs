//! The dialect `gms-v2`: GMS Chat API Version 2 over form POSTs (protocol section 1).

mod admit;
mod error;
mod event;
mod execute;
mod files;
mod outcome;
mod reply;
mod request_chat;
mod route;

pub use execute::execute;
pub use files::download_failed;
#[cfg(feature = "server")]
pub(crate) use files::file_head;
pub use outcome::{Contents, Outcome, Upload};
pub use reply::{broken_form, never, too_large, try_again};
pub(crate) use reply::{news, no_chat, refused};
pub use route::{Action, Call, Route, route};

use crate::model::{Blobs, World};
use crate::wire::{Form, Request, Response, allow_origin};

/// Answers one request, whole. The contents of files are kept in [`World::contents_mut`].
pub fn respond(world: &mut World, request: &Request, now_ms: i64) -> Response {
    let mut response = match route(&request.method, &request.path) {
        Route::Preflight => Response::empty(204),
        Route::Unknown => not_found(),
        Route::WrongMethod => wrong_method(),
        Route::Call(call) => match Form::parse(request) {
            Ok(form) => answer(world, &call, form, now_ms),
            Err(error) => broken_form(world, &call, &error),
        },
    };
    allow_origin(request, &mut response);
    response
}

/// Answers a request for a path that nothing is served at.
pub fn not_found() -> Response {
    Response::with_body(404, "text/plain;charset=UTF-8", b"no such page\n".to_vec())
}

/// Answers a request that is no POST.
pub fn wrong_method() -> Response {
    Response::with_body(
        405,
        "text/plain;charset=UTF-8",
        b"only POST is served here\n".to_vec(),
    )
    .header("Allow", "POST, OPTIONS")
}

/// Carries out an operation whose form is whole in memory.
pub(crate) fn answer(world: &mut World, call: &Call, mut form: Form, now_ms: i64) -> Response {
    let file = form.file.take();
    let upload = file.as_ref().map(|file| Upload {
        name: file.name.clone(),
        content_type: file.content_type.clone(),
        size: file.bytes.len() as u64,
    });
    let mut outcome = execute(world, call, &form, upload, now_ms);
    match outcome.contents {
        Contents::Untouched => {}
        Contents::Keep(id) => {
            let bytes = file.map(|f| f.bytes).unwrap_or_default();
            // This cannot fail: the store is in memory.
            let _ = world.contents_mut().put(&id, &bytes);
        }
        Contents::Remove(id) => world.contents_mut().remove(&id),
        Contents::Send(id) => match world.contents_mut().contents(&id) {
            Some(bytes) => outcome.response.body = bytes.to_vec(),
            None => outcome.response = download_failed(world),
        },
    }
    outcome.response
}
