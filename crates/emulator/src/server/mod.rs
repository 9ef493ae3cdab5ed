//! The program: sockets, clock and disk around the pure parts.

mod app;
mod args;
mod arriving;
mod connection;
mod exchange;
mod feed;
mod http;
mod line;
mod polls;
mod serve;
mod start;
mod store;
mod uploads;

pub use args::{Api, Args, Level, Preview};
pub use start::{Running, StartError, start};
pub use store::StoreError;
