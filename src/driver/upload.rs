use parlour_chat::{Body, Failure, Request, Response};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, File};

use super::fetch::{self, Options, Reply};
use super::xhr;

/// A request that sends a file.
pub(super) struct Upload {
    pub(super) request: Request,
    /// The file, if the page has it still.
    pub(super) file: Option<File>,
    pub(super) options: Options,
    pub(super) signal: Option<AbortSignal>,
    /// Gets the bytes that were sent so far and in all.
    pub(super) on_progress: Box<dyn Fn(u64, u64)>,
}

/// Sends a file.
pub(super) async fn send(upload: Upload) -> Result<Response, Failure> {
    let Upload {
        request,
        file,
        options,
        signal,
        on_progress,
    } = upload;
    let file = file.ok_or(Failure::FileGone)?;
    assert_readable(&file).await?;
    if signal.as_ref().is_some_and(AbortSignal::aborted) {
        // Aborted while the file was being read: no event will come any more.
        return Err(Failure::Unreachable);
    }
    if let (Body::Upload { fields, name, .. }, true) = (&request.body, options.shows_uploads()) {
        let body = fetch::multipart(fields, Some((&file, name)))?;
        return xhr::send(&request, &body, &options, signal, on_progress).await;
    }
    match fetch::send(&request, Some(&file), &options, signal, on_progress).await? {
        Reply::Text(response) | Reply::File(response, _) => Ok(response),
    }
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
