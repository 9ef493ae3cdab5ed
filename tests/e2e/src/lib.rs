//! The harness of the end-to-end tests: the real package in real browsers, against the real
//! emulator, on three origins as in production. The tests themselves are in `tests/`.
//!
//! - [`Tests`] runs them; [`Stage`] is where one plays.
//! - [`Widget`] is what the visitor sees and does, [`Agent`] what the agent does, [`Chat`] what
//!   the server has.
//! - [`DeskPage`] is what a person at the emulator's desk sees and does, [`Caller`] a visitor without the
//!   widget.
//! - [`Step`] lists what happens in a chat, [`SERVERS`] which of it each kind of server can do.
//! - Everything that is started ends with the tests, whichever way they end ([`guard`]).
#![forbid(unsafe_code)]

mod browser;
mod caller;
mod desk;
mod desk_page;
mod emulator;
pub mod guard;
mod run;
mod setting;
mod site;
mod stage;
mod steps;
mod tenant;
mod tour;
mod wait;
mod widget;

pub use browser::{Browser, Engine, Installed};
pub use caller::{Caller, Told};
pub use desk::{Agent, Chat, Desk, End, Event, File, Sender, Visitor};
pub use desk_page::{DeskPage, Entry, Row, SeenDesk};
pub use emulator::Emulator;
pub use run::Tests;
pub use setting::Setting;
pub use site::{Page, Site};
pub use stage::Stage;
pub use steps::{SERVERS, Server, Step, table};
pub use tour::tour;
pub use wait::until;
pub use widget::{Composer, Field, Form, Launcher, Line, Seen, Status, Widget};
