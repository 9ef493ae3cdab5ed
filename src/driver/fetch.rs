use std::time::Duration;

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use parlour_chat::{Body, Expect, Failure, Request, Response, is_page_instead};
use parlour_config::{Config, Credentials};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, File, FormData, Headers, ReadableStream, ReadableStreamDefaultReader,
    RequestCache, RequestCredentials, RequestInit,
};

/// The most text that is taken from a server, in bytes. More is no chat reply.
pub(super) const MAX_TEXT: u64 = 8 * 1024 * 1024;

#[wasm_bindgen]
extern "C" {
    /// The way of all requests to the chat server: an object that the mounting script makes.
    #[derive(Clone, Debug)]
    pub type Network;

    /// Makes a request, with the headers that the page gives. The page may have replaced the `fetch` behind it by
    /// whatever throws or returns anything.
    #[wasm_bindgen(method, catch)]
    fn send(this: &Network, request: &web_sys::Request) -> Result<JsValue, JsValue>;

    /// Tells whether the page gives headers, which only [`send`](Self::send) adds.
    #[wasm_bindgen(method)]
    fn adds_headers(this: &Network) -> bool;
}

/// What all requests have in common.
#[derive(Clone)]
pub(super) struct Options {
    network: Network,
    /// Whether cookies go along.
    pub(super) credentials: Credentials,
    upload_progress: bool,
}

impl Options {
    pub(super) fn new(config: &Config, network: Network) -> Self {
        Self {
            network,
            credentials: config.server.credentials,
            upload_progress: config.features.upload_progress,
        }
    }

    /// Tells whether uploads go by `XMLHttpRequest`, which tells how far they are.
    pub(super) fn shows_uploads(&self) -> bool {
        self.upload_progress && !self.network.adds_headers()
    }
}

/// An answer, its body read.
pub(super) enum Reply {
    Text(Response),
    /// Bytes to save, in chunks.
    File(Response, Array),
}

/// Makes a request by `fetch`. `progress` gets how far the answer is: bytes so far and in all (0 where
/// the server does not say).
pub(super) async fn send(
    request: &Request,
    file: Option<&File>,
    options: &Options,
    signal: Option<AbortSignal>,
    progress: impl Fn(u64, u64),
) -> Result<Reply, Failure> {
    let request_to_send = build(request, file, options, signal.as_ref())?;
    let response = fetch(request_to_send, &options.network).await?;
    let header = |name: &str| response.headers().get(name);
    let total = header("content-length")
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    let mut answer = Response {
        status: response.status(),
        retry_after: header("retry-after").and_then(|value| retry_after(&value)),
        body: String::new(),
    };
    let chunks = Array::new();
    if let (Expect::File { name }, 200) = (&request.expect, answer.status) {
        let kind = header("content-type").unwrap_or_default();
        if is_page_instead(name, &kind) {
            return Err(Failure::Unreachable);
        }
        read_chunks(&response, |chunk, done| {
            chunks.push(chunk);
            progress(done, total);
            true
        })
        .await?;
        return Ok(Reply::File(answer, chunks));
    }
    let mut bytes = Vec::new();
    let whole = read_chunks(&response, |chunk, done| {
        let fits = done <= MAX_TEXT;
        if fits {
            bytes.extend(chunk.to_vec());
            progress(done, total);
        }
        fits
    })
    .await?;
    // Text over the limit is handed in as empty: neither is a chat reply.
    if whole {
        answer.body = String::from_utf8_lossy(&bytes).into_owned();
    }
    Ok(Reply::Text(answer))
}

/// Builds a request. Not by gloo's builder: it takes every address apart and panics on a header that
/// the browser refuses.
fn build(
    request: &Request,
    file: Option<&File>,
    options: &Options,
    signal: Option<&AbortSignal>,
) -> Result<gloo_net::http::Request, Failure> {
    let init = RequestInit::new();
    init.set_method(request.method);
    init.set_headers_headers(&headers(request)?);
    init.set_signal(signal);
    if request.method == "GET" {
        // POSTs are never answered from a cache, and with a cache mode Chromium asks for a preflight
        // before each of them.
        init.set_cache(RequestCache::NoStore);
    }
    init.set_credentials(match options.credentials {
        Credentials::Omit => RequestCredentials::Omit,
        Credentials::Include => RequestCredentials::Include,
    });
    if let Some(body) = body(&request.body, file)? {
        init.set_body(&body);
    }
    let built = web_sys::Request::new_with_str_and_init(&request.url, &init);
    Ok(built.map_err(|_| Failure::Unreachable)?.into())
}

