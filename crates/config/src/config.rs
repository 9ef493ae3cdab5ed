use serde::{Deserialize, Serialize};

use crate::{Attention, Features, Form, Launcher, Pace, Privacy, Server, Table, Theme};

/// One tenant's configuration: everything that differs between two sites that use the same widget.
///
/// Unknown keys are ignored at run time, so that a newer file does not break an older module; at
/// build time they are mistakes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
pub struct Config {
    /// Names the tenant. Snapshots, storage keys and file names carry it: lower-case letters,
    /// digits and hyphens.
    pub tenant: String,
    /// The chat server's address, and how to talk to it.
    pub server: Server,
    /// The questions to the visitor before the chat begins.
    #[serde(default)]
    pub form: Form,
    /// Changes the look.
    #[serde(default)]
    pub theme: Theme,
    /// Replaces words of the widget: locale, then text key, then the words.
    #[serde(default)]
    pub texts: Table<Table<String>>,
    /// Fixes the language, for example `de` or `pt-BR`. Absent: the page's language, then the
    /// browser's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Switches abilities on and off.
    #[serde(default)]
    pub features: Features,
    /// Chooses how a visitor who looks elsewhere learns that something is new.
    #[serde(default)]
    pub attention: Attention,
    /// Sets how often the server is asked and how long is waited for it.
    #[serde(default)]
    pub pace: Pace,
    /// The limits of what is kept in the visitor's browser.
    #[serde(default)]
    pub privacy: Privacy,
    /// Places and labels the button that opens the chat.
    #[serde(default)]
    pub launcher: Launcher,
}
