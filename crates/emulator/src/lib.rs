//! The chat servers that Parlour speaks to, for a developer's machine and for tests.
//!
//! Without the `server` feature this crate is pure: no sockets, no clock, no threads, and no randomness but from a seed.
//! [`model`] is one world of chats shared by all dialects; [`gms_v2::respond`], [`gms_v1::respond`] and [`gws::respond`]
//! turn the bytes of a request into the bytes of a reply over that world; [`cometd::Broker`] does so where replies may have
//! to wait for news; [`agents`] answers the visitor. The caller passes the time.
//!
//! The wire is written and read here independently of `parlour-chat`: a misreading shared by both sides would go unnoticed.
#![forbid(unsafe_code)]

pub mod agents;
pub mod cometd;
#[cfg(feature = "server")]
pub mod faults;
pub mod gms_v1;
pub mod gms_v2;
pub mod gws;
pub mod model;
#[cfg(feature = "server")]
pub mod server;
pub mod wire;

#[cfg(feature = "server")]
mod file;
mod rng;

#[cfg(feature = "server")]
pub use file::FileError;
