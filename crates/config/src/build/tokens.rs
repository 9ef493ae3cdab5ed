//! What the widget's design tokens are for, in the words of `docs/configuration.md` and of editors.

use std::fmt::Write;

use super::known::Tokens;

/// Each token with its meaning, in the order in which a tenant may want to look through them.
pub(super) const MEANINGS: &[(&str, &str)] = &[
    (
        "accent",
        "Fills the launcher, the main buttons and the button that sends.",
    ),
    ("on-accent", "Text and icons on `accent`."),
    (
        "accent-line",
        "Draws the ring around what has the focus, ticks, and the progress of files.",
    ),
    ("header", "Fills the panel's head."),
    ("on-header", "The title and the icons in the panel's head."),
    (
        "on-header-variant",
        "Who one is talking to, in the panel's head.",
    ),
    ("surface", "Fills the panel, menus, dialogs and cards."),
    ("on-surface", "Text on `surface`."),
    (
        "on-surface-variant",
        "Text of less weight on `surface`: times, names, notes, icons.",
    ),
    ("bubble", "Fills the messages of others."),
    ("on-bubble", "Text on `bubble`."),
    (
        "on-bubble-variant",
        "The dots of somebody who types, and the icons of files.",
    ),
    ("mine", "Fills the visitor's messages."),
    ("on-mine", "Text on `mine`."),
    (
        "field",
        "Fills the fields of the form, and the one for messages.",
    ),
    ("on-field", "Text on `field`."),
    ("on-field-variant", "Placeholders on `field`."),
    ("field-line", "The frames of fields."),
    (
        "line",
        "Lines between parts, and the frames of cards and buttons.",
    ),
    (
        "hover",
        "Fills small buttons, and what is under the pointer.",
    ),
    (
        "danger",
        "Fills the button that ends a chat, and the number of unread messages.",
    ),
    ("on-danger", "Text on `danger`."),
    ("danger-text", "What is wrong, in words and frames."),
    ("success", "The mark on the launcher that a chat goes on."),
    (
        "notice",
        "Fills what the visitor should know: no connection, nobody there, about to close.",
    ),
    ("on-notice", "Text on `notice`."),
    ("shade", "Lies over the chat behind a question."),
    ("shadow", "The shadow of the panel, menus and dialogs."),
    ("launcher-shadow", "The shadow of the launcher."),
    ("font", "The fonts; `theme.font` is the same."),
    ("text-size", "The size of texts."),
    ("small-size", "The size of times and notes."),
    (
        "radius",
        "Rounds the panel; bubbles, fields and buttons follow it. `theme.radius` is the same.",
    ),
    (
        "launcher-size",
        "The launcher's height, and its width without words.",
    ),
    ("launcher-radius", "Rounds the corners of the launcher."),
    (
        "panel-width",
        "The panel's width, where the window has room.",
    ),
    (
        "panel-height",
        "The panel's height, where the window has room.",
    ),
    ("gap", "The distance between launcher and panel."),
    ("quick", "How long colours take to change."),
    ("calm", "How long the panel takes to open."),
];

/// Returns what a token is for.
pub(super) fn meaning(name: &str) -> Option<&'static str> {
    let found = MEANINGS.iter().find(|(token, _)| *token == name);
    found.map(|(_, meaning)| *meaning)
}

/// Writes the design tokens as Markdown: the usual value of each, in both schemes, and what it is for.
#[must_use]
pub fn token_reference(tokens: &Tokens) -> String {
    let mut page = String::from("| token | light | dark | meaning |\n|---|---|---|---|\n");
    for (name, meaning) in MEANINGS {
        let light = tokens.light.get(*name).map_or("", String::as_str);
        let dark = tokens.dark.get(*name).map_or(light, String::as_str);
        // Writing to a string does not fail.
        let _ = if dark == light {
            writeln!(page, "| `{name}` | `{light}` | the same | {meaning} |")
        } else {
            writeln!(page, "| `{name}` | `{light}` | `{dark}` | {meaning} |")
        };
    }
    page
}
