use serde::{Deserialize, Serialize};

/// The abilities that are switched on or off. What the server does not allow stays off all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Features {
    /// Lets the visitor send files and fetch the agent's.
    pub files: bool,
    /// Tells the agent that the visitor is typing.
    pub typing: bool,
    /// Shows the agent what the visitor types before it is sent. The server must allow it, and
    /// the visitor should know of it.
    pub typing_preview: bool,
    /// Tells the server how far the visitor has read.
    pub read_receipts: bool,
    /// Shows bold, italic, code, lists, quotes and links of Markdown in what agents and bots write. What visitors write
    /// stays as it is.
    pub markdown: bool,
    /// Lets the visitor change their name during the chat.
    pub rename: bool,
    /// Shows the progress of uploads. To another origin this costs a CORS preflight for each.
    pub upload_progress: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self {
            files: true,
            typing: true,
            typing_preview: false,
            read_receipts: false,
            markdown: false,
            rename: true,
            upload_progress: true,
        }
    }
}
