//! Card and account numbers in what the visitor writes, and how they are masked.

/// How many characters at a number's end stay: enough to tell which card or account is meant.
const SHOWN: u32 = 4;
/// How many characters may stand between two digits of one number.
const WIDEST_GAP: u32 = 3;
/// How many digits in a row a typing preview shows: less than makes a card number guessable.
const PREVIEWED: u32 = 6;

/// The kinds of numbers that are masked.
///
/// Whatever is masked keeps its length: each masked character becomes an asterisk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mask {
    /// Numbers of payment cards: 13 to 19 digits with a right check digit (ISO/IEC 7812). A number that
    /// begins with 0 or after a plus sign is a telephone number.
    pub cards: bool,
    /// International bank account numbers: those with a right checksum (ISO 13616).
    pub ibans: bool,
}

impl Mask {
    /// Masks the numbers of a text but for their last four characters.
    pub fn apply(self, text: &mut String) {
        self.mask(text, false);
    }

    /// Tells whether a text has a number to be masked.
    #[must_use]
    pub fn finds(self, text: &str) -> bool {
        self.hide(text, false).is_some()
    }

    /// Masks what must not be seen of a text while it is being typed. A number that is not complete cannot be told
    /// from others: every long one is masked, in all its digits.
    pub(crate) fn apply_to_preview(self, text: &mut String) {
        self.mask(text, true);
    }

    fn mask(self, text: &mut String, in_preview: bool) {
        if let Some(masked) = self.hide(text, in_preview) {
            *text = masked;
        }
    }

    /// Returns a text with its numbers masked, if it has any.
    #[inline(never)]
    fn hide(self, text: &str, in_preview: bool) -> Option<String> {
        if self == Self::default() {
            return None;
        }
        let mut masked = String::new();
        let (mut before, mut rest) = (' ', text);
        while !rest.is_empty() {
            let (end, hidden) = self.find(before, rest, in_preview);
            let mut seen = 0;
            let (number, after) = rest.split_at(end);
            for c in number.chars() {
                seen += u32::from(value(c) < NONE);
                let is_hidden = value(c) < NONE && seen <= hidden;
                masked.push(if is_hidden { '*' } else { c });
                before = c;
            }
            rest = after;
        }
        (masked != text).then_some(masked)
    }

    /// Finds the number that a text begins with: the longest one, if there are several. Returns its length in
    /// bytes, and how many of its digits and letters are to be masked. Where there is no number, that is the
    /// first character, and none.
    fn find(self, before: char, text: &str, in_preview: bool) -> (usize, u32) {
        let mut chars = text.chars();
        let first = chars.next().map_or(NONE, value);
        let is_iban = first > 9;
        let base = if is_iban { NONE } else { 10 };
        let mut found = (text.len() - chars.as_str().len(), 0);
        let is_wanted = match is_iban {
            true => self.ibans && !in_preview,
            false => in_preview || self.cards && first > 0 && before != '+',
        };
        if !is_wanted || value(before) < base {
            return found;
        }
        let (mut count, mut gap) = (0_u32, 0);
        // Of the digits so far: their sum, with every second one doubled from the second or from the first on
        // (to be swapped with each digit); and the remainders of an account number's first four characters
        // and of what follows.
        let (mut sum, mut other_sum, mut head, mut tail) = (0, 0, 0, 0);
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let value_here = value(c);
            if value_here >= base {
                gap += 1;
                if gap > WIDEST_GAP || !is_separator(c) {
                    break;
                }
                continue;
            }
            gap = 0;
            if is_iban && count < 4 && (count < 2) != (value_here > 9) {
                break;
            }
            let part = if count < 4 { &mut head } else { &mut tail };
            *part = (*part * if value_here > 9 { 100 } else { 10 } + value_here) % 97;
            let doubled = value_here * 2 / 10 + value_here * 2 % 10;
            (sum, other_sum) = (other_sum + value_here, sum + doubled);
            count += 1;
            let is_right = if in_preview {
                count > PREVIEWED
            } else if is_iban {
                // The first four count as if they were the last: they are six digits, as letters have two.
                count >= 15 && (tail * 27 + head) % 97 == 1
            } else {
                count >= 13 && sum % 10 == 0
            };
            let rest = chars.as_str();
            if is_right && rest.chars().next().map_or(NONE, value) >= base {
                let shown = if in_preview { 0 } else { SHOWN };
                found = (text.len() - rest.len(), count - shown);
            }
            if !in_preview && count >= if is_iban { 34 } else { 19 } {
                break;
            }
        }
        found
    }
}

/// The value of what is neither a digit nor a letter.
const NONE: u32 = 36;

/// Returns the value of a digit in one of the scripts that visitors type numbers in, or of a letter in an
/// account number.
#[inline(never)]
fn value(c: char) -> u32 {
    // Arabic, Persian, Devanagari, full-width.
    for zero in [0x660, 0x6f0, 0x966, 0xff10] {
        let value = (c as u32).wrapping_sub(zero);
        if value < 10 {
            return value;
        }
    }
    c.to_digit(NONE).unwrap_or(NONE)
}

/// Tells whether a character may stand between the digits of a number: blanks but no line breaks, what is typed or
/// pasted as a hyphen (in Japanese that may be a long vowel's mark), and marks that are not seen.
fn is_separator(c: char) -> bool {
    "\t -\u{a0}\u{ad}\u{2060}\u{2212}\u{3000}\u{30fc}\u{feff}\u{ff0d}".contains(c)
        || matches!(c, '\u{2000}'..='\u{202f}')
}
