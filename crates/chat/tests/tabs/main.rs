//! The visitor's tabs in step: one leads and talks to the server, the others show the same.
//!
//! What else may happen, in any order, is tried by the simulation.

#![expect(unreachable_pub, reason = "a test binary has no outside")]

#[path = "../common/mod.rs"]
mod common;

mod begin_and_end;
mod browser;
mod draft;
mod join;
mod lead;
mod positions;
mod say;
mod show;
