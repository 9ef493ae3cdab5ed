//! The widget: what a visitor sees of a chat, in an open shadow root.
//!
//! ```text
//! visitor ── components ── store ── driver ── chat core ┄┄ HTTP ┄┄ server
//! ```
//!
//! Everything that can be right or wrong about a chat is decided by the core. The driver carries
//! out what the core asks for, the store turns its changes into signals, the components show them.

mod api;
mod components;
mod context;
mod driver;
mod embed;
mod i18n;
mod page_sheet;
mod store;

pub use components::{App, extras};
pub use driver::{Driver, Network, halt, install_later, settings};
pub use embed::{Handle, MountOptions, mount, start};
pub use i18n::{Count, FileSubject, Subject, Text, Texts, is_right_to_left};
pub use store::{Act, Block, Row, Store};
