use serde::{Deserialize, Serialize};

/// The place and the label of the button that opens the chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Launcher {
    /// Chooses the corner of the window.
    pub corner: Corner,
    /// Sets the distance from that corner.
    pub offset: Offset,
    /// Names the text key of the label: shown if there is no icon, read aloud otherwise.
    pub label: String,
    /// Chooses the picture.
    pub icon: Icon,
    /// Names an SVG file of shapes in one colour, beside this file, to be shown instead.
    // In the run-time JSON it is the path data of the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

impl Default for Launcher {
    fn default() -> Self {
        Self {
            corner: Corner::default(),
            offset: Offset::default(),
            label: "launcher.label".into(),
            icon: Icon::default(),
            image: None,
        }
    }
}

/// A corner of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Corner {
    /// Bottom right.
    #[default]
    BottomRight,
    /// Bottom left.
    BottomLeft,
    /// Top right.
    TopRight,
    /// Top left.
    TopLeft,
}

/// A distance from a corner, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Offset {
    /// Counts from the left or right edge.
    #[cfg_attr(feature = "build", schemars(range(min = 0, max = 1_000)))]
    pub x: u16,
    /// Counts from the upper or lower edge.
    #[cfg_attr(feature = "build", schemars(range(min = 0, max = 1_000)))]
    pub y: u16,
}

impl Default for Offset {
    fn default() -> Self {
        Self { x: 20, y: 20 }
    }
}

/// The launcher's picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Icon {
    /// Shows a speech bubble.
    #[default]
    Chat,
    /// Shows a question mark.
    Question,
    /// Shows the label instead of a picture.
    None,
}
