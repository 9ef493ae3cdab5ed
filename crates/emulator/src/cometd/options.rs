//! The settings of the broker.

use std::time::Duration;

/// The channel of all services.
pub(super) const GENESYS: &str = "/_genesys";
/// No client has more chats at a time.
pub(super) const MAX_CHATS: usize = 100;

/// The settings of a broker. The defaults are a real server's where they are known.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long a connect is held when there is no news (60 s; protocol section 1b). A client may ask for less.
    pub longest_poll: Duration,
    /// A session without a connect for this long is forgotten (about 10 s; protocol section 1b).
    pub forget_after: Duration,
    /// No more sessions than this at a time.
    pub max_sessions: usize,
    /// Whether there are the channels of GMS version 2. What is pushed of version 1 needs none.
    pub chat_v2: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            longest_poll: Duration::from_secs(60),
            forget_after: Duration::from_secs(10),
            max_sessions: 10_000,
            chat_v2: true,
        }
    }
}
