//! What a script acts with, and its pace.

use std::str::FromStr;
#[cfg(feature = "server")]
use std::time::Duration;

use thiserror::Error;

use crate::model::{Blobs, Chat, ChatId, World};
use crate::rng::Rng;

/// What a script acts with: the world, the chat, the time.
pub(super) struct Stage<'a> {
    pub(super) world: &'a mut World,
    pub(super) blobs: &'a mut dyn Blobs,
    pub(super) rng: &'a mut Rng,
    pub(super) chat: &'a ChatId,
    pub(super) pace: Pace,
    pub(super) now_ms: i64,
}

impl Stage<'_> {
    /// Returns the moment that is `ms` of an agent's time from now.
    pub(super) fn due_in(&self, ms: u64) -> i64 {
        self.pace.after(self.now_ms, ms)
    }

    pub(super) fn record(&self) -> Option<&Chat> {
        self.world.chat(self.chat)
    }
}

/// How many times faster than usual agents are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace(f64);

/// The error that a number is no [`Pace`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("expected a number from {} to {}", Pace::SLOWEST, Pace::FASTEST)]
pub struct PaceError;

impl Pace {
    /// A second becomes more than a quarter of an hour: slower ones only push time spans towards the end of time.
    const SLOWEST: f64 = 0.001;
    /// A second becomes a millisecond: with faster ones spans become nothing, and what repeats never rests.
    const FASTEST: f64 = 1000.0;

    /// Takes a factor; below 1 agents are slower.
    ///
    /// # Errors
    /// When it is out of bounds, or no number at all.
    pub fn new(factor: f64) -> Result<Self, PaceError> {
        (Self::SLOWEST..=Self::FASTEST)
            .contains(&factor)
            .then_some(Self(factor))
            .ok_or(PaceError)
    }

    /// Returns the factor.
    pub fn factor(self) -> f64 {
        self.0
    }

    /// Returns an agent's time span at this pace.
    #[cfg(feature = "server")]
    pub(crate) fn quicken(self, span: Duration) -> Duration {
        // This cannot overflow: the factor is bounded, and spans are of people's length.
        span.div_f64(self.0)
    }

    /// Returns the moment that is `ms` of an agent's time after `from_ms`.
    pub(super) fn after(self, from_ms: i64, ms: u64) -> i64 {
        from_ms.saturating_add(self.scale(ms))
    }

    /// Scales a time span of an agent's.
    pub(super) fn scale(self, ms: u64) -> i64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "spans are far below 2^53 ms, and a cast of what is not saturates"
        )]
        let ms = (ms as f64 / self.0).round() as i64;
        ms
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self(1.0)
    }
}

impl FromStr for Pace {
    type Err = PaceError;

    fn from_str(text: &str) -> Result<Self, PaceError> {
        text.parse().map_err(|_| PaceError).and_then(Self::new)
    }
}
