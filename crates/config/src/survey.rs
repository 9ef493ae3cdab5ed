use serde::{Deserialize, Serialize};

/// The questions to the visitor when the chat is over: a page of the tenant's, or of whoever asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Survey {
    /// Gives the page's address, which begins with `https://`. `{chat}` in it stands for the server's id of the chat,
    /// `{locale}` for the language of the widget.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Survey {
    /// Tells whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.url.is_none()
    }
}
