use serde::{Deserialize, Serialize};

/// The widget's place in a page: by which name scripts call it, and when it lives in a frame.
///
/// Only the build reads this. The module in the browser has no use for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Embed {
    /// Names the global function by which the page's scripts talk to the widget. Absent: the
    /// tenant's name in capitals and `Chat`, `AcmeShopChat` for `acme-shop`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[A-Za-z_$][A-Za-z0-9_$]*$"), length(max = 60))]
    pub api_name: Option<String>,
    /// Names the element by which a page may have the chat, with the package's `element.js`. Absent: the API's name in
    /// small letters with hyphens between its words, and `-chat` at its end: `acme-help-chat` for `AcmeHelp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)+$"), length(max = 60))]
    pub element: Option<String>,
    /// Says when the chat runs in an iframe from the origin of its files.
    pub frame: Frame,
    /// Lists the origins of the pages that may hold that iframe, beside the origin of the files:
    /// `https://shop.example`, or `https://*.shop.example` for every sub-domain.
    pub allowed_origins: Vec<String>,
    /// Names the domain whose sub-domains share a chat: `shop.example`. A cookie marks there that one goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cookie_domain: Option<String>,
}

/// The times at which the chat runs in an iframe.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Frame {
    /// Where the page's policy forbids WebAssembly.
    #[default]
    Auto,
    /// On every page: the page's scripts cannot read the chat.
    Always,
    /// On no page. Where the policy forbids WebAssembly there is no chat.
    Never,
}
