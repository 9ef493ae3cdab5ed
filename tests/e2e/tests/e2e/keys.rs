//! Keys by their WebDriver code points.

pub(crate) const ENTER: char = '\u{e007}';
