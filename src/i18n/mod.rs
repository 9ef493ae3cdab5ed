//! Words, numbers, dates: everything that differs between languages.
//!
//! No visible text stands in code. English is part of the module; a tenant may replace any text and
//! bring other languages.

mod context;
mod direction;
mod format;
mod keys;
mod refusal;
mod texts;

pub(crate) use context::{I18n, use_i18n};
pub use direction::is_right_to_left;
pub use keys::{Count, Text};
pub use refusal::{FileSubject, Subject};
pub use texts::Texts;
