//! A conversation as the visitor takes it away: plain text, or a web page of its own.
//!
//! It is made of what the timeline shows, and of nothing else: no key, id or address of the server is in it.

mod html;
mod text;

use crate::files::honest_name;
use crate::model::Author;
use crate::time::WallTime;
use crate::timeline::{Entry, FileEntry, Item, MessageState};

/// Longest name of a file, in bytes, without date and ending.
const LONGEST_TITLE: usize = 80;

/// The words around what was said, in the visitor's language.
pub trait Wording {
    /// Names somebody.
    fn name(&self, author: &Author) -> String;
    /// Formats a day.
    fn day(&self, at: WallTime) -> String;
    /// Formats a time of day.
    fn time(&self, at: WallTime) -> String;
    /// Says what happened, unless visitors need not know.
    fn event(&self, item: &Item) -> Option<String>;
    /// Names a file, with what there is to know of it.
    fn file(&self, file: &FileEntry) -> String;
    /// Says what became of a message that the server does not have; nothing of those it has.
    fn fate(&self, state: &MessageState) -> Option<String>;
}

/// A conversation in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversation {
    /// The title of the panel.
    pub title: String,
    /// The day on which it is taken away.
    pub date: String,
    /// The language of the words around what was said, as a BCP 47 tag.
    pub locale: String,
    /// Whether that language is written from right to left.
    pub is_right_to_left: bool,
    /// What was said and what happened, in order.
    pub lines: Vec<Line>,
}

/// A line of a conversation in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A day begins.
    Day(String),
    /// Somebody said something.
    Said {
        /// Who.
        name: String,
        /// Whether it was the visitor.
        is_mine: bool,
        /// When; empty where that is not known.
        time: String,
        /// What.
        text: String,
        /// What became of it, if the server does not have it.
        fate: Option<String>,
    },
    /// Something happened.
    Happened(String),
}

impl Conversation {
    /// Adds the entries of a timeline.
    pub fn extend(&mut self, entries: &[Entry], words: &dyn Wording) {
        for entry in entries {
            let line = line(entry, words);
            if entry.new_day {
                self.lines.push(Line::Day(words.day(entry.at)));
            }
            self.lines.extend(line);
        }
    }

    /// Returns the name of the file to save it in: the title, then the date as digits, then the ending.
    #[must_use]
    pub fn file_name(&self, date: &str, ending: &str) -> String {
        let mut name = String::new();
        let title = honest_name(&self.title).replace(|c| "/\\:*?\"<>|".contains(c), " ");
        for word in title.split_whitespace().chain([date]) {
            let is_too_long = name.len() + word.len() > LONGEST_TITLE && word != date;
            // A name that begins with a dot is hidden.
            let is_lost = is_too_long || name.is_empty() && word.starts_with('.');
            if !is_lost {
                name += if name.is_empty() { "" } else { " " };
                name += word;
            }
        }
        [&name, ".", ending].concat()
    }
}

/// Puts an entry into words.
fn line(entry: &Entry, words: &dyn Wording) -> Option<Line> {
    let (from, text, fate) = match &entry.item {
        Item::Message { text, .. } if !entry.item.is_said() => return happened(Some(text.clone())),
        Item::Message {
            from, text, state, ..
        } => (from, text.clone(), words.fate(state)),
        Item::Link { from, url } => (from, url.clone(), None),
        Item::File { from, file } => (from, words.file(file), None),
        Item::Notice { text, .. } => return happened(Some(text.clone())),
        item => return happened(words.event(item)),
    };
    Some(Line::Said {
        name: words.name(from),
        is_mine: *from == Author::Me,
        time: words.time(entry.at),
        text,
        fate,
    })
}

fn happened(words: Option<String>) -> Option<Line> {
    words
        .filter(|words| !words.trim().is_empty())
        .map(Line::Happened)
}
