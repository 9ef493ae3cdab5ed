//! Which messages are emoji and nothing else.

/// How many emoji are few enough to be shown large.
const FEW: usize = 3;

const KEYCAP: char = '\u{20e3}';
const AS_EMOJI: char = '\u{fe0f}';
const AS_TEXT: char = '\u{fe0e}';
const JOINER: char = '\u{200d}';
const BLACK_FLAG: char = '\u{1f3f4}';
const LAST_TAG: char = '\u{e007f}';

/// Tells whether a text is one to three emoji, and nothing else but blanks: families, skin tones, flags and keycaps
/// count as the one that is seen.
#[must_use]
pub fn is_few_emoji(text: &str) -> bool {
    let mut count = 0;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let Some(after) = after_emoji(rest) else {
            return false;
        };
        count += 1;
        if count > FEW {
            return false;
        }
        rest = after.trim_start();
    }
    count > 0
}

/// Returns what follows the emoji that a text begins with.
fn after_emoji(text: &str) -> Option<&str> {
    let mut rest = after_part(text)?;
    // A family is people who are joined.
    while let Some(joined) = rest.strip_prefix(JOINER) {
        rest = after_part(joined)?;
    }
    Some(rest)
}

/// Returns what follows one part of an emoji: a keycap, a flag, or a picture with its skin tone.
fn after_part(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    let first = chars.next()?;
    let rest = chars.as_str();
    let as_emoji = rest.strip_prefix(AS_EMOJI);
    match first {
        '0'..='9' | '#' | '*' => as_emoji.unwrap_or(rest).strip_prefix(KEYCAP),
        '\u{1f1e6}'..='\u{1f1ff}' => rest.strip_prefix(|c| matches!(c, '\u{1f1e6}'..='\u{1f1ff}')),
        BLACK_FLAG if rest.starts_with(is_tag) => {
            rest.trim_start_matches(is_tag).strip_prefix(LAST_TAG)
        }
        _ if rest.starts_with(AS_TEXT) => None,
        _ if is_picture(first) || as_emoji.is_some() && may_be_picture(first) => {
            let rest = as_emoji.unwrap_or(rest);
            Some(rest.strip_prefix(is_skin_tone).unwrap_or(rest))
        }
        _ => None,
    }
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0020}'..='\u{e007e}')
}

/// Tells characters that are pictures by themselves (`Emoji_Presentation` of Unicode, and the blocks that have little
/// else).
fn is_picture(c: char) -> bool {
    matches!(c,
        '\u{231a}' | '\u{231b}' | '\u{23e9}'..='\u{23ec}' | '\u{23f0}' | '\u{23f3}' | '\u{25fd}' | '\u{25fe}'
        | '\u{2614}' | '\u{2615}' | '\u{2648}'..='\u{2653}' | '\u{267f}' | '\u{2693}' | '\u{26a1}'
        | '\u{26aa}' | '\u{26ab}' | '\u{26bd}' | '\u{26be}' | '\u{26c4}' | '\u{26c5}' | '\u{26ce}' | '\u{26d4}'
        | '\u{26ea}' | '\u{26f2}' | '\u{26f3}' | '\u{26f5}' | '\u{26fa}' | '\u{26fd}' | '\u{2705}'
        | '\u{270a}' | '\u{270b}' | '\u{2728}' | '\u{274c}' | '\u{274e}' | '\u{2753}'..='\u{2755}' | '\u{2757}'
        | '\u{2795}'..='\u{2797}' | '\u{27b0}' | '\u{27bf}' | '\u{2b1b}' | '\u{2b1c}' | '\u{2b50}' | '\u{2b55}'
        | '\u{1f004}' | '\u{1f0cf}' | '\u{1f18e}' | '\u{1f191}'..='\u{1f19a}'
        | '\u{1f201}' | '\u{1f21a}' | '\u{1f22f}' | '\u{1f232}'..='\u{1f236}' | '\u{1f238}'..='\u{1f23a}'
        | '\u{1f250}' | '\u{1f251}' | '\u{1f300}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1f64f}'
        | '\u{1f680}'..='\u{1f6ff}' | '\u{1f7e0}'..='\u{1f7eb}' | '\u{1f7f0}' | '\u{1f90c}'..='\u{1f9ff}'
        | '\u{1fa70}'..='\u{1faff}')
}

/// Tells characters that are text unless they ask to be shown as pictures.
fn may_be_picture(c: char) -> bool {
    matches!(c,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2194}'..='\u{21aa}'
        | '\u{2300}'..='\u{23ff}' | '\u{24c2}' | '\u{25aa}'..='\u{25fe}' | '\u{2600}'..='\u{27bf}'
        | '\u{2934}' | '\u{2935}' | '\u{2b05}'..='\u{2b55}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{1f170}'..='\u{1f251}')
}

#[cfg(test)]
mod tests {
    use super::is_few_emoji;

    #[test]
    fn one_to_three_emoji_are_few_however_they_are_put_together() {
        for text in [
            "😀",
            " 👍\n",
            "👍🏽",
            "👍 🎉 ✨",
            "❤️",
            "❤️‍🔥",
            "👩‍👩‍👧‍👦",
            "👩🏿‍💻",
            "🏳️‍🌈",
            "🇩🇪🇫🇷",
            "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
            "1️⃣#️⃣",
            "☎️",
            "⌚☕⭐",
            "🧑🏻‍🤝‍🧑🏾",
        ] {
            assert!(is_few_emoji(text), "{text}");
        }
    }

    #[test]
    fn words_numbers_and_many_emoji_are_not() {
        for text in [
            "",
            " ",
            "a",
            "1",
            "12",
            "#1",
            "*",
            "😀😀😀😀",
            "😀!",
            "OK 👍",
            ":-)",
            "☎",
            "❤",
            "☎\u{fe0e}",
            "⌚\u{fe0e}",
            "\u{200d}",
            "😀\u{200d}",
            "🇩",
            "🇩🇪🇫",
            "©",
            "™",
            "\u{fe0f}",
            "\u{20e3}",
            "あ",
            "🏴󠁧",
            "\u{1f3fd}",
        ] {
            assert!(!is_few_emoji(text), "{text:?}");
        }
    }
}
