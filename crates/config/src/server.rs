use serde::{Deserialize, Serialize};

use crate::Table;

/// Says where the chat server is and how to talk to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
pub struct Server {
    /// Names the API the server speaks.
    #[serde(default)]
    pub dialect: Dialect,
    /// Gives the server's base URL, `http` or `https`, without a trailing slash, query or
    /// credentials. Empty: the origin of the page that shows the widget.
    #[serde(default)]
    pub url: String,
    /// Names the service that routes the chat, as the server's operator calls it.
    pub service: String,
    /// Adds headers to every request. Each makes the browser ask the server's permission first
    /// (a CORS preflight).
    #[serde(default)]
    pub headers: Table<String>,
    /// Says whether the browser sends its cookies for the server along.
    #[serde(default)]
    pub credentials: Credentials,
    /// Attaches data to every chat; keys and values as the server's operator wants them. A form
    /// field of the same key wins.
    #[serde(default)]
    pub user_data: Table<String>,
}

/// Names the API a server speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Dialect {
    /// Speaks Digital Channels Chat API version 2: form posts and polling.
    #[default]
    #[serde(rename = "gms-v2")]
    GmsV2,
}

/// Says whether cookies go with a request to another origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Credentials {
    /// Sends none.
    #[default]
    Omit,
    /// Sends the cookies the browser has for the server; needed behind balancers that tie a
    /// visitor to a node by cookie.
    Include,
}
