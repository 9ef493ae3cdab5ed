//! A part of Markdown that is safe to show: bold, italic, code, lists, quotes and links, as typed nodes.
//!
//! It is stricter than CommonMark where plain texts look like markup: `2 * 3 * 4`, `2*3*4`, `snake_case_name` and
//! `:-*` are words. Of pictures there are links. Headings, tables and HTML stay as they were written. A text without
//! markup is one paragraph of itself.

mod inline;

pub use inline::Span;

use inline::spans;

/// How deep quotes and lists are within each other; what is deeper stays as it was written.
const DEEPEST: usize = 4;

/// A part of a text, from one line on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Lines, as they were broken.
    Lines(Vec<Span>),
    /// Program text.
    Code(String),
    /// Somebody's words.
    Quote(Vec<Block>),
    /// Points.
    List(Vec<ListItem>),
}

/// A point of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListItem {
    /// Its number, where the points are numbered.
    pub number: Option<u32>,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// Reads a text.
#[must_use]
pub fn markdown(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().collect();
    blocks(&lines, 0)
}

fn blocks(mut lines: &[&str], depth: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut plain: Vec<&str> = Vec::new();
    while let Some(line) = lines.first() {
        let special = fence(lines)
            .or_else(|| quote(lines, depth))
            .or_else(|| list(lines, depth));
        match special {
            Some((block, rest)) => {
                put_lines(&mut blocks, &mut plain);
                blocks.push(block);
                lines = rest;
            }
            None => {
                plain.push(line);
                lines = lines.get(1..).unwrap_or_default();
            }
        }
    }
    put_lines(&mut blocks, &mut plain);
    blocks
}

/// Puts lines without markup of their own behind the blocks. Blank ones only keep them apart.
fn put_lines(blocks: &mut Vec<Block>, plain: &mut Vec<&str>) {
    let text = core::mem::take(plain).join("\n");
    let text = text.trim_matches('\n');
    if !text.trim().is_empty() {
        blocks.push(Block::Lines(spans(text)));
    }
}

type Taken<'a, 'b> = Option<(Block, &'a [&'b str])>;

/// Takes program text between fences; without the second one it goes on to the end.
fn fence<'a, 'b>(lines: &'a [&'b str]) -> Taken<'a, 'b> {
    let (first, rest) = lines.split_first()?;
    let info = first.trim_start().strip_prefix("```")?;
    if info.contains('`') {
        return None;
    }
    let end = rest.iter().position(|line| line.trim() == "```");
    let (code, rest) = rest.split_at(end.unwrap_or(rest.len()));
    Some((
        Block::Code(code.join("\n")),
        rest.get(1..).unwrap_or_default(),
    ))
}

/// Takes lines that begin with `>` and a blank.
fn quote<'a, 'b>(lines: &'a [&'b str], depth: usize) -> Taken<'a, 'b> {
    fn quoted<'b>(line: &&'b str) -> Option<&'b str> {
        let rest = line.strip_prefix('>')?;
        rest.strip_prefix(' ').or(rest.is_empty().then_some(rest))
    }
    if depth == DEEPEST {
        return None;
    }
    let inner: Vec<&str> = lines.iter().map_while(quoted).collect();
    let rest = lines.get(inner.len()..)?;
    if inner.iter().all(|line| line.trim().is_empty()) {
        return None;
    }
    Some((Block::Quote(blocks(&inner, depth + 1)), rest))
}

/// Takes points of one kind that follow each other, each with the lines below it that stand further in.
fn list<'a, 'b>(mut lines: &'a [&'b str], depth: usize) -> Taken<'a, 'b> {
    if depth == DEEPEST {
        return None;
    }
    let (kind, ..) = marker(lines.first()?)?;
    let mut items: Vec<ListItem> = Vec::new();
    while let Some((number, indent, words)) = lines.first().and_then(|line| point(line, kind)) {
        let mut inner = vec![words];
        lines = lines.get(1..).unwrap_or_default();
        while let Some((inside, rest)) = take_inside(lines, indent) {
            inner.extend(inside);
            lines = rest;
        }
        let last = items.last().and_then(|item| item.number);
        // Many write `1.` before each.
        let number = number.map(|number| match last {
            Some(last) if number <= last => last.saturating_add(1),
            _ => number,
        });
        items.push(ListItem {
            number,
            blocks: blocks(&inner, depth + 1),
        });
        // One blank line may stand between points.
        if let [blank, next, ..] = lines
            && blank.trim().is_empty()
            && point(next, kind).is_some()
        {
            lines = lines.get(1..).unwrap_or_default();
        }
    }
    Some((Block::List(items), lines))
}

/// Takes the next lines that belong to a point: one that stands further in, with a blank one before it.
fn take_inside<'a, 'b>(
    lines: &'a [&'b str],
    indent: usize,
) -> Option<(Vec<&'b str>, &'a [&'b str])> {
    let inside = |line: &'b str| {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        let is_inside = blanks >= 2 && blanks < line.len();
        is_inside.then(|| line.get(blanks.min(indent)..).unwrap_or_default())
    };
    match lines {
        [line, rest @ ..] if inside(line).is_some() => {
            Some((inside(line).into_iter().collect(), rest))
        }
        [blank, line, rest @ ..] if blank.trim().is_empty() => {
            Some((vec!["", inside(line)?], rest))
        }
        _ => None,
    }
}

/// Reads a point of a list of this kind: its number, how far in its words stand, and the words.
fn point<'b>(line: &&'b str, kind: char) -> Option<(Option<u32>, usize, &'b str)> {
    let (found, number, indent) = marker(line)?;
    (found == kind).then(|| (number, indent, line.get(indent..).unwrap_or_default()))
}

/// Reads what begins a point: what it is marked by, its number, and its length.
fn marker(line: &str) -> Option<(char, Option<u32>, usize)> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = line.split_at(digits);
    let mark = rest.chars().next()?;
    let is_mark = match digits {
        0 => matches!(mark, '-' | '*' | '+' | '•'),
        1..=3 => matches!(mark, '.' | ')'),
        _ => false,
    };
    let rest = rest.strip_prefix(mark).filter(|_| is_mark)?;
    let words = rest.trim_start_matches(' ');
    let blanks = rest.len() - words.len();
    ((1..=4).contains(&blanks) && !words.is_empty()).then(|| {
        let length = digits + mark.len_utf8() + blanks;
        (mark, number.parse().ok(), length)
    })
}
