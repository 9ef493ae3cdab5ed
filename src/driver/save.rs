use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// How long a download may take to begin, in milliseconds. Browsers offer no sign of it.
const KEEP_URL: u32 = 60_000;

/// Hands downloaded bytes to the browser as a file to save, and cleans up after itself.
#[derive(Default)]
pub(super) struct Saver {
    /// Each timer owns its URL: when it fires, or is dropped, the URL goes.
    urls: RefCell<Vec<Timeout>>,
}

impl Saver {
    /// Saves chunks of bytes as a file of this name.
    ///
    /// It is never opened: as `application/octet-stream` with a `download` attribute not even HTML
    /// or SVG runs with the page's rights.
    pub(super) fn save(&self, chunks: &Array, name: &str) -> Result<(), JsValue> {
        let options = BlobPropertyBag::new();
        options.set_type("application/octet-stream");
        let blob = Blob::new_with_u8_array_sequence_and_options(chunks, &options)?;
        let url = ObjectUrl(Url::create_object_url_with_blob(&blob)?);
        let document = web_sys::window().and_then(|window| window.document());
        let anchor: HtmlAnchorElement = document
            .ok_or(JsValue::NULL)?
            .create_element("a")?
            .unchecked_into();
        anchor.set_href(&url.0);
        anchor.set_download(name);
        // Outside the document: the page's own click handlers see nothing of it.
        anchor.click();
        self.urls
            .borrow_mut()
            .push(Timeout::new(KEEP_URL, move || drop(url)));
        Ok(())
    }
}

struct ObjectUrl(String);

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        _ = Url::revoke_object_url(&self.0);
    }
}
