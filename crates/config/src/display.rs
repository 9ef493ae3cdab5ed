use serde::{Deserialize, Serialize};

/// The pages on which the launcher stands, and when the panel opens by itself.
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
    /// Opens the panel after this many seconds on a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 3600))]
    pub open_after_s: Option<u16>,
    /// Opens the panel when the mouse leaves the page for the browser's tabs and address.
    pub open_on_exit: bool,
    /// Says what these two open.
    pub open_as: OpenAs,
    /// Says how often these two open it.
    pub open_once: OpenOnce,
}

/// What opens by itself.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OpenAs {
    /// The panel.
    #[default]
    Panel,
    /// A few words beside the launcher (`invite.text`), which open the panel when they are pressed: on phones, too.
    Invitation,
}

/// The times after which the panel may open by itself again.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OpenOnce {
    /// Once for each visitor: the site's local storage has a mark.
    #[default]
    Visitor,
    /// Once in each tab, until it is closed: its session storage has a mark.
    Session,
}
