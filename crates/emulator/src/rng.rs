//! Seeded pseudo-randomness (SplitMix64): small, quick, the same on every machine.

/// A generator of numbers from a seed. Not for secrets: the emulator's keys only have to differ from each other.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Draws from `0..bound`; 0 for a bound of 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        // The bias of a plain remainder is far below anything a test could notice at these bounds.
        self.next_u64().checked_rem(bound).unwrap_or(0)
    }

    /// Returns true once in `n` draws on average; never for 0.
    pub(crate) fn one_in(&mut self, n: u32) -> bool {
        n != 0 && self.below(u64::from(n)) == 0
    }

    /// Draws `length` characters out of `alphabet`.
    pub(crate) fn word(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length)
            .filter_map(|_| {
                let at = self.below(alphabet.len() as u64);
                alphabet.get(usize::try_from(at).unwrap_or(0)).copied()
            })
            .map(char::from)
            .collect()
    }
}
