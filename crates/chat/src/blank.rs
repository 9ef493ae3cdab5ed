//! Texts that show nothing.

/// Tells whether nothing of a text can be seen: it holds blanks, control characters, and marks or letters without
/// a shape alone.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || c.is_control() || has_no_shape(c))
}

/// Tells joiners, marks of direction, selectors of variants, fillers, and the like. The joiners that spell a word
/// stand between letters.
fn has_no_shape(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_shape_is_blank() {
        for blank in [
            "",
            " \n\u{3000}",
            "\u{200b}\u{feff}",
            "\u{3164}",
            "\u{0}\u{ad}",
        ] {
            assert!(is_blank(blank), "{blank:?}");
        }
        for seen in [
            ".",
            "می\u{200c}خواهم",
            "👩\u{200d}💻",
            "\u{202e}a",
            "☎\u{fe0e}",
        ] {
            assert!(!is_blank(seen), "{seen:?}");
        }
    }
}
