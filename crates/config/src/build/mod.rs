//! Reads a tenant's TOML file when the widget is built: all of its mistakes at once, each with its
//! place and what was expected; and tells people and editors what such a file may hold. [`read_as`] reads other TOML
//! files in the same way.
//!
//! ```
//! use parlour_config::build::{self, Known};
//!
//! let file = "tenant = \"acme\"\n[server]\nservise = \"sales\"\n";
//! let mistakes = build::read(file, &Known::default()).unwrap_err();
//! assert_eq!(
//!     mistakes.in_file("acme.toml").to_string(),
//!     "acme.toml:2:1: server.service: missing, expected a string\n\
//!      acme.toml:3:1: server.servise: unknown key, did you mean \"service\"?\n",
//! );
//! ```

mod colour;
mod colour_names;
mod complete;
mod css;
mod duplicate;
mod known;
mod mistake;
mod neighbours;
mod oklab;
mod pattern;
mod picture;
mod place;
mod read;
mod reference;
mod rules;
mod schema;
mod suggest;
mod syntax;
mod tokens;
mod typed;
mod walk;

pub use complete::schema_for;
pub use known::{Known, Tokens};
pub use mistake::{Mistake, Mistakes};
pub use picture::{PICTURE_LIMIT, Picture, PictureKind, Pictures, ReadPicture};
pub use read::{Tenant, read, read_for, read_with};
pub use reference::{keys, reference, sections};
pub use rules::MissingTexts;
pub use schema::schema;
pub use tokens::token_reference;
pub use typed::{Notes, read_as};
