//! Answers every kind of request of a chat with anything: slower, for depth.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/chat/tests/common/mod.rs"]
mod common;

fuzz_target!(|bytes: &[u8]| common::anything::as_a_reply(bytes));
