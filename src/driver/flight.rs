use js_sys::Array;
use parlour_chat::{Body, Expect, Failure, Request, RequestId, Response};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, AbortSignal, File};

use super::fetch::{self, Options, Reply};
use super::xhr;

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
            on_outcome(make_request(&request, file, options, signal, on_progress).await);
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
    request: &Request,
    file: Option<File>,
    options: Options,
    signal: Option<AbortSignal>,
    on_progress: impl Fn(u64, u64) + 'static,
) -> Result<Response, Failure> {
    if cfg!(feature = "files") && matches!(request.body, Body::Upload { .. }) {
        assert_readable(file.as_ref().ok_or(Failure::FileGone)?).await?;
    }
    if signal.as_ref().is_some_and(AbortSignal::aborted) {
        // Aborted before it left, or while the file was being read: no event will come any more.
        return Err(Failure::Unreachable);
    }
    if cfg!(feature = "files")
        && let (Body::Upload { fields, name, .. }, Some(file), true) =
            (&request.body, &file, options.upload_progress)
    {
        let body = fetch::multipart(fields, Some((file, name)))?;
        return xhr::send(request, &body, &options, signal, on_progress).await;
    }
    match fetch::send(request, file.as_ref(), &options, signal, on_progress).await? {
        Reply::Text(response) => Ok(response),
        Reply::File(response, chunks) if cfg!(feature = "files") => {
            Ok(save_download(request, response, &chunks))
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
