use serde::{Deserialize, Serialize};

use crate::Table;

/// What the contact centre is told of the page: each part under a name of user data, and none without a name.
///
/// Only the build reads this. The module in the browser has no use for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Context {
    /// Names the user data for the page's address.
    pub url: Option<String>,
    /// Names the user data for the page's title.
    pub title: Option<String>,
    /// Names the user data for the address of the page from which the visitor came.
    pub referrer: Option<String>,
    /// Names the user data for the language of the visitor's browser, for example `de-AT`.
    pub locale: Option<String>,
    /// Names the user data for the visitor's time zone, for example `Europe/Vienna`.
    pub time_zone: Option<String>,
    /// Names user data for attributes of the tag: with `cart = "Cart"`, it has the value of `data-context-cart`.
    pub data: Table<String>,
    /// Lists the parameters that addresses keep: `utm_source`. All others are removed.
    pub keep_query: Vec<String>,
    /// Keeps what stands in addresses behind `#`.
    pub keep_hash: bool,
    /// Tells address and title again when the visitor goes to another page during the chat, where the server takes
    /// it.
    pub follow: bool,
}

impl Context {
    /// Returns the parts that are told of every page, each by its key and with the name of its user data, if it has
    /// one.
    #[must_use]
    pub fn parts(&self) -> [(&'static str, Option<&str>); 5] {
        [
            ("url", self.url.as_deref()),
            ("title", self.title.as_deref()),
            ("referrer", self.referrer.as_deref()),
            ("locale", self.locale.as_deref()),
            ("time_zone", self.time_zone.as_deref()),
        ]
    }

    /// Tells whether nothing is told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.data.is_empty() && self.parts().iter().all(|(_, name)| name.is_none())
    }
}

impl Default for Context {
    fn default() -> Self {
        Self {
            url: None,
            title: None,
            referrer: None,
            locale: None,
            time_zone: None,
            data: Table::default(),
            keep_query: Vec::new(),
            keep_hash: false,
            follow: true,
        }
    }
}
