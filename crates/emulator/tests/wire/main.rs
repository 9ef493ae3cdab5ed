//! The wire and the model without sockets, on virtual time. One module a behaviour.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may fail"
)]

mod agents;
mod cometd;
mod envelope;
mod files;
mod gms_v1;
mod gws;
mod idle;
mod keys;
mod messages;
mod origins;
mod positions;
mod request_chat;
mod restart;
mod talk;
mod typing;
