use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Puts a text onto the clipboard; tells whether it is there. The browser may have no clipboard for this page, or not
/// allow it: the visitor must just have clicked, and a frame must be allowed to by the page around it.
pub(crate) async fn copy(text: &str) -> bool {
    match begin(text) {
        Ok(done) => JsFuture::from(done).await.is_ok(),
        Err(_) => false,
    }
}

/// By reflection: the bindings take a clipboard for granted.
fn begin(text: &str) -> Result<Promise, JsValue> {
    let navigator = web_sys::window().ok_or(JsValue::NULL)?.navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into())?;
    let write: Function = Reflect::get(&clipboard, &"writeText".into())?.unchecked_into();
    // Fails where it is no function.
    let done = write.call1(&clipboard, &text.into())?;
    Ok(Promise::resolve(&done))
}
