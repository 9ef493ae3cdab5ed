//! The program over real sockets. One module a behaviour; nothing but loopback, ports drawn by the system.
#![cfg(feature = "server")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may fail"
)]

mod agents;
mod client_page;
mod cometd;
mod concurrency;
mod connections;
mod desk;
mod desk_changes;
mod desk_page;
mod dialects;
mod durability;
mod emulator;
mod faults;
mod flags;
mod gms_v1;
mod golden;
mod golden_cometd;
mod golden_gws;
mod golden_v1;
mod gws;
mod http;
mod logs;
mod origins;
mod sample;
mod slow;
mod uploads;
