//! What a visitor notices of each pane. The store is fed by hand: no server, no core.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod beginning;
mod composer;
mod content;
mod form;
mod markup;
mod news;
mod panel;
mod save;
mod stage;
mod texts;
mod timeline;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
