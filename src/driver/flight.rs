use parlour_chat::{Body, Expect, Failure, Request, RequestId, Response};
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, AbortSignal, File};

use super::fetch::{self, Options, Reply};
use super::later;
use super::upload::Upload;

/// A request under way. Dropping it aborts it.
pub(super) struct Flight {
    pub(super) id: RequestId,
    abort: Option<AbortController>,
}

impl Flight {
    /// Begins a request; `file` is what an upload sends. `on_progress` gets the bytes that were moved
    /// so far and in all.
    pub(super) fn start(
        request: Request,
        file: Option<File>,
        options: Options,
        on_progress: impl Fn(u64, u64) + 'static,
        on_outcome: impl FnOnce(Result<Response, Failure>) + 'static,
    ) -> Self {
        let id = request.id;
        let abort = AbortController::new().ok();
        let signal = abort.as_ref().map(AbortController::signal);
        spawn_local(async move {
            on_outcome(make_request(request, file, options, signal, on_progress).await);
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
    request: Request,
    file: Option<File>,
    options: Options,
    signal: Option<AbortSignal>,
    on_progress: impl Fn(u64, u64) + 'static,
) -> Result<Response, Failure> {
    if signal.as_ref().is_some_and(AbortSignal::aborted) {
        // Aborted before it left: no event will come any more.
        return Err(Failure::Unreachable);
    }
    let later = later::installed().filter(|_| cfg!(feature = "files"));
    if matches!(request.body, Body::Upload { .. }) {
        let later = later.ok_or(Failure::Unreachable)?;
        let on_progress = Box::new(on_progress);
        return (later.upload)(Upload {
            request,
            file,
            options,
            signal,
            on_progress,
        })
        .await;
    }
    match fetch::send(&request, None, &options, signal, on_progress).await? {
        Reply::Text(response) => Ok(response),
        Reply::File(response, chunks) => {
            if let (Some(later), Expect::File { name }) = (later, &request.expect) {
                (later.save)(&chunks, name);
            }
            Ok(response)
        }
    }
}
