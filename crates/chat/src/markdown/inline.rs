//! Markup within a line.

use crate::links::{TextPiece, has_no_blanks, split_at_links};

/// A stretch of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Words, in which addresses may stand.
    Text(String),
    /// Program text.
    Code(String),
    /// What is told apart from the words around it: strong ones are bold, others italic.
    Emphasis {
        /// Whether it is bold.
        strong: bool,
        /// What it says.
        spans: Vec<Span>,
    },
    /// Words that lead to an address.
    Link {
        /// All of it as it was written, for an address that may not be followed.
        written: String,
        /// The words.
        words: String,
        /// The address as it was written, not checked.
        address: String,
    },
}

/// Reads lines. Markup ends with its line.
pub(super) fn spans(text: &str) -> Vec<Span> {
    let mut all = Vec::new();
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            put_text(&mut all, "\n");
        }
        for span in line_spans(line) {
            match span {
                Span::Text(text) => put_text(&mut all, &text),
                other => all.push(other),
            }
        }
    }
    all
}

fn put_text(spans: &mut Vec<Span>, text: &str) {
    match spans.last_mut() {
        Some(Span::Text(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => spans.push(Span::Text(text.into())),
    }
}

/// Marks that have been opened, and what stands behind each.
struct Open<'a> {
    marks: &'a str,
    before: Vec<Span>,
}

fn line_spans(line: &str) -> Vec<Span> {
    let addresses = addresses(line);
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut spans: Vec<Span> = Vec::new();
    let mut at = 0;
    // Of lines with many backticks and brackets each is looked for once.
    let (mut has_no_code, mut has_no_link) = (None, false);
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let address = addresses.iter().find(|(start, _)| *start == at);
        let first = rest.chars().next().unwrap_or_default();
        let mut taken = first.len_utf8();
        match first {
            _ if address.is_some() => {
                taken = address.map_or(taken, |(_, length)| *length);
                put_text(&mut spans, rest.get(..taken).unwrap_or_default());
            }
            '\\' if rest
                .get(1..)
                .is_some_and(|rest| rest.starts_with(['*', '_', '`', '['])) =>
            {
                taken = 2;
                put_text(&mut spans, rest.get(1..2).unwrap_or_default());
            }
            '`' => {
                let marks = run(rest, '`');
                taken = marks.len();
                match code(rest, marks).filter(|_| has_no_code != Some(marks)) {
                    Some((code, length)) => {
                        taken = length;
                        spans.push(Span::Code(code.into()));
                    }
                    None => {
                        has_no_code = Some(marks);
                        put_text(&mut spans, marks);
                    }
                }
            }
            '[' | '!' if !has_no_link && is_link_start(rest) => match link(rest) {
                Some((span, length)) => {
                    taken = length;
                    spans.push(span);
                }
                None => {
                    has_no_link = !rest.contains("](");
                    put_text(&mut spans, rest.get(..taken).unwrap_or_default());
                }
            },
            '*' | '_' => {
                let marks = run(rest, first);
                taken = marks.len();
                let before = line.get(..at).and_then(|before| before.chars().next_back());
                let after = rest.get(taken..).and_then(|after| after.chars().next());
                let opened = open.iter().rposition(|open| open.marks == marks);
                match opened.filter(|_| taken <= 3 && closes(before, after)) {
                    Some(place) => close(&mut open, &mut spans, place),
                    None if taken <= 3 && opens(before, after) && open.len() < MOST_OPEN => {
                        let before = core::mem::take(&mut spans);
                        open.push(Open { marks, before });
                    }
                    None => put_text(&mut spans, marks),
                }
            }
            _ => put_text(&mut spans, rest.get(..taken).unwrap_or_default()),
        }
        at += taken;
    }
    unwind(&mut open, &mut spans, 0);
    spans
}

/// How many marks are open at once.
const MOST_OPEN: usize = 8;

/// Makes an emphasis of what stands behind the marks at a place.
fn close(open: &mut Vec<Open<'_>>, spans: &mut Vec<Span>, place: usize) {
    unwind(open, spans, place + 1);
    let Some(Open { marks, before }) = open.pop() else {
        return;
    };
    let mut inner = core::mem::replace(spans, before);
    let emphasis = |strong, spans| Span::Emphasis { strong, spans };
    if marks.len() == 3 {
        inner = vec![emphasis(false, inner)];
    }
    spans.push(emphasis(marks.len() > 1, inner));
}

