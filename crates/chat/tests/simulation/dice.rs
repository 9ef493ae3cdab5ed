//! Everything in a storm follows from these.

/// Seeded dice (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x5851_f42d_4c95_7f2d)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Rolls a number of `from..to`.
    pub fn within(&mut self, from: u64, to: u64) -> u64 {
        from + self.roll() % (to - from).max(1)
    }

    /// Comes true so many times in a hundred.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.roll() % 100 < percent
    }
}
