//! Where the widget meets the page: mounting into a shadow root, style sheets, removal.

mod cover;
mod mount;
mod panic;
mod scheme;
mod styles;
mod viewport;

pub use mount::{Handle, MountOptions, mount};
pub use panic::start;
