//! The whole system, as a visitor and an agent see it.

mod access;
mod api;
mod attention;
mod closed;
mod coming_back;
mod content;
mod desk;
mod extras;
mod harness;
mod hosts;
mod inputs;
mod keys;
mod named_elements;
mod page_context;
mod pages;
mod panel;
mod phone;
mod print;
mod privacy;
mod servers;
mod story;
mod tabs;
mod white_label;
mod world;

use std::process::ExitCode;

use parlour_e2e::Tests;

fn main() -> ExitCode {
    let mut tests = match Tests::begin() {
        Ok(tests) => tests,
        Err(code) => return code,
    };
    harness::add(&mut tests);
    story::add(&mut tests);
    servers::add(&mut tests);
    inputs::add(&mut tests);
    pages::add(&mut tests);
    hosts::add(&mut tests);
    named_elements::add(&mut tests);
    world::add(&mut tests);
    print::add(&mut tests);
    phone::add(&mut tests);
    panel::add(&mut tests);
    extras::add(&mut tests);
    tabs::add(&mut tests);
    access::add(&mut tests);
    api::add(&mut tests);
    attention::add(&mut tests);
    coming_back::add(&mut tests);
    content::add(&mut tests);
    closed::add(&mut tests);
    privacy::add(&mut tests);
    page_context::add(&mut tests);
    desk::add(&mut tests);
    white_label::add(&mut tests);
    tests.run()
}
