use gloo_timers::callback::Timeout;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// How long a download may take to begin, in milliseconds. Browsers do not tell when it has begun.
const KEEP_URL: u32 = 60_000;

/// Hands chunks of bytes or texts to the browser as a file of this name to save.
///
/// It is never opened: as `application/octet-stream` with a `download` attribute not even HTML or SVG
/// runs with the page's rights.
pub(crate) fn save(chunks: &Array, name: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    let blob = Blob::new_with_blob_sequence_and_options(chunks, &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let document = web_sys::window().and_then(|window| window.document());
    let anchor: HtmlAnchorElement = document
        .ok_or(JsValue::NULL)?
        .create_element("a")?
        .unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    // Outside the document: the page's own click handlers see nothing of it.
    anchor.click();
    // It outlives the widget: an unmounted one must not cut a download short.
    Timeout::new(KEEP_URL, move || _ = Url::revoke_object_url(&url)).forget();
    Ok(())
}
