use serde::{Deserialize, Serialize};

/// The form for leaving a message where there is no chat to be had: outside of business hours, or
/// where the chat cannot be loaded or cannot run.
///
/// Only the build reads this. The module in the browser has no use for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Message {
    /// Gives the address that takes the messages: `https://…`, or a path of the page's site that
    /// begins with `/`.
    pub url: String,
    /// Says whether the form asks for a name.
    #[serde(default = "optional")]
    pub name: Ask,
    /// Says whether the form asks for an e-mail address.
    #[serde(default)]
    pub email: Ask,
}

/// What a form asks for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Asks, and takes no message without it.
    #[default]
    Required,
    /// Asks, and takes a message without it.
    Optional,
    /// Does not ask.
    None,
}

fn optional() -> Ask {
    Ask::Optional
}
