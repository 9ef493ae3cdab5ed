use serde::{Deserialize, Serialize};

/// The pages on which the launcher stands.
///
/// Only the build reads this. The module in the browser has no use for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Rules {
    /// Lists the paths of the only pages with the launcher; `*` stands for anything: `/shop/*`.
    /// Empty: all pages.
    pub show_on: Vec<String>,
    /// Lists the paths of pages without the launcher, also among those of `show_on`:
    /// `/checkout/*`.
    pub hide_on: Vec<String>,
}
