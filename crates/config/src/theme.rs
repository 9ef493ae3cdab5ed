use serde::{Deserialize, Serialize};

use crate::Table;

/// The widget's look, changed by replacing design tokens: the custom properties that `style/tokens.css`
/// defines, named without the two hyphens they begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Theme {
    /// Chooses light, dark, or what the visitor's system prefers.
    pub scheme: Scheme,
    /// Rounds the corners of panel and bubbles: a CSS length, for example `12px`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub radius: Option<String>,
    /// Names the fonts: a CSS `font-family` list. Only fonts that the page or system has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub font: Option<String>,
    /// Names a picture for the panel's head, beside this file: SVG, PNG, WebP or JPEG, 100 kB at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    /// Names a picture for the lines of agents, as `logo` does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// Replaces tokens in both schemes: token name, then CSS value.
    pub tokens: Table<String>,
    /// Replaces tokens in the light scheme only.
    pub light: Table<String>,
    /// Replaces tokens in the dark scheme only.
    pub dark: Table<String>,
}

/// A colour scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Follows the visitor's system.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}
