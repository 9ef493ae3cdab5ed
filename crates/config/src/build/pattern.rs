//! Whether browsers take a field's pattern, and if not, which of its characters is to blame.
//!
//! They compile it with the `v` flag (HTML standard, "compiled pattern regular expression") and ignore it
//! without a word where that fails.

use regress::{Flags, Regex};

/// Says which character keeps browsers from taking a pattern, and what to write instead.
pub(super) fn wrong_pattern(pattern: &str) -> Option<String> {
    let mut scan = Scan::new(pattern);
    let slip = scan.first_slip().map(Slip::words);
    let reason = slip.or_else(|| Some(compile(&scan.spelled()).err()?.to_string()))?;
    Some(format!("browsers would ignore this pattern: {reason}"))
}

/// Tells whether a value matches a pattern as a whole. A pattern that is none matches nothing.
pub(super) fn matches(pattern: &str, value: &str) -> bool {
    let mut scan = Scan::new(pattern);
    scan.first_slip();
    let whole = compile(&format!("^(?:{})$", scan.spelled()));
    whole.is_ok_and(|whole| whole.find(value).is_some())
}

fn compile(pattern: &str) -> Result<Regex, regress::Error> {
    // `unicode_sets` alone would be lenient, as browsers are to scripts of the old days.
    let flags = Flags {
        unicode: true,
        unicode_sets: true,
        ..Flags::default()
    };
    Regex::with_flags(pattern, flags)
}

/// A character that is wrong where it stands.
struct Slip {
    /// Counts characters of the pattern from 0.
    at: usize,
    /// The character, with the one it belongs to.
    found: String,
    /// What is wrong, and what to write instead.
    cure: String,
}

impl Slip {
    fn words(self) -> String {
        format!("character {}, {}: {}", self.at + 1, self.found, self.cure)
    }
}

/// Characters that mean something outside of classes.
const SYNTAX: &str = "^$\\.*+?()[]{}|/";
/// What a backslash gives a meaning to.
const ESCAPES: &str = "dDsSwWbBfnrtvxuckpP0123456789";
/// What else may stand after a backslash within a class.
const CLASS_PUNCTUATION: &str = "&-!#%,:;<=>@`~";
/// What stands in a class only with a backslash.
const CLASS_SYNTAX: &str = "(){}/|";
/// What means nothing yet in a class when it is doubled, and may one day.
const DOUBLED: &str = "!#$%*+,.:;<=>?@^`~";

/// A walk over a pattern's characters.
struct Scan {
    chars: Vec<char>,
    at: usize,
    /// Where the groups that are open begin, and whether they can be repeated.
    groups: Vec<(usize, bool)>,
    /// Whether what was read last can be repeated.
    can_repeat: bool,
    /// Which characters `regress` wants a backslash before, and browsers do not.
    bare: Vec<usize>,
}

impl Scan {
    fn new(pattern: &str) -> Self {
        Self {
            chars: pattern.chars().collect(),
            at: 0,
            groups: Vec::new(),
            can_repeat: false,
            bare: Vec::new(),
        }
    }

    /// Writes the pattern as `regress` takes it: it refuses two different characters of [`DOUBLED`]
    /// beside each other in a class.
    fn spelled(&self) -> String {
        let mut spelled = String::new();
        for (at, c) in self.chars.iter().enumerate() {
            if self.bare.contains(&at) {
                spelled.push('\\');
            }
            spelled.push(*c);
        }
        spelled
    }