/// Returns a reader of a stream. Throws, and is caught, where the page reads the stream already.
fn get_reader(stream: &ReadableStream) -> Result<ReadableStreamDefaultReader, JsValue> {
    let method: Function = Reflect::get(stream, &"getReader".into())?.dyn_into()?;
    Ok(method.call0(stream)?.unchecked_into())
}

/// Sends a request. What the page's `fetch` throws and returns is checked here, since gloo's own
/// `send` panics on anything but a response or an error.
async fn fetch(
    request: gloo_net::http::Request,
    network: &Network,
) -> Result<gloo_net::http::Response, Failure> {
    let sent = network.send(&request.into());
    let returned = sent.map_err(|_| Failure::Unreachable)?;
    let answer = JsFuture::from(Promise::resolve(&returned)).await;
    let response: web_sys::Response = answer
        .and_then(JsCast::dyn_into)
        .map_err(|_| Failure::Unreachable)?;
    Ok(response.into())
}

/// Reads a body chunk by chunk, until it ends or `take` wants no more; tells which.
async fn read_chunks(
    response: &gloo_net::http::Response,
    mut take: impl FnMut(&Uint8Array, u64) -> bool,
) -> Result<bool, Failure> {
    let Some(stream) = response.body() else {
        return Ok(true);
    };
    let reader = get_reader(&stream).map_err(|_| Failure::Unreachable)?;
    let mut done = 0;
    loop {
        let result = JsFuture::from(reader.read())
            .await
            .map_err(|_| Failure::Unreachable)?;
        let field = |name: &str| Reflect::get(&result, &JsValue::from_str(name));
        let value = field("value")
            .ok()
            .and_then(|value| value.dyn_into::<Uint8Array>().ok());
        let Some(chunk) = value else { return Ok(true) };
        done += u64::from(chunk.length());
        if !take(&chunk, done) {
            // The rest is not wanted, and nobody waits for the cancellation.
            drop(reader.cancel());
            return Ok(false);
        }
    }
}

/// Makes a request's headers. The browser refuses those that a tenant has misspelt; nothing is sent then.
fn headers(request: &Request) -> Result<Headers, Failure> {
    let headers = Headers::new().map_err(|_| Failure::Unreachable)?;
    for (name, value) in &request.headers {
        headers.set(name, value).map_err(|_| Failure::Unreachable)?;
    }
    let kind = match request.body {
        Body::Form(_) => "application/x-www-form-urlencoded",
        Body::Json(_) => "application/json",
        // The browser writes a part's boundary itself.
        _ => return Ok(headers),
    };
    headers
        .set("content-type", kind)
        .map_err(|_| Failure::Unreachable)?;
    Ok(headers)
}

fn body(body: &Body, file: Option<&File>) -> Result<Option<JsValue>, Failure> {
    match body {
        Body::Empty => Ok(None),
        Body::Form(text) => Ok(Some(JsValue::from_str(text))),
        Body::Json(text) => Ok(Some(JsValue::from_str(text))),
        Body::Parts(fields) => Ok(Some(multipart(fields, None)?.into())),
        Body::Upload { fields, name, .. } => {
            let file = file.ok_or(Failure::FileGone)?;
            Ok(Some(multipart(fields, Some((file, name)))?.into()))
        }
    }
}

/// Makes a body of parts: the fields in order, then the file as part `file` under its name, if there is one.
pub(super) fn multipart(
    fields: &[(String, String)],
    file: Option<(&File, &str)>,
) -> Result<FormData, Failure> {
    let fill = || {
        let form = FormData::new()?;
        for (key, value) in fields {
            form.append_with_str(key, value)?;
        }
        if let Some((file, name)) = file {
            form.append_with_blob_and_filename("file", file, name)?;
        }
        Ok(form)
    };
    fill().map_err(|_: JsValue| Failure::FileGone)
}

/// Reads `Retry-After`: seconds, or a date.
pub(super) fn retry_after(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let millis = js_sys::Date::parse(value) - js_sys::Date::now();
    // Not a date: NaN, and no comparison with it holds.
    (millis >= 0.0).then(|| Duration::from_millis(millis as u64))
}
