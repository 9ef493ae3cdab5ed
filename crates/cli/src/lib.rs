//! What the program `parlour` can do, for `cargo xtask` too.
#![forbid(unsafe_code)]

pub mod probe;
mod programs;

pub use programs::find;