    /// Finds the first character that is wrong where it stands.
    fn first_slip(&mut self) -> Option<Slip> {
        while let Some(c) = self.peek(0) {
            let slip = match c {
                '\\' => self.escape(ESCAPES, SYNTAX, ""),
                '[' => self.class(),
                '(' => self.group(),
                ')' => match self.groups.pop() {
                    Some((_, can_repeat)) => self.read(1, can_repeat),
                    None => Some(self.escape_it("closes no group")),
                },
                '{' => self.count(),
                ']' | '}' => Some(self.escape_it("closes nothing")),
                '*' | '+' | '?' => self.quantifier(1),
                '|' | '^' | '$' => self.read(1, false),
                _ => self.read_atom(),
            };
            if slip.is_some() {
                return slip;
            }
        }
        self.at = self.groups.pop()?.0;
        Some(self.escape_or("is not closed", "a ) behind what it is to hold"))
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn read(&mut self, len: usize, can_repeat: bool) -> Option<Slip> {
        self.at += len;
        self.can_repeat = can_repeat;
        None
    }

    fn read_atom(&mut self) -> Option<Slip> {
        self.read(1, true)
    }

    /// Reads what a backslash begins.
    fn escape(&mut self, escapes: &str, syntax: &str, more: &str) -> Option<Slip> {
        let Some(c) = self.peek(1) else {
            return Some(self.slip(1, "stands before nothing: write \\\\ for the character"));
        };
        let is_one = |of: &str| of.contains(c);
        if !(is_one(escapes) || is_one(syntax) || is_one(more)) {
            let cure = format!("is no escape: write {c} without the backslash");
            return Some(self.slip(2, &cure));
        }
        let braces = match (c, self.peek(2)) {
            ('u' | 'p' | 'P' | 'q', Some('{')) => Some('}'),
            ('k', Some('<')) => Some('>'),
            _ => None,
        };
        let closing = braces.and_then(|closing| {
            let mut rest = self.chars.iter().skip(self.at);
            rest.position(|c| *c == closing)
        });
        let len = match (closing, c) {
            (Some(closing), _) => closing + 1,
            (None, 'u') => 6,
            (None, 'x') => 4,
            (None, 'c') => 3,
            (None, _) => 2,
        };
        let named = match c {
            'p' | 'P' => "names no property: write one such as \\p{L}",
            'u' => "is no character: write it by its number, such as \\u{20AC}",
            'x' => "is no character: write it by its number, such as \\x41",
            'c' => "is no control character: write one such as \\cA",
            _ => return self.read(len, !"bB".contains(c)),
        };
        let whole: String = self.chars.iter().skip(self.at).take(len).collect();
        if compile(&whole).is_err() {
            return Some(self.slip(if braces.is_some() { len } else { 2 }, named));
        }
        self.read(len, true)
    }

    /// Reads what opens a group.
    fn group(&mut self) -> Option<Slip> {
        let (opening, can_repeat) = match (self.peek(1), self.peek(2), self.peek(3)) {
            (Some('?'), Some('<'), Some('=' | '!')) => (4, false),
            (Some('?'), Some('=' | '!'), _) => (3, false),
            (Some('?'), Some(':' | '<'), _) => (3, true),
            (Some('?'), ..) => {
                let cure = "begins a group that not all browsers know: write (?: instead";
                return Some(self.slip(2, cure));
            }
            _ => (1, true),
        };
        self.groups.push((self.at, can_repeat));
        self.read(opening, false)
    }

    /// Reads how often what stands before is to be repeated.
    fn count(&mut self) -> Option<Slip> {
        let rest = self.chars.get(self.at + 1..).unwrap_or_default();
        let held: String = rest.iter().take_while(|c| **c != '}').collect();
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let (least, most) = held.split_once(',').unwrap_or((&held, ""));
        let closed = rest.len() > held.chars().count();
        if closed && is_number(least) && (most.is_empty() || is_number(most)) {
            return self.quantifier(held.chars().count() + 2);
        }
        let instead = match (closed, is_number(least), is_number(most)) {
            (true, false, true) if least.is_empty() => format!("{{0,{most}}}"),
            (false, true, false) if !held.contains(',') => format!("{{{least}}}"),
            _ => "a count such as {3} or {0,3}".into(),
        };
        Some(self.escape_or("begins no count", &instead))
    }

    fn quantifier(&mut self, len: usize) -> Option<Slip> {
        if !self.can_repeat {
            return Some(self.escape_it("has nothing before it that can be repeated"));
        }
        let lazy = usize::from(self.chars.get(self.at + len) == Some(&'?'));
        self.read(len + lazy, false)
    }

    /// Reads a class, with those inside it.
    fn class(&mut self) -> Option<Slip> {
        let start = self.at;
        let mut depth = 0;
        // Whether a hyphen would come after a character that a range can begin with.
        let mut can_range = false;
        while let Some(c) = self.peek(0) {
            let next = self.peek(1);
            let slip = match c {
                '\\' => {
                    can_range = !next.is_some_and(|next| "dDsSwWpPq".contains(next));
                    let escapes = [ESCAPES, "q"].concat();
                    let slip = self.escape(&escapes, SYNTAX, CLASS_PUNCTUATION);
                    if slip.is_some() {
                        return slip;
                    }
                    continue;
                }
                '[' => {
                    depth += 1;
                    self.at += usize::from(next == Some('^'));
                    can_range = false;
                    None
                }
                ']' => {
                    depth -= 1;
                    can_range = false;
                    None
                }
                '-' | '&' if next == Some(c) => {
                    self.at += 1;
                    can_range = false;
                    None
                }
                '-' if !can_range || next == Some(']') => Some("joins no two characters"),
                '-' => {
                    // The end of the range cannot begin another.
                    let end = usize::from(next.is_some_and(|next| !"\\[".contains(next)));
                    self.at += end;
                    can_range = false;
                    None
                }
                _ if CLASS_SYNTAX.contains(c) => Some("means something in a class"),
                _ if DOUBLED.contains(c) && next == Some(c) => Some("is doubled in a class"),
                _ => {
                    if DOUBLED.contains(c) {
                        self.bare.push(self.at);
                    }
                    can_range = true;
                    None
                }
            };
            if let Some(wrong) = slip {
                return Some(self.escape_it(wrong));
            }
            self.at += 1;
            if depth == 0 {
                self.can_repeat = true;
                return None;
            }
        }
        self.at = start;
        Some(self.escape_or("is not closed", "a ] behind what it is to hold"))
    }

    /// Says that a character is to be written with a backslash.
    fn escape_it(&self, wrong: &str) -> Slip {
        let c = self.peek(0).unwrap_or_default();
        self.slip(1, &format!("{wrong}: write \\{c} for the character"))
    }

    fn escape_or(&self, wrong: &str, instead: &str) -> Slip {
        let c = self.peek(0).unwrap_or_default();
        let cure = format!("{wrong}: write {instead}, or \\{c} for the character");
        self.slip(1, &cure)
    }

    fn slip(&self, len: usize, cure: &str) -> Slip {
        let found = self.chars.iter().skip(self.at).take(len).collect();
        Slip {
            at: self.at,
            found,
            cure: cure.into(),
        }
    }
}
