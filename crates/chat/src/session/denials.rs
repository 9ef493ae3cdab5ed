//! The count of replies that deny what is known of the transcript.

/// Denials in a row after which the transcript is read from its start. The number doubles each time, up to the most:
/// a server that is wrong for ever is not asked for everything again and again.
const FIRST_DENIALS: u32 = 2;
const MOST_DENIALS: u32 = 16;

/// The replies that denied what is known of the transcript.
#[derive(Clone, Debug)]
pub(super) struct Denials {
    pub(super) in_a_row: u32,
    /// How many of them have the transcript read from its start.
    enough: u32,
    /// Whether it is being read from its start because of them.
    pub(super) is_rereading: bool,
}

impl Default for Denials {
    fn default() -> Self {
        Self {
            in_a_row: 0,
            enough: FIRST_DENIALS,
            is_rereading: false,
        }
    }
}

impl Denials {
    /// Forgets those that came before another tab led: it has moved the position since.
    pub(super) fn begin_anew(&mut self, is_rereading: bool) {
        self.in_a_row = 0;
        self.is_rereading = is_rereading;
    }

    /// Tells whether there are enough of them to read the transcript from its start. If so, they are counted anew,
    /// and next time it takes more.
    pub(super) fn use_up(&mut self) -> bool {
        let is_enough = self.in_a_row >= self.enough;
        if is_enough {
            self.in_a_row = 0;
            self.enough = (self.enough * 2).min(MOST_DENIALS);
        }
        is_enough
    }
}
