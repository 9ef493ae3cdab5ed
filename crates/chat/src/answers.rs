/// Tells whether an answer can be a telephone number: three digits or more, with what separates their groups or
/// names an extension. Which numbers exist is for the one who calls to find out.
#[must_use]
pub fn is_telephone(answer: &str) -> bool {
    let digits = answer.chars().filter(|c| is_digit(*c)).count();
    digits >= 3 && answer.chars().all(|c| is_digit(c) || separates(c))
}

/// Tells digits as keyboards write them: Latin, Arabic, Persian, Devanagari, Bengali, full-width.
fn is_digit(c: char) -> bool {
    matches!(c,
        '0'..='9' | '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' | '\u{966}'..='\u{96f}'
        | '\u{9e6}'..='\u{9ef}' | '\u{ff10}'..='\u{ff19}')
}

fn separates(c: char) -> bool {
    c.is_whitespace()
        || "+-./()[]#*,;:~extEXT".contains(c)
        // Hyphens, dashes, marks of direction; full-width forms.
        || matches!(c, '\u{200b}'..='\u{2015}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{30fc}' | '\u{ff08}' | '\u{ff09}' | '\u{ff0b}' | '\u{ff0d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_have_digits_and_no_words() {
        for number in [
            "110",
            "+49 (0)89 / 123-45.67",
            "\u{202d}+1 555\u{a0}123\u{2011}4567\u{202c}",
            "555 1234 ext. 12",
            "555-1234x5",
            "*31#0891234567",
            "０３（１２３４）５６７８",
            "٠١٢٣٤٥٦٧٨٩",
            "१२३ ४५६",
        ] {
            assert!(is_telephone(number), "{number}");
        }
        for other in [
            "x",
            "",
            "+",
            "12",
            "none 123",
            "a@example.com",
            "ext",
            "三三三",
            "1e2",
        ] {
            assert!(!is_telephone(other), "{other}");
        }
    }
}
