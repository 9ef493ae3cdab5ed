//! Long polling as CometD servers speak it (protocol sections 1b and 2).

mod asynchronous;
mod batches;
mod broken;
mod chat;
mod client;
mod connect;
mod files;
mod handshake;
mod life;
mod services;
mod storm;
