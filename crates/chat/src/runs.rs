//! Texts in pieces that a browser can break into lines quickly.

/// How many characters without a blank stay in one piece.
const LONGEST: usize = 100;

/// Splits a text where many characters stand without a blank. Put together, the pieces are the text.
///
/// A browser shapes what is left of such a run anew for each line that it breaks off. Thousands of joined letters in
/// one text node take it seconds, and the page stands still; the same letters in many nodes look alike and take
/// milliseconds.
#[must_use]
pub fn short_runs(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut run = 0;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            run = 0;
        } else if run == LONGEST {
            pieces.extend(text.get(start..at));
            start = at;
            run = 1;
        } else {
            run += 1;
        }
    }
    pieces.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, short_runs};

    #[test]
    fn only_long_runs_are_split_and_nothing_is_lost() {
        assert_eq!(short_runs(""), [""; 0]);
        let words = "a word ".repeat(LONGEST);
        assert_eq!(short_runs(&words), [&*words]);
        for letter in ["a", "م", "😀", "e\u{301}"] {
            let run = letter.repeat(14_000);
            let text = ["before ", &run, " after"].concat();
            let pieces = short_runs(&text);
            assert_eq!(pieces.concat(), text);
            assert!(
                pieces
                    .iter()
                    .all(|piece| piece.chars().count() <= LONGEST + 7)
            );
        }
    }
}
