//! Uploads by `XMLHttpRequest`: `fetch` does not tell how far an upload is.

use gloo_events::EventListener;
use js_sys::{Function, Promise};
use parlour_chat::{Failure, Request, Response};
use parlour_config::Credentials;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, FormData, ProgressEvent, XmlHttpRequest};

use super::fetch::{self, MAX_TEXT, Options};

/// Makes an upload and tells `progress` the bytes sent so far and in all.
pub(super) async fn send(
    request: &Request,
    body: &FormData,
    options: &Options,
    signal: Option<AbortSignal>,
    progress: impl Fn(u64, u64) + 'static,
) -> Result<Response, Failure> {
    let xhr = open(request, options).map_err(|_| Failure::Unreachable)?;
    let _progress = xhr.upload().ok().map(|upload| {
        EventListener::new(&upload, "progress", move |event| {
            let event: &ProgressEvent = event.unchecked_ref();
            progress(event.loaded() as u64, event.total() as u64);
        })
    });
    let _abort = signal.map(|signal| {
        let xhr = xhr.clone();
        EventListener::new(&signal, "abort", move |_| _ = xhr.abort())
    });
    let ended = promise_end(&xhr);
    xhr.send_with_opt_form_data(Some(body))
        .map_err(|_| Failure::Unreachable)?;
    JsFuture::from(ended)
        .await
        .map_err(|_| Failure::Unreachable)?;

    // Whatever the reason, an XHR without an answer has status 0.
    match xhr.status() {
        Err(_) | Ok(0) => Err(Failure::Unreachable),
        Ok(status) => Ok(Response {
            status,
            retry_after: retry_after(&xhr, status),
            body: text(&xhr),
        }),
    }
}

fn open(request: &Request, options: &Options) -> Result<XmlHttpRequest, JsValue> {
    let xhr = XmlHttpRequest::new()?;
    xhr.open_with_async(request.method, &request.url, true)?;
    xhr.set_with_credentials(options.credentials == Credentials::Include);
    for (name, value) in &request.headers {
        xhr.set_request_header(name, value)?;
    }
    Ok(xhr)
}

/// Makes a promise of the request's end, good or bad.
fn promise_end(xhr: &XmlHttpRequest) -> Promise {
    Promise::new(&mut |resolve: Function, _| xhr.set_onloadend(Some(&resolve)))
}

/// Reads `Retry-After` where it matters: browsers log an error for a header that is not exposed.
fn retry_after(xhr: &XmlHttpRequest, status: u16) -> Option<std::time::Duration> {
    let value = match status {
        429 | 503 => xhr.get_response_header("retry-after").ok()?,
        _ => None,
    };
    value.and_then(|value| fetch::retry_after(&value))
}

fn text(xhr: &XmlHttpRequest) -> String {
    let text = xhr.response_text().ok().flatten().unwrap_or_default();
    if text.len() as u64 <= MAX_TEXT {
        text
    } else {
        String::new()
    }
}
