use leptos::prelude::*;

/// A picture drawn in one stroke on a 24 by 24 grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drawing {
    Chat,
    Question,
    Down,
    Close,
    More,
    Send,
    Clip,
    File,
    Save,
    Delete,
    Open,
    Check,
    Alert,
    Page,
}

impl Drawing {
    /// Returns the stroke as SVG path data.
    pub(super) fn path(self) -> &'static str {
        match self {
            // The loader paints the launcher with the same two (`crates/packager/src/scripts/launcher.rs`).
            Self::Chat => "M4 5h16v11H9l-5 4z",
            Self::Question => "M9 9a3 3 0 1 1 4.5 2.6c-.9.5-1.5 1.2-1.5 2.4M12 18h.01",
            Self::Down => "m6 9.5 6 6 6-6",
            Self::Close => "m6 6 12 12M18 6 6 18",
            Self::More => "M5 12zm7 0zm7 0z",
            Self::Send => "M12 19V5.5M5.5 12 12 5.5l6.5 6.5",
            Self::Clip => {
                "m20 11.3-8.2 8.2a5.2 5.2 0 0 1-7.4-7.4l8.3-8.2a3.5 3.5 0 0 1 4.9 4.9l-8.2 8.2a1.7 1.7 0 0 1-2.5-2.4l7.6-7.6"
            }
            Self::File => "M13.5 3.5h-7v17h11v-13zm0 0v4h4",
            Self::Save => "M12 4v11m-5-4.5 5 5 5-5M5 20h14",
            Self::Delete => "M4.5 7h15M10 7V4h4v3m3.5 0-.8 13H7.3L6.5 7",
            Self::Open => "M14 5h5v5m0-5-8 8m6 1.5V19H5V7h4.5",
            Self::Check => "m5 12.5 4.5 4.5L19 7.5",
            Self::Alert => "M12 8v5m0 3.5h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
            Self::Page => {
                "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3.5 9.5h17m-17 5h17M12 3c-5 5-5 13 0 18 5-5 5-13 0-18z"
            }
        }
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
