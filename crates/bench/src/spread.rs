//! Percentiles of durations.

use std::time::Duration;

/// A collection of durations, for percentiles.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spread(Vec<Duration>);

impl Spread {
    pub(crate) fn note(&mut self, took: Duration) {
        self.0.push(took);
    }

    pub(crate) fn add(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// Returns the smallest duration that at least `percent` of all do not exceed (nearest rank); `None` of none.
    pub(crate) fn percentile(&self, percent: usize) -> Option<Duration> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = sorted.len().saturating_mul(percent.min(100)).div_ceil(100);
        sorted.get(rank.max(1) - 1).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(millis: impl IntoIterator<Item = u64>) -> Spread {
        Spread(millis.into_iter().map(Duration::from_millis).collect())
    }

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let spread = of((1..=200).rev());
        for (percent, value) in [(0, 1), (50, 100), (99, 198), (100, 200)] {
            let value = Some(Duration::from_millis(value));
            assert_eq!(spread.percentile(percent), value, "{percent}");
        }
    }

    #[test]
    fn one_slow_reply_in_a_few_shows_in_the_highest_percentiles() {
        let spread = of([1, 1, 1, 900]);
        assert_eq!(spread.percentile(50), Some(Duration::from_millis(1)));
        assert_eq!(spread.percentile(99), Some(Duration::from_millis(900)));
    }

    #[test]
    fn an_empty_collection_has_no_percentile() {
        assert_eq!(of([]).percentile(50), None);
        assert_eq!(of([7]).percentile(1), Some(Duration::from_millis(7)));
    }
}
