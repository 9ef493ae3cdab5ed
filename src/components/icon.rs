use leptos::prelude::*;

/// A picture drawn in one stroke on a 24 by 24 grid, as SVG path data. Constants, and no enumeration: a drawing is in
/// the file of those who use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Drawing(&'static str);

impl Drawing {
    // The loader paints the launcher with the same two (`crates/packager/src/scripts/launcher.rs`).
    pub(super) const CHAT: Self = Self("M4 5h16v11H9l-5 4z");
    pub(super) const QUESTION: Self =
        Self("M9 9a3 3 0 1 1 4.5 2.6c-.9.5-1.5 1.2-1.5 2.4M12 18h.01");
    pub(super) const DOWN: Self = Self("m6 9.5 6 6 6-6");
    pub(super) const CLOSE: Self = Self("m6 6 12 12M18 6 6 18");
    pub(super) const MORE: Self = Self("M5 12zm7 0zm7 0z");
    pub(super) const SEND: Self = Self("M12 19V5.5M5.5 12 12 5.5l6.5 6.5");
    pub(super) const CLIP: Self = Self(
        "m20 11.3-8.2 8.2a5.2 5.2 0 0 1-7.4-7.4l8.3-8.2a3.5 3.5 0 0 1 4.9 4.9l-8.2 8.2a1.7 1.7 0 0 1-2.5-2.4l7.6-7.6",
    );
    pub(super) const FILE: Self = Self("M13.5 3.5h-7v17h11v-13zm0 0v4h4");
    pub(super) const SAVE: Self = Self("M12 4v11m-5-4.5 5 5 5-5M5 20h14");
    pub(super) const PRINT: Self = Self("M7 8V4h10v4M7 17H4V8.5h16V17h-3M7 14h10v6H7z");
    pub(super) const COPY: Self = Self("M9 9h11v11H9zM15 9V4H4v11h5");
    pub(super) const DELETE: Self = Self("M4.5 7h15M10 7V4h4v3m3.5 0-.8 13H7.3L6.5 7");
    pub(super) const OPEN: Self = Self("M14 5h5v5m0-5-8 8m6 1.5V19H5V7h4.5");
    pub(super) const CHECK: Self = Self("m5 12.5 4.5 4.5L19 7.5");
    pub(super) const ALERT: Self = Self("M12 8v5m0 3.5h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z");
    pub(super) const PERSON: Self =
        Self("M12 12.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0");
    pub(super) const BOT: Self = Self("M5 9h14v10H5zM12 9V5M9.5 13v2M14.5 13v2");
    pub(super) const SHIELD: Self = Self("M12 3.5 5 6v5.5c0 4.5 3 7.5 7 9 4-1.5 7-4.5 7-9V6z");
    pub(super) const PAGE: Self = Self(
        "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3.5 9.5h17m-17 5h17M12 3c-5 5-5 13 0 18 5-5 5-13 0-18z",
    );

    /// Returns the stroke.
    pub(super) fn path(self) -> &'static str {
        self.0
    }
}

/// A drawing in the colour of the text around it. It says nothing to a screen reader: what it stands
/// in has a name.
#[component]
pub(super) fn Icon(drawing: Drawing) -> impl IntoView {
    view! { class = "w",
        <svg class="icon" width="24" height="24" aria-hidden="true" viewBox="0 0 24 24">
            <path d=drawing.path()></path>
        </svg>
    }
}
