//! The whole system, as a visitor and an agent see it.

mod harness;
mod keys;
mod story;

use std::process::ExitCode;

use parlour_e2e::Tests;

fn main() -> ExitCode {
    let mut tests = match Tests::begin() {
        Ok(tests) => tests,
        Err(code) => return code,
    };
    harness::add(&mut tests);
    story::add(&mut tests);
    tests.run()
}
