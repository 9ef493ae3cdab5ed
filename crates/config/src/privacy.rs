use serde::{Deserialize, Serialize};

/// The limits of what is kept in the visitor's browser, and of what leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Privacy {
    /// Says where what the visitor fills in is kept before the chat begins.
    pub before_chat: BeforeChat,
    /// Says where a chat is kept until it is over: its messages, what is being written, and the keys to go on with it.
    pub chat: KeepChat,
    /// Says what is masked in what the visitor writes, before it is sent, shown to the agent or kept.
    #[serde(skip_serializing_if = "Mask::is_empty")]
    pub mask: Mask,
}

/// The numbers that are masked but for their last four characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Mask {
    /// Masks numbers of payment cards: 13 to 19 digits with a right check digit.
    pub cards: bool,
    /// Masks international bank account numbers (IBAN).
    pub ibans: bool,
}

impl Mask {
    /// Tells whether nothing is masked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The places where a chat is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeepChat {
    /// Keeps it in the site's local storage: it goes on in every tab, and after the browser was closed.
    #[default]
    Site,
    /// Keeps it in the tab's session storage: it survives a reload, not the tab. Another tab begins its own.
    Session,
    /// Keeps it in memory: a reload forgets it, and the server ends it some time later.
    Memory,
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
