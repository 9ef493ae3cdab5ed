use serde::{Deserialize, Serialize};

/// The limits of what is kept in the visitor's browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Privacy {
    /// Says where what the visitor fills in is kept before the chat begins.
    pub before_chat: BeforeChat,
}

/// The places where the visitor's answers are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BeforeChat {
    /// Keeps it in the tab's session storage: it survives a reload, not the tab. Ticks of agreement are
    /// not kept.
    #[default]
    Session,
    /// Keeps it in memory: a reload forgets it.
    Memory,
}
