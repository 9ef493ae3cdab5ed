//! What is shown of a long message until the visitor wants all of it.

use crate::links::{TextPiece, split_at_links};

/// How many lines and characters of a long message are shown.
const LINES: usize = 20;
const CHARS: usize = 1_500;

/// How much longer a message is before it is worth a button, as a part of what is shown.
const SPARE: usize = 5;

/// Returns the beginning of a text that is too long to be shown at once; `None` for most texts. It ends at a line or
/// between words, and never within an address: a part of one leads elsewhere.
#[must_use]
pub fn fold(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let is_long = line_end(text, LINES + LINES / SPARE).is_some()
        || char_end(text, CHARS + CHARS / SPARE).is_some();
    if !is_long {
        return None;
    }
    let lines = line_end(text, LINES).unwrap_or(text.len());
    let chars = char_end(text, CHARS).unwrap_or(text.len());
    let end = if lines <= chars {
        lines
    } else {
        before_word(text, chars)
    };
    let head = text.get(..before_link(text, end))?.trim_end();
    (!head.is_empty()).then_some(head)
}

/// Returns where a line ends that is not the last one.
fn line_end(text: &str, number: usize) -> Option<usize> {
    text.match_indices('\n').nth(number - 1).map(|(at, _)| at)
}

fn char_end(text: &str, number: usize) -> Option<usize> {
    text.char_indices().nth(number).map(|(at, _)| at)
}

/// Returns where the word begins that would be cut, if it is not very long; else a place where nothing is joined.
fn before_word(text: &str, end: usize) -> usize {
    let head = text.get(..end).unwrap_or_default();
    match head.rfind(char::is_whitespace) {
        Some(at) if at >= end / 2 => at,
        _ => {
            let stands_alone = |c: char| c.is_ascii() || crate::links::has_no_blanks(c);
            let starts = text.char_indices().take_while(|(at, _)| *at <= end);
            let alone = starts.filter(|(at, c)| *at >= end / 2 && stands_alone(*c));
            alone.last().map_or(end, |(at, _)| at)
        }
    }
}

/// Returns where the address begins that would be cut.
fn before_link(text: &str, end: usize) -> usize {
    let mut start = 0;
    for piece in split_at_links(text) {
        let (length, is_link) = match piece {
            TextPiece::Words(words) => (words.len(), false),
            TextPiece::Link { written, .. } => (written.len(), true),
        };
        if is_link && start < end && end < start + length {
            return start;
        }
        start += length;
        if start >= end {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn what_is_a_little_longer_is_shown_whole() {
        assert_eq!(fold(""), None);
        assert_eq!(fold(&"line\n".repeat(24)), None);
        assert_eq!(fold(&"word ".repeat(360)), None);
        assert_eq!(fold(&"\n".repeat(1_000)), None);
    }

    #[test]
    fn many_lines_end_at_a_line() {
        let text = "a line\n".repeat(30);
        assert_eq!(fold(&text), Some("a line\n".repeat(20).trim_end()));
    }

    #[test]
    fn much_text_ends_between_words() {
        let text = "words ".repeat(1_000);
        assert_eq!(fold(&text), Some("words ".repeat(250).trim_end()));
        let text = "ü".repeat(5_000);
        assert_eq!(fold(&text), Some(&*"ü".repeat(1_500)));
        let text = "字".repeat(5_000);
        assert_eq!(fold(&text), Some(&*"字".repeat(1_500)));
        let text = "👩‍👧".repeat(900);
        let head = fold(&text).expect("a head");
        assert!(text.starts_with(head) && head.chars().count() <= 1_500);
    }

    #[test]
    fn no_address_is_cut() {
        let address = ["https://example.com/", &"a".repeat(900)].concat();
        let text = ["word ".repeat(200), address, " end".repeat(200)].concat();
        let head = fold(&text).expect("a head");
        assert!(!head.contains("https"), "{head}");
        assert_eq!(
            fold(&["https://example.com/", &"a".repeat(9_000)].concat()),
            None
        );
    }
}
