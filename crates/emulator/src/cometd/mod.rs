//! Bayeux 1.0 long polling, as CometD servers speak it (protocol sections 1b and 2): one [`Broker`] for all push sessions.
//!
//! The broker is pure. [`Broker::receive`] takes a request in and answers it at once or holds it; whenever time has passed
//! or the world may have changed, [`Broker::due`] returns the replies to polls that are held no longer. The news for a
//! session is read from the world alone, from a position in each chat that it follows: it does not matter who changed it.
//!
//! Decided here, where the sources leave room:
//! - A connect that comes together with other messages is never held, so that no reply waits for another's news.
//! - What a publish brings about goes out by the connect that is held, if there is one, or else with the publish's own
//!   reply. Whatever was new before comes before it, and its own `messages` go on from there, so that the envelopes of a
//!   chat leave out nothing, whichever `nextPosition` a client remembers.
//! - When a second connect comes, the first one is answered without news and with a pause as advice: two loops that share
//!   a session by mistake would chase each other otherwise.

mod broker;
mod files;
mod held;
mod message;
mod meta;
mod news;
mod operation;
mod options;
mod publish;
mod roster;
mod services;
mod session;

pub use broker::{Answer, Broker};
#[cfg(feature = "server")]
pub(crate) use files::{call as file_call, refuse as refuse_file, some_call};
pub use held::Ticket;
pub use operation::{never, try_again};
pub use options::Options;

/// Returns whether a percent-encoded path is one of the broker's: it is the same service at each of them.
pub fn serves(path: &str) -> bool {
    let rest = path.strip_prefix("/genesys/cometd");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
