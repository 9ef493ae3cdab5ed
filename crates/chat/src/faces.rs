//! What stands for somebody who has no picture: initials, and one of a few colours.

use unicode_segmentation::UnicodeSegmentation as _;

/// The number of colours to tell people apart by.
pub const FACE_COLOURS: u32 = 6;

/// Longest letter in code points: of one with more the marks that are piled up on it are left out.
const LONGEST_LETTER: usize = 12;

/// What stands for somebody who has no picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// One or two letters of the name, as readers see letters; nothing where the name has none. They are to be shown as
    /// capitals: browsers know those of each language, and the tables for it would weigh more than all of this.
    pub initials: Option<String>,
    /// One of [`FACE_COLOURS`], counted from 0: the same for the same name.
    pub colour: u32,
}

impl Face {
    /// Finds the face for a name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self {
            initials: initials(name),
            colour: colour(name),
        }
    }
}

/// Takes the first letters of the first and the last word. Scripts without capitals get one letter:
/// there two would be a syllable, join to something else, or not fit.
fn initials(name: &str) -> Option<String> {
    let words = name.split_whitespace();
    let mut words = words.filter(|word| word.starts_with(char::is_alphanumeric));
    let Some(first) = words.next().and_then(first_letter) else {
        // An emoji, say.
        let first = first_letter(name.trim())?;
        let is_seen = |c: char| !c.is_ascii_punctuation() && !c.is_control();
        return first.starts_with(is_seen).then(|| first.to_owned());
    };
    if !has_case(first) {
        return Some(first.to_owned());
    }
    let last = words.next_back().and_then(first_letter);
    let last = last.filter(|last| has_case(last)).unwrap_or_default();
    Some([first, last].concat())
}

/// Returns the first letter as readers see it: with its marks, or all that an emoji is made of.
fn first_letter(word: &str) -> Option<&str> {
    let letter = word.graphemes(true).next()?;
    let is_too_long = letter.chars().nth(LONGEST_LETTER).is_some();
    let first = letter.chars().next().filter(|_| is_too_long);
    first.map_or(Some(letter), |first| letter.get(..first.len_utf8()))
}

fn has_case(letter: &str) -> bool {
    letter.starts_with(|c: char| c.is_uppercase() || c.is_lowercase())
}

/// Spreads names over the colours (FNV-1a, 32 bits).
fn colour(name: &str) -> u32 {
    let bytes = name.trim().bytes();
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    // The lowest bits depend on few of the letters.
    (hash >> 16 ^ hash) % FACE_COLOURS
}
