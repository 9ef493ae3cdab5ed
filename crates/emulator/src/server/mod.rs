//! The program: sockets, clock and disk around the pure parts.

mod app;
mod args;
mod feed;
mod hang_up;
mod http;
mod polls;
mod serve;
mod start;
mod store;
mod uploads;

pub use args::{Api, Args, Level, Preview};
pub use start::{Running, StartError, start};
pub use store::StoreError;
