//! Agents that answer by themselves: the vendor's automatic agent, or a scenario.
//!
//! The [`Director`] is pure: it acts on a [`World`](crate::model::World) when [`tick`](Director::tick) is called and says when it wants to be
//! called next. The state of a chat's script is kept with the chat, so that a restarted server goes on where it was.

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
