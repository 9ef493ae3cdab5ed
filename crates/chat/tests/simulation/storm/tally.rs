//! What happened in storms, in numbers.

use std::fmt;

/// What the storms amounted to.
#[derive(Default)]
pub struct Tally {
    pub typed: u64,
    pub sent: u64,
    pub doubled: u64,
    pub reloads: u64,
    pub restarts: u64,
    pub lost_answers: u64,
    pub turned_away: u64,
    pub retried: u64,
    pub ended: u64,
    /// Tabs opened beside others, and tabs that came to lead while the chat went on.
    pub opened: u64,
    pub taken_over: u64,
}

impl Tally {
    pub fn add(&mut self, other: &Self) {
        self.typed += other.typed;
        self.sent += other.sent;
        self.doubled += other.doubled;
        self.reloads += other.reloads;
        self.restarts += other.restarts;
        self.lost_answers += other.lost_answers;
        self.turned_away += other.turned_away;
        self.retried += other.retried;
        self.ended += other.ended;
        self.opened += other.opened;
        self.taken_over += other.taken_over;
    }

    /// Whether the storms were rough enough for their result to mean something.
    pub fn is_stormy(&self) -> bool {
        std::env::var("PARLOUR_SEEDS").is_ok()
            || (self.sent > 500
                && self.reloads > 100
                && self.restarts > 50
                && self.lost_answers > 500
                && self.turned_away > 100
                && self.opened > 100
                && self.taken_over > 100)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} typed, {} on the server, {} doubled, {} turned away, {} retried, {} answers lost, {} reloads, {} restarts, {} tabs opened, {} takeovers, {} chats ended early",
            self.typed,
            self.sent,
            self.doubled,
            self.turned_away,
            self.retried,
            self.lost_answers,
            self.reloads,
            self.restarts,
            self.opened,
            self.taken_over,
            self.ended
        )
    }
}
