//! Two clocks that must not be mixed.

use core::ops::{Add, Sub};
use core::time::Duration;

/// A point on the monotonic clock, in milliseconds since an arbitrary start (in a browser:
/// `performance.now()`). For waiting; means nothing after a reload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub u64);

impl Moment {
    /// A moment that does not come.
    pub(crate) const NEVER: Self = Self(u64::MAX);

    /// Tells how long ago `earlier` was; zero if it lies ahead.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    fn add(self, wait: Duration) -> Self {
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(millis))
    }
}

impl Sub<Duration> for Moment {
    type Output = Self;

    fn sub(self, wait: Duration) -> Self {
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        Self(self.0.saturating_sub(millis))
    }
}

/// A time of day, in milliseconds since 1970-01-01T00:00Z. For showing; may jump either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallTime(pub i64);

impl WallTime {
    /// Reads milliseconds from outside. Returns `None` beyond what ECMAScript's dates can hold, where
    /// browsers throw instead of formatting.
    #[must_use]
    pub fn from_outside(millis: i64) -> Option<Self> {
        const FARTHEST: i64 = 8_640_000_000_000_000;
        (-FARTHEST..=FARTHEST)
            .contains(&millis)
            .then_some(Self(millis))
    }
}

/// The readings of both clocks when an input arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// The monotonic clock.
    pub moment: Moment,
    /// The wall clock.
    pub wall: WallTime,
}
