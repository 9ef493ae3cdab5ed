use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ValidityState};

#[wasm_bindgen]
extern "C" {
    /// What inputs, selects and text areas have in common.
    #[derive(Clone)]
    #[wasm_bindgen(extends = HtmlElement)]
    pub(super) type Control;
    #[wasm_bindgen(method, getter)]
    pub(super) fn validity(this: &Control) -> ValidityState;
    #[wasm_bindgen(method, getter)]
    pub(super) fn value(this: &Control) -> String;
    #[wasm_bindgen(method, getter)]
    pub(super) fn checked(this: &Control) -> bool;
}
