use serde::{Deserialize, Serialize};

use crate::Table;

/// The chat server's address, and how to talk to it.
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
    /// Gives what stands between the server's address and `/v2/chats` (`gws` only).
    #[cfg(feature = "gws")]
    #[serde(default = "api")]
    pub base: String,
    /// Says under which of its two names a chat is read (`gws` only).
    #[cfg(feature = "gws")]
    #[serde(default)]
    pub reads: Reads,
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

/// The APIs that servers speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Dialect {
    /// Speaks Digital Channels Chat API version 2: form posts and polling.
    #[default]
    #[serde(rename = "gms-v2")]
    GmsV2,
    /// Speaks the same, with the news pushed over CometD. Needs `credentials = "include"`: the push session
    /// is tied to the server's node by cookies.
    #[serde(rename = "gms-v2-cometd")]
    GmsV2Cometd,
    /// Speaks GMS Chat API version 1: a service first, then its chat; form posts and polling.
    #[serde(rename = "gms-v1")]
    GmsV1,
    /// Speaks the same, with the news pushed over CometD. Needs `credentials = "include"`, as all CometD.
    #[serde(rename = "gms-v1-cometd")]
    GmsV1Cometd,
    /// Speaks the customer chat of GWS (Web Services): JSON and polling. The operator gives a header
    /// `apikey` or `ContactCenterId`.
    #[serde(rename = "gws")]
    Gws,
}

impl Dialect {
    /// Lists every dialect, the default first.
    pub const ALL: [Self; 5] = [
        Self::GmsV2,
        Self::GmsV2Cometd,
        Self::GmsV1,
        Self::GmsV1Cometd,
        Self::Gws,
    ];

    /// Tells whether the news is pushed over CometD.
    #[must_use]
    pub fn is_pushed(self) -> bool {
        matches!(self, Self::GmsV2Cometd | Self::GmsV1Cometd)
    }

    /// Finds a dialect by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// Returns the name that a tenant's file and the builds of the module use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GmsV2 => "gms-v2",
            Self::GmsV2Cometd => "gms-v2-cometd",
            Self::GmsV1 => "gms-v1",
            Self::GmsV1Cometd => "gms-v1-cometd",
            Self::Gws => "gws",
        }
    }
}

/// The paths under which a `gws` server's chats are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reads {
    /// Reads `{base}/v2/chats/{id}`.
    #[default]
    Chats,
    /// Reads `{base}/v2/me/chat/{id}`.
    MeChat,
}

#[cfg(feature = "gws")]
fn api() -> String {
    "/api".into()
}

/// The use of cookies in requests to another origin.
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
