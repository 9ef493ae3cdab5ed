//! Links: which addresses may be followed, and where they stand in a text.

use web_sys::Url;

/// An address that may be followed, as the browser understands it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// The address itself.
    pub(super) href: String,
    /// The real host of a web address; empty for mail and telephone.
    pub(super) host: String,
    /// What follows the host, if anything but `/`.
    pub(super) path: String,
}

impl Link {
    /// Reads an address. `https`, `http`, `mailto` and `tel` only: anything else could run code or
    /// reach into the visitor's machine.
    pub(super) fn parse(address: &str) -> Option<Self> {
        let url = Url::new(address.trim()).ok()?;
        match url.protocol().as_str() {
            "https:" | "http:" => {
                // A name before the host is there to deceive: `https://bank.example@evil.example`.
                url.set_username("");
                url.set_password("");
                let mut path = [url.pathname(), url.search(), url.hash()].concat();
                if path == "/" {
                    path.clear();
                }
                Some(Self {
                    href: url.href(),
                    host: url.host(),
                    path,
                })
            }
            "mailto:" | "tel:" => Some(Self {
                href: url.href(),
                host: String::new(),
                path: url.pathname(),
            }),
            _ => None,
        }
    }

    /// Reads the address of a page that somebody pushes: may lack its scheme.
    pub(super) fn parse_page(address: &str) -> Option<Self> {
        let address = address.trim();
        let has_scheme = address.split_once(':').is_some_and(|(scheme, rest)| {
            rest.starts_with("//")
                || !scheme.contains('.') && !scheme.eq_ignore_ascii_case("localhost")
        });
        let link = if has_scheme {
            Self::parse(address)
        } else {
            Self::parse(&["https://", address].concat())
        };
        link.filter(|link| !link.host.is_empty())
    }
}

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Just words.
    Words(&'a str),
    /// Words that are an address.
    Link(&'a str),
}

/// Finds the addresses in a text. Whether each may be followed is for [`Link::parse`] to say.
pub(super) fn split_at_links(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut words = 0;
    let mut from = 0;
    while let Some((start, end)) = next_address(text, from) {
        if words < start {
            pieces.push(Piece::Words(text.get(words..start).unwrap_or_default()));
        }
        pieces.push(Piece::Link(text.get(start..end).unwrap_or_default()));
        words = end;
        from = end;
    }
    if words < text.len() {
        pieces.push(Piece::Words(text.get(words..).unwrap_or_default()));
    }
    pieces
}

const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];

/// Finds where the next address begins and ends, at or after a place.
fn next_address(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut start = from;
    loop {
        let rest = text.get(start..)?;
        // Every scheme begins with one of these letters, which are found faster than the schemes.
        let at = rest.find(['h', 'H', 'm', 'M', 't', 'T'])? + start;
        let candidate = text.get(at..)?;
        let scheme = SCHEMES.iter().find(|scheme| {
            let head = candidate.get(..scheme.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(scheme))
        });
        let before = text.get(..at)?.as_bytes().last();
        let begins_word = !before.is_some_and(u8::is_ascii_alphanumeric);
        if let (Some(scheme), true) = (scheme, begins_word) {
            let end = at + address_len(candidate);
            if end > at + scheme.len() {
                return Some((at, end));
            }
        }
        start = at + 1;
    }
}

/// Measures an address: up to white space or a quote, without the punctuation of the sentence
/// around it.
fn address_len(text: &str) -> usize {
    let stops = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`');
    let mut address = text
        .get(..text.find(stops).unwrap_or(text.len()))
        .unwrap_or_default();
    // By kind of bracket, how many more are closed than opened.
    let mut spare = [0_i32; 3];
    for c in address.chars() {
        if let Some((kind, step)) = bracket(c) {
            spare[kind] += step;
        }
    }
    while let Some(last) = address.chars().next_back() {
        let closes_sentence = match (last, bracket(last)) {
            // A bracket belongs to the address if it was opened there.
            (_, Some((kind, 1))) if spare[kind] > 0 => {
                spare[kind] -= 1;
                true
            }
            (
                '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '*' | '_' | '…' | '”' | '’' | '»' | '。'
                | '，',
                _,
            ) => true,
            _ => false,
        };
        if !closes_sentence {
            break;
        }
        address = address.strip_suffix(last).unwrap_or_default();
    }
    address.len()
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
