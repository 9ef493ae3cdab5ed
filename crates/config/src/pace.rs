use serde::{Deserialize, Serialize};

/// Sets how often the server is asked and how long is waited for it. Times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pace {
    /// Sets the pause between two polls just after somebody did something.
    pub active_ms: u32,
    /// Sets the pause when nothing happens.
    pub quiet_ms: u32,
    /// Sets the pause while the page is hidden.
    pub hidden_ms: u32,
    /// Tells after how much silence the server drops a visitor, as its operator has set it.
    pub drop_after_ms: u32,
    /// Varies every pause by up to this part of it, in percent, so that visitors spread out.
    pub jitter_percent: u32,
    /// Sets the first pause after a failure.
    pub retry_min_ms: u32,
    /// Limits how far that pause grows with further failures.
    pub retry_max_ms: u32,
    /// Limits how long a request may take.
    pub request_timeout_ms: u32,
    /// Limits how long an upload may take.
    pub upload_timeout_ms: u32,
    /// Tells how long the server may still be working on a message whose reply was lost; it is
    /// sent again only after that.
    pub resend_window_ms: u32,
    /// Tells the agent that typing stopped after this much silence.
    pub typing_silence_ms: u32,
    /// Sets the least pause between two typing previews.
    pub preview_every_ms: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            active_ms: 3_000,
            quiet_ms: 5_000,
            hidden_ms: 15_000,
            drop_after_ms: 45_000,
            jitter_percent: 10,
            retry_min_ms: 1_000,
            retry_max_ms: 30_000,
            request_timeout_ms: 15_000,
            upload_timeout_ms: 180_000,
            resend_window_ms: 30_000,
            typing_silence_ms: 5_000,
            preview_every_ms: 10_000,
        }
    }
}