/// Makes words of the marks from a place on that nothing has closed.
fn unwind(open: &mut Vec<Open<'_>>, spans: &mut Vec<Span>, place: usize) {
    while open.len() > place {
        let Some(Open { marks, before }) = open.pop() else {
            return;
        };
        let inner = core::mem::replace(spans, before);
        put_text(spans, marks);
        for span in inner {
            match span {
                Span::Text(text) => put_text(spans, &text),
                other => spans.push(other),
            }
        }
    }
}

/// Tells whether marks begin an emphasis: a word begins behind them, and none ends before them.
fn opens(before: Option<char>, after: Option<char>) -> bool {
    let begins = |c: char| {
        c.is_alphanumeric() || !c.is_ascii() && !c.is_whitespace() || "\"'([`*_+#@$".contains(c)
    };
    !before.is_some_and(is_in_word) && after.is_some_and(begins)
}

/// Tells whether marks end an emphasis: a word ends before them, and none begins behind them.
fn closes(before: Option<char>, after: Option<char>) -> bool {
    let ends = |c: char| !c.is_whitespace() && !"([{<".contains(c);
    before.is_some_and(ends) && !after.is_some_and(is_in_word)
}

/// Tells letters that stand in words with blanks around them.
fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() && !has_no_blanks(c) && !matches!(c, '\u{3040}'..='\u{30ff}')
}

/// Returns the marks that a text begins with.
fn run(text: &str, mark: char) -> &str {
    let length = text.len() - text.trim_start_matches(mark).len();
    text.get(..length).unwrap_or_default()
}

/// Reads program text that begins with these marks. Returns it with the length of all.
fn code<'a>(text: &'a str, marks: &str) -> Option<(&'a str, usize)> {
    let inner = text.get(marks.len()..)?;
    let mut from = 0;
    loop {
        let start = from + inner.get(from..)?.find('`')?;
        let found = run(inner.get(start..)?, '`');
        if found == marks {
            let code = inner.get(..start)?;
            let bare = code
                .strip_prefix(' ')
                .and_then(|code| code.strip_suffix(' '));
            let code = bare.filter(|code| !code.trim().is_empty()).unwrap_or(code);
            return Some((code, 2 * marks.len() + start));
        }
        from = start + found.len();
    }
}

/// Tells whether a text begins as a link, or as a picture: of that its words are shown, and the way to it.
fn is_link_start(text: &str) -> bool {
    text.strip_prefix('!').unwrap_or(text).starts_with('[')
}

/// Reads `[words](address)`. Returns it with its length.
fn link(text: &str) -> Option<(Span, usize)> {
    let bare = text.strip_prefix('!').unwrap_or(text);
    let (words, rest) = bare.strip_prefix('[')?.split_once("](")?;
    if words.contains(['[', ']']) || words.trim().is_empty() {
        return None;
    }
    let mut depth = 0;
    let end = rest.find(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth < 0
    })?;
    let inside = rest.get(..end)?.trim();
    // A title in quotes may follow the address.
    let (address, title) = inside.split_once(' ').unwrap_or((inside, ""));
    let is_title = title.is_empty() || title.trim_start().starts_with(['"', '\'']);
    if address.is_empty() || !is_title {
        return None;
    }
    let length = text.len() - bare.len() + 1 + words.len() + 2 + end + 1;
    let span = Span::Link {
        written: text.get(..length)?.into(),
        words: words.into(),
        address: address.into(),
    };
    Some((span, length))
}

/// Lists where addresses stand, and how long they are: their characters are no markup.
fn addresses(line: &str) -> Vec<(usize, usize)> {
    let mut at = 0;
    let mut found = Vec::new();
    for piece in split_at_links(line) {
        let length = match &piece {
            TextPiece::Words(words) => words.len(),
            TextPiece::Link { written, .. } => written.len(),
        };
        if matches!(piece, TextPiece::Link { .. }) {
            found.push((at, length));
        }
        at += length;
    }
    found
}
