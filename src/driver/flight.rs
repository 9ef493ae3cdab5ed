use std::rc::Rc;

use js_sys::Array;
use parlour_chat::{Body, Expect, Failure, Request, RequestId, Response};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, AbortSignal, File};

use super::fetch::{self, Reply};
use super::{Engine, xhr};

/// A request under way. Dropping it aborts it.
pub(super) struct Flight {
    pub(super) id: RequestId,
    abort: Option<AbortController>,
}

impl Flight {
    pub(super) fn start(engine: &Rc<Engine>, request: Request) -> Self {
        let abort = AbortController::new().ok();
        let signal = abort.as_ref().map(AbortController::signal);
        let (engine, id) = (Rc::clone(engine), request.id);
        spawn_local(async move {
            let outcome = make_request(&engine, request, signal).await;
            engine.on_outcome(id, outcome);
        });
        Self { id, abort }
    }

    /// Lets go of a request whose reply was read. Aborting it now would show it as cancelled in the
    /// browser's network log.
    pub(super) fn complete(mut self) {
        self.abort = None;
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if let Some(abort) = &self.abort {
            abort.abort();
        }
    }
}

async fn make_request(
    engine: &Rc<Engine>,
    request: Request,
    signal: Option<AbortSignal>,
) -> Result<Response, Failure> {
    let file = match &request.body {
        Body::Upload { file, .. } if cfg!(feature = "files") => {
            let file = engine.files.find(*file).ok_or(Failure::FileGone)?;
            assert_readable(&file).await?;
            Some(file)
        }
        _ => None,
    };
    if signal.as_ref().is_some_and(AbortSignal::aborted) {
        // Given up before it left, or while the file was being looked at: the event has come and gone.
        return Err(Failure::Unreachable);
    }
    let progress = {
        let engine = Rc::downgrade(engine);
        let id = request.id;
        move |done, total| {
            if let Some(engine) = engine.upgrade() {
                engine.on_progress(id, done, total);
            }
        }
    };
    if cfg!(feature = "files")
        && let (Body::Upload { fields, name, .. }, Some(file), true) =
            (&request.body, &file, engine.upload_progress)
    {
        let body = fetch::multipart(fields, Some((file, name)))?;
        return xhr::send(&request, &body, &engine.requests, signal, progress).await;
    }
    match fetch::send(&request, file.as_ref(), &engine.requests, signal, progress).await? {
        Reply::Text(response) => Ok(response),
        Reply::File(response, chunks) if cfg!(feature = "files") => {
            Ok(save_download(&request, response, &chunks))
        }
        Reply::File(response, _) => Ok(response),
    }
}

fn save_download(request: &Request, response: Response, chunks: &Array) -> Response {
    if let Expect::File { name } = &request.expect {
        // What the browser refuses to save is not there to be fetched again: the visitor sees the
        // row as before and can try once more.
        _ = super::save::save(chunks, name);
    }
    response
}

/// A file may have been moved, changed or unplugged since it was chosen.
async fn assert_readable(file: &File) -> Result<(), Failure> {
    let start = file
        .slice_with_i32_and_i32(0, 1)
        .map_err(|_| Failure::FileGone)?;
    let read = start.array_buffer();
    JsFuture::from(read)
        .await
        .map(drop)
        .map_err(|_| Failure::FileGone)
}
