//! Where addresses stand in a text: web pages, mail, telephone numbers.
//!
//! Whether an address may be followed is for the view to decide, which has a parser for addresses.

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextPiece<'a> {
    /// Just words.
    Words(&'a str),
    /// Words that name an address.
    Link {
        /// The words as they were written.
        written: &'a str,
        /// The address that they name, with its scheme.
        address: String,
    },
}

/// Splits a text into words and addresses.
#[must_use]
pub fn split_at_links(text: &str) -> Vec<TextPiece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(found) = first_link(rest) {
        let (words, after) = rest.split_at(found.start);
        let (written, after) = after.split_at(found.len);
        if !words.is_empty() {
            pieces.push(TextPiece::Words(words));
        }
        let address = found.address;
        pieces.push(TextPiece::Link { written, address });
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(TextPiece::Words(rest));
    }
    pieces
}

/// An address in a text: where it begins, its length in bytes, and what it means.
struct Found {
    start: usize,
    len: usize,
    address: String,
}

/// The beginnings of addresses. The first two are followed by a host, as is the third, which says `https`.
const BEGINNINGS: [&str; 5] = ["https://", "http://", "www.", "mailto:", "tel:"];

/// Top-level domains by which a host is known that says neither `https://` nor `www.`. None is an everyday word
/// in a language of the texts, as `it` and `at` are, which may follow a full stop without a blank.
const DOMAINS: [&str; 24] = [
    "com", "org", "net", "edu", "gov", "info", "eu", "de", "ch", "fr", "nl", "uk", "jp", "cn",
    "kr", "ru", "br", "ca", "au", "nz", "pl", "cz", "dk", "se",
];

/// Digits of the shortest and the longest international telephone number (ITU-T E.164).
const NUMBER_DIGITS: core::ops::RangeInclusive<usize> = 8..=15;

fn first_link(text: &str) -> Option<Found> {
    text.char_indices().find_map(|(at, c)| {
        let (before, rest) = text.split_at(at);
        match c {
            'h' | 'H' | 'm' | 'M' | 't' | 'T' | 'w' | 'W' if !ends_word(before) => {
                let (len, address) = with_beginning(rest)?;
                Some(Found {
                    start: at,
                    len,
                    address,
                })
            }
            '.' => host(before, text),
            '@' => mail(before, rest),
            '+' if !ends_word(before) => {
                let (len, number) = telephone(rest)?;
                Some(Found {
                    start: at,
                    len,
                    address: ["tel:", &number].concat(),
                })
            }
            _ => None,
        }
    })
}

fn ends_word(before: &str) -> bool {
    before.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// Reads an address that says what it is.
fn with_beginning(text: &str) -> Option<(usize, String)> {
    let beginning = BEGINNINGS.iter().find(|beginning| {
        let head = text.get(..beginning.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(beginning))
    })?;
    let (head, rest) = text.split_at(beginning.len());
    if let ("tel:", Some((len, number))) = (*beginning, telephone(rest)) {
        return Some((head.len() + len, ["tel:", &number].concat()));
    }
    let rest = address(rest);
    let written = [head, rest].concat();
    if *beginning == "www." {
        return rest
            .contains('.')
            .then(|| (written.len(), with_scheme(&written)));
    }
    (!rest.is_empty()).then_some((written.len(), written))
}

fn with_scheme(host: &str) -> String {
    ["https://", host].concat()
}

/// Finds a host around its first dot, with the path behind it.
fn host(before: &str, text: &str) -> Option<Found> {
    let start = before.trim_end_matches(is_in_name).len();
    let (outside, label) = before.split_at(start);
    if label.is_empty() || label.starts_with('-') || outside.ends_with(['@', '/', '\\', '_', '-']) {
        return None;
    }
    let rest = text.get(start..)?;
    let name = domain(rest);
    let (_, last) = name.rsplit_once('.')?;
    let after = rest.get(name.len()..).unwrap_or_default();
    let port = after.strip_prefix(':');
    if !DOMAINS.contains(&last) || after.starts_with(['@', '_']) {
        return None;
    }
    let written = if after.starts_with(['/', '?', '#'])
        || port.is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit()))
    {
        address(rest)
    } else {
        name
    };
    Some(Found {
        start,
        len: written.len(),
        address: with_scheme(written),
    })
}

/// Finds a mail address around its `@`.
fn mail(before: &str, rest: &str) -> Option<Found> {
    let start = before
        .trim_end_matches(|c| is_in_name(c) || matches!(c, '.' | '_' | '%' | '+'))
        .len();
    let local = before.get(start..)?;
    let local = local.trim_start_matches(|c| c == '-' || !is_in_name(c));
    let domain = domain(rest.strip_prefix('@')?);
    let (_, last) = domain.rsplit_once('.')?;
    let is_domain = last.len() > 1 && last.bytes().all(|b| b.is_ascii_alphabetic());
    if local.is_empty() || !is_domain {
        return None;
    }
    let written = [local, "@", domain].concat();
    Some(Found {
        start: before.len() - local.len(),
        len: written.len(),
        address: ["mailto:", &written].concat(),
    })
}

