use serde::{Deserialize, Serialize};

/// The ways to tell a visitor who looks elsewhere that something is new in the chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Attention {
    /// Puts the number of unread messages and the latest one before the page's title while the page is hidden.
    pub title: bool,
    /// Shows the latest message beside the launcher while the panel is closed.
    pub preview: bool,
    /// Plays a soft sound. The visitor can mute it.
    pub sound: bool,
    /// Offers the browser's notifications in the menu. The browser asks the visitor only when they choose them.
    pub notifications: bool,
}

impl Default for Attention {
    fn default() -> Self {
        Self {
            title: true,
            preview: true,
            sound: true,
            notifications: true,
        }
    }
}
