//! Keys by their WebDriver code points.

pub(crate) const ENTER: char = '\u{e007}';
pub(crate) const BACKSPACE: char = '\u{e003}';
pub(crate) const ESCAPE: char = '\u{e00c}';
pub(crate) const TAB: char = '\u{e004}';
pub(crate) const F2: char = '\u{e032}';
pub(crate) const F4: char = '\u{e034}';
pub(crate) const F8: char = '\u{e038}';
pub(crate) const F9: char = '\u{e039}';
