//! The driver's dealings with the browser, with the browser's own parts replaced for a test: what
//! is sent, what is kept, what is saved.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod attention;
mod browser;
mod files;
mod requests;
mod storage;
mod tabs;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);
