//! Entry point of the module that a page loads: its start, then the loader calls `mount`.
//!
//! There is no `main` where there is no system: Rust's runtime would prepare threads and a standard
//! output that a page has not, and bring the words for their failures along.
#![cfg_attr(target_arch = "wasm32", no_main)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen::prelude::wasm_bindgen;

/// The standard library's would be three times its size.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static HEAP: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

// Also what makes the linker take in the library, whose exports are what the module is for.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen(start)]
fn start() {
    parlour::start();
}

/// Lets the workspace be built for a machine, where nothing is to be started.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
