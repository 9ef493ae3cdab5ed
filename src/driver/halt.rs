use std::cell::Cell;

use wasm_bindgen::prelude::*;

thread_local! {
    static HALTED: Cell<bool> = const { Cell::new(false) };
}

/// Makes the module inert: what still comes in from timers and requests is passed over. For a
/// module that died, whose memory cannot be trusted any more.
#[wasm_bindgen]
pub fn halt() {
    HALTED.set(true);
}

/// Tells whether the module was made inert.
pub(super) fn is_halted() -> bool {
    HALTED.get()
}
