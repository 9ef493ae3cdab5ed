use super::{Conversation, Line};

impl Conversation {
    /// Writes plain text. What follows the first line of a message is indented: nobody can write something that looks
    /// as if another had said it.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = [&self.title, "\n", &self.date, "\n"].concat();
        for line in &self.lines {
            match line {
                Line::Day(day) => text += &["\n", day, "\n"].concat(),
                Line::Happened(words) => text += &["\n* ", &indented(words), "\n"].concat(),
                Line::Said {
                    name,
                    time,
                    text: said,
                    fate,
                    ..
                } => {
                    let time = match time.as_str() {
                        "" => String::new(),
                        time => ["[", time, "] "].concat(),
                    };
                    let fate = fate.as_ref().map(|fate| [" (", fate, ")"].concat());
                    let fate = fate.unwrap_or_default();
                    text += &["\n", &time, name, ": ", &indented(said), &fate, "\n"].concat();
                }
            }
        }
        text
    }
}

fn indented(words: &str) -> String {
    words.replace(is_line_end, "\n    ")
}

/// Tells characters at which programs that show a text begin a line.
fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}
