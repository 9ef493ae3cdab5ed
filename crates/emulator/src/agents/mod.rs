//! Who answers when nobody sits at the desk: the vendor-like automatic agent, or a scenario.
//!
//! The [`Director`] is pure: it acts on a [`World`](crate::model::World) when [`tick`](Director::tick) is called and says when it wants to be
//! called next. What it has in mind for a chat is kept with the chat, so that a restarted server goes on where it was.

mod actor;
mod automatic;
mod director;
#[cfg(feature = "server")]
mod file;
mod play;
mod scenario;
mod stage;

#[cfg(feature = "server")]
pub(crate) use actor::any_agent;
pub use director::{Cast, Director};
#[cfg(feature = "server")]
pub use file::read_scenario;
pub use scenario::{Action, Attachment, Person, Rule, Scenario, Step, Trigger, Who};
pub use stage::{Pace, PaceError};
