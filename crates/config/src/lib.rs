//! A tenant's configuration: who answers, what the visitor is asked, how the widget looks and
//! behaves.
//!
//! A tenant is one TOML file. It is read twice:
//!
//! - **At build time** (feature `build`) the file is parsed, every mistake is reported at once with
//!   its place, and the run-time JSON is written.
//! - **At run time**, in the visitor's browser, [`Config::from_json`] reads that JSON. It is the
//!   only reader in the WASM build: it goes through a tree of `serde_json` by hand, because the readers
//!   that serde derives from the same types would cost every visitor more bytes.
//!
//! Everything in a tenant's file reaches every visitor's browser: it is no place for secrets.
#![forbid(unsafe_code)]

mod attention;
#[cfg(feature = "build")]
pub mod build;
mod config;
mod contact;
#[cfg(feature = "build")]
mod context;
#[cfg(feature = "build")]
mod display;
#[cfg(feature = "build")]
mod embed;
mod error;
mod features;
mod form;
#[cfg(feature = "build")]
mod hours;
mod launcher;
mod localized;
#[cfg(feature = "build")]
mod message;
mod pace;
mod privacy;
mod rules;
mod run_time;
mod server;
mod survey;
mod table;
mod theme;

pub use attention::Attention;
pub use config::Config;
pub use contact::Contact;
#[cfg(feature = "build")]
pub use context::Context;
#[cfg(feature = "build")]
pub use display::{OpenAs, OpenOnce, Rules};
#[cfg(feature = "build")]
pub use embed::{Embed, Frame};
pub use error::ConfigError;
pub use features::Features;
pub use form::{Choice, Field, FieldKind, Form, Role};
#[cfg(feature = "build")]
pub use hours::{Hours, Span, WhenClosed};
pub use launcher::{Corner, Icon, Launcher, Offset};
pub use localized::Localized;
#[cfg(feature = "build")]
pub use message::{Ask, Message};
pub use pace::Pace;
pub use privacy::{BeforeChat, KeepChat, Mask, Privacy};
pub use server::{Credentials, Dialect, Reads, Server};
pub use survey::Survey;
pub use table::Table;
pub use theme::{Scheme, Theme};
