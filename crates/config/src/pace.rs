use serde::{Deserialize, Serialize};

/// The intervals at which the server is asked, and how long it is waited for. Times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Pace {
    /// Sets the pause between two polls just after somebody did something.
    #[cfg_attr(feature = "build", schemars(range(min = 50, max = 3_600_000)))]
    pub active_ms: u32,
    /// Sets the pause when nothing happens.
    #[cfg_attr(feature = "build", schemars(range(min = 50, max = 3_600_000)))]
    pub quiet_ms: u32,
    /// Sets the pause while the page is hidden.
    #[cfg_attr(feature = "build", schemars(range(min = 50, max = 3_600_000)))]
    pub hidden_ms: u32,
    /// Tells after how much silence the server drops a visitor, as its operator has set it.
    #[cfg_attr(feature = "build", schemars(range(min = 50, max = 3_600_000)))]
    pub drop_after_ms: u32,
    /// Varies every pause by up to this part of it, in percent, so that visitors spread out.
    #[cfg_attr(feature = "build", schemars(range(min = 0, max = 50)))]
    pub jitter_percent: u32,
    /// Sets the first pause after a failure.
    #[cfg_attr(feature = "build", schemars(range(min = 50, max = 3_600_000)))]
    pub retry_min_ms: u32,
    /// Limits how far that pause grows with further failures. While the page is shown it ends at 4 seconds.
    #[cfg_attr(feature = "build", schemars(range(min = 50, max = 3_600_000)))]
    pub retry_max_ms: u32,
    /// Limits how long a request may take.
    #[cfg_attr(feature = "build", schemars(range(min = 50, max = 3_600_000)))]
    pub request_timeout_ms: u32,
    /// Limits how long an upload or a download may stand still.
    #[cfg_attr(feature = "build", schemars(range(min = 50, max = 3_600_000)))]
    pub upload_timeout_ms: u32,
    /// Tells how long the server may still be working on a message whose reply was lost; it is
    /// sent again only after that.
    #[cfg_attr(feature = "build", schemars(range(min = 50, max = 3_600_000)))]
    pub resend_window_ms: u32,
    /// Tells the agent that typing stopped after this much silence.
    #[cfg_attr(feature = "build", schemars(range(min = 50, max = 3_600_000)))]
    pub typing_silence_ms: u32,
    /// Sets how often the agent sees what the visitor is typing; at a pause of a third of it, too.
    #[cfg_attr(feature = "build", schemars(range(min = 50, max = 3_600_000)))]
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
            request_timeout_ms: 10_000,
            upload_timeout_ms: 180_000,
            resend_window_ms: 30_000,
            typing_silence_ms: 5_000,
            preview_every_ms: 3_000,
        }
    }
}
