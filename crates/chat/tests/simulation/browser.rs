//! What the pages of one browser share: a lock that one of them holds, and a channel.

use std::collections::{BTreeMap, VecDeque};

#[derive(Default)]
pub struct Browser {
    /// Which page holds the lock. It may not know yet.
    pub holder: Option<u32>,
    /// Which pages wait for it.
    pub queue: VecDeque<u32>,
    /// When the last message from one page to another arrives.
    mail: BTreeMap<(u32, u32), u64>,
}

impl Browser {
    /// When a message arrives that would at this time, if none overtakes another.
    pub fn next_mail(&mut self, from: u32, to: u32, at: u64) -> u64 {
        let last = self.mail.entry((from, to)).or_default();
        *last = at.max(*last);
        *last
    }
}
