//! Keys by their WebDriver code points.

pub(crate) const ENTER: char = '\u{e007}';
pub(crate) const BACKSPACE: char = '\u{e003}';
pub(crate) const ESCAPE: char = '\u{e00c}';
pub(crate) const TAB: char = '\u{e004}';