/// Returns the domain name that a text begins with. It has letters of Latin script alone: without blanks, others may
/// belong to the sentence.
fn domain(text: &str) -> &str {
    if text.starts_with('-') {
        return "";
    }
    let mut before = '.';
    let end = text.find(|c| {
        let ends = !is_in_name(c) && (c != '.' || before == '.');
        before = c;
        ends
    });
    let name = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    name.trim_end_matches(['.', '-'])
}

fn is_in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || matches!(c, '\u{c0}'..='\u{24f}')
}

/// Reads a telephone number in international form, and returns how much of the text it is and the number without
/// what separates its groups. Numbers in other forms look like orders, dates and accounts.
fn telephone(text: &str) -> Option<(usize, String)> {
    let mut number = String::new();
    let mut len = 0;
    for (at, c) in text.char_indices() {
        match c {
            '+' if at == 0 => number.push(c),
            // `+49 (0)89`: the zero is dialled from within the country only.
            '0' if text.get(..at).is_some_and(|before| before.ends_with('('))
                && text.get(at..).is_some_and(|rest| rest.starts_with("0)")) => {}
            '0'..='9' if at < len + 8 => {
                number.push(c);
                len = at + 1;
            }
            ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' | '\u{202f}' | '\u{2010}'..='\u{2013}' => {
            }
            c if c.is_ascii_alphanumeric() && at == len => return None,
            _ => break,
        }
    }
    let digits = number.strip_prefix('+')?;
    let is_number = !digits.starts_with('0') && NUMBER_DIGITS.contains(&digits.len());
    is_number.then_some((len, number))
}

/// Returns what belongs to an address of the text behind its beginning: without the sentence that goes on, and its
/// punctuation.
fn address(text: &str) -> &str {
    let mut before = '/';
    let mut named = false;
    let end = text.find(|c| {
        // Behind Latin letters, a script without blanks is the sentence's. A first label may mix them.
        let goes_on = named && before.is_ascii_alphanumeric() && has_no_blanks(c);
        named |= matches!(c, '.' | '/');
        before = c;
        goes_on || ends_address(c)
    });
    let mut address = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let host = address.find(['/', '?', '#', ':']).unwrap_or(address.len());
    // No top-level domain mixes Latin letters with anything else.
    let last = address.get(..host).and_then(|host| host.rfind('.'));
    if let Some(last) = last
        && let Some(label) = address.get(last + 1..host)
        && label.starts_with(|c: char| c.is_ascii_alphabetic())
        && let Some(other) = label.find(|c: char| !c.is_ascii() || bracket(c).is_some())
    {
        address = address.get(..last + 1 + other).unwrap_or_default();
    }
    // By kind of bracket, how many more are closed than opened.
    let mut spare = [0_i32; 3];
    for c in address.chars() {
        if let Some((kind, step)) = bracket(c) {
            spare[kind] += step;
        }
    }
    while let Some(last) = address.chars().next_back() {
        let closes_sentence = match bracket(last) {
            // A bracket belongs to the address if it was opened and closed there.
            Some((kind, step)) => {
                let is_spare = spare[kind] * step > 0;
                spare[kind] -= step;
                is_spare
            }
            None => matches!(
                last,
                '.' | ','
                    | ':'
                    | ';'
                    | '!'
                    | '?'
                    | '\''
                    | '*'
                    | '_'
                    | '~'
                    | '\u{200c}'
                    | '\u{200d}'
            ),
        };
        if !closes_sentence {
            break;
        }
        address = address.strip_suffix(last).unwrap_or_default();
    }
    address
}

/// Tells which kind of bracket a character is, and whether it closes (1) or opens (-1).
fn bracket(c: char) -> Option<(usize, i32)> {
    Some(match c {
        '(' => (0, -1),
        ')' => (0, 1),
        '[' => (1, -1),
        ']' => (1, 1),
        '{' => (2, -1),
        '}' => (2, 1),
        _ => return None,
    })
}

/// Tells characters that never stand in an address: white space, quotes, punctuation of any script, and what reorders
/// or hides its neighbours.
fn ends_address(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '<' | '>' | '"' | '`' | '|' | '«' | '»'
            // General punctuation without the joiners.
            | '\u{2000}'..='\u{200b}' | '\u{200e}'..='\u{206f}' | '\u{feff}'
            // Armenian, Arabic, Devanagari, Burmese, Ethiopic, Khmer.
            | '\u{589}' | '\u{60c}' | '\u{61b}'..='\u{61f}' | '\u{6d4}' | '\u{964}' | '\u{965}'
            | '\u{104a}' | '\u{104b}' | '\u{1361}'..='\u{1368}' | '\u{17d4}'..='\u{17d6}'
            // Chinese, Japanese and Korean, full-width forms included.
            | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{303f}' | '\u{30fb}' | '\u{fe10}'..='\u{fe6f}'
            | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}'
            | '\u{ff5b}'..='\u{ff65}')
}

/// Tells letters of scripts that put no blanks around words, or add endings to foreign ones.
pub(crate) fn has_no_blanks(c: char) -> bool {
    matches!(c,
        // Thai, Lao; Burmese; Khmer.
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        // Chinese, Japanese, Korean.
        | '\u{3005}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ffdc}' | '\u{20000}'..='\u{3ffff}')
}
