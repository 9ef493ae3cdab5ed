//! Which files may be sent, and what they may be called.

use crate::blank::is_blank;
use crate::model::{FileLimits, Refusal, RefusalReason};
use crate::state::Agents;

/// Longest name that is shown or saved, in characters.
const LONGEST_NAME: usize = 120;

/// Cleans a file's name of what could mislead: paths, control and bidi characters, leading dots.
/// Never empty.
pub(crate) fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean = honest_name(last);
    let clean = clean.trim().trim_start_matches('.').trim();
    if clean.is_empty() {
        return "file".into();
    }
    shorten(clean)
}

/// Cuts a long name in the middle, so that its ending stays.
fn shorten(name: &str) -> String {
    let length = name.chars().count();
    if length <= LONGEST_NAME {
        return name.into();
    }
    let ending: String = name.chars().skip(length - 20).collect();
    let start: String = name.chars().take(LONGEST_NAME - 21).collect();
    [&start, "…", &ending].concat()
}

/// Leaves out of a name what reorders or hides the words around it. Joiners stay, unless there is nothing to
/// join: Persian, Indian scripts and emoji are spelled with them.
pub(crate) fn honest_name(name: &str) -> String {
    let honest = |c: &char| !c.is_control() && !misleads(*c);
    let honest: String = name.chars().filter(honest).collect();
    if is_blank(&honest) {
        return String::new();
    }
    honest
}

/// Tells characters that reorder or hide their neighbours.
fn misleads(c: char) -> bool {
    matches!(c,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{061c}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Tells whether a text that was copied together with files is what the visitor wants: spreadsheets add a picture of
/// the cells. File managers add the names of the files, or their paths.
#[must_use]
pub fn text_wins(text: &str, names: &[String]) -> bool {
    let names_file = |line: &str| {
        let last = line.rsplit(['/', '\\']).next().unwrap_or_default();
        line.starts_with("file:") || names.iter().any(|name| name == last)
    };
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.any(|line| !names_file(line))
}

/// Tells whether a web page came in place of the file that was asked for: that of a proxy, or of a network that wants
/// its terms accepted. `content_type` is the answer's, empty if it has none.
#[must_use]
pub fn is_page_instead(name: &str, content_type: &str) -> bool {
    let begins_with = |text: &str, start: &str| {
        let head = text.get(..start.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(start))
    };
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_named_so = ["html", "htm", "xhtml"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known));
    begins_with(content_type.trim_start(), "text/html") && !is_named_so
}

impl FileLimits {
    /// Counts the files that may still be sent, where the server limits them.
    #[must_use]
    pub fn left(&self) -> Option<u64> {
        let most = self.max_files?;
        Some(most.saturating_sub(self.used_files))
    }

    /// Tells why no file at all can be sent now, if so.
    #[must_use]
    pub fn refuse_all(&self, agents: &Agents) -> Option<RefusalReason> {
        if self.lacks_agent(agents) {
            Some(RefusalReason::NeedsAgent)
        } else {
            (self.left() == Some(0)).then_some(RefusalReason::TooManyFiles)
        }
    }

    /// Tells whether an agent must come first. One who came once counts, also while the chat is on hold or handed over.
    fn lacks_agent(&self, agents: &Agents) -> bool {
        self.needs_agent && *agents == Agents::Awaited
    }
}

/// Tells why a file may not be sent, if so. `waiting` = number and bytes of those not counted yet.
pub(crate) fn refuse(
    name: &str,
    bytes: u64,
    waiting: (u64, u64),
    agents: &Agents,
    limits: &FileLimits,
) -> Option<Refusal> {
    let over = |value: u64, limit: Option<u64>| limit.filter(|limit| value > *limit);
    if limits.lacks_agent(agents) {
        return Some(Refusal::of(RefusalReason::NeedsAgent));
    }
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    let known = |extension: &String| limits.extensions.contains(extension);
    if !limits.extensions.is_empty() && !extension.as_ref().is_some_and(known) {
        return Some(Refusal::of(RefusalReason::FileTypeRefused));
    }
    if let Some(limit) = over(bytes, limits.max_file_bytes) {
        return Some(Refusal::with_limit(RefusalReason::FileTooLarge, limit));
    }
    let (files, total) = waiting;
    if let Some(limit) = over(
        (limits.used_files + files).saturating_add(1),
        limits.max_files,
    ) {
        return Some(Refusal::with_limit(RefusalReason::TooManyFiles, limit));
    }
    let together = limits
        .used_bytes
        .saturating_add(total)
        .saturating_add(bytes);
    over(together, limits.max_total_bytes)
        .map(|limit| Refusal::with_limit(RefusalReason::FilesTooLarge, limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_comes_in_place_of_files_that_are_none() {
        assert!(is_page_instead("plan.pdf", "text/html; charset=utf-8"));
        assert!(is_page_instead("plan", "Text/HTML"));
        assert!(!is_page_instead("plan.pdf", "application/pdf"));
        assert!(!is_page_instead("plan.pdf", ""));
        assert!(!is_page_instead("REPORT.HTM", "text/html"));
    }

    #[test]
    fn cleans_names() {
        for (name, clean) in [
            ("C:\\fakepath\\invoice.pdf", "invoice.pdf"),
            ("../../etc/passwd", "passwd"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            (".htaccess", "htaccess"),
            ("a\u{0}b\nc.txt", "abc.txt"),
            ("..", "file"),
            ("", "file"),
            ("naïve Übersicht.txt", "naïve Übersicht.txt"),
            // Joiners are spelling.
            ("می\u{200c}خواهم.pdf", "می\u{200c}خواهم.pdf"),
            ("👩\u{200d}💻.png", "👩\u{200d}💻.png"),
            ("\u{200d}", "file"),
            ("\u{2067}a\u{2069}\u{200f}.txt", "a.txt"),
            // Letters without a shape.
            ("\u{3164}\u{2800}", "file"),
        ] {
            assert_eq!(clean_name(name), clean);
        }
    }

    #[test]
    fn a_copied_text_wins_unless_it_only_names_the_files() {
        let names = ["a b.pdf".to_owned(), "c.png".to_owned()];
        for text in ["1\t2\n3\t4", "see c.png", "a b.pdf\nhello", "x"] {
            assert!(text_wins(text, &names), "{text}");
        }
        for text in [
            "",
            " \n",
            "a b.pdf\r\nc.png",
            "/home/me/a b.pdf",
            "C:\\me\\c.png",
            "file:///home/me/a%20b.pdf",
        ] {
            assert!(!text_wins(text, &names), "{text}");
        }
    }

    #[test]
    fn keeps_the_ending_of_a_long_name() {
        let name = clean_name(&format!("{}.tar.gz", "x".repeat(500)));
        assert_eq!(name.chars().count(), LONGEST_NAME);
        assert!(name.ends_with(".tar.gz"), "{name}");
    }

    #[test]
    fn says_which_limit_is_passed() {
        let limits = FileLimits {
            max_files: Some(3),
            max_file_bytes: Some(100),
            max_total_bytes: Some(250),
            extensions: vec!["pdf".into()],
            used_files: 1,
            used_bytes: 100,
            ..FileLimits::default()
        };
        let reason = |name, bytes, waiting| {
            refuse(name, bytes, waiting, &Agents::Awaited, &limits)
                .map(|refusal| (refusal.reason, refusal.limit))
        };
        assert_eq!(reason("a.PDF", 100, (0, 0)), None);
        assert_eq!(
            reason("a.exe", 1, (0, 0)),
            Some((RefusalReason::FileTypeRefused, None))
        );
        assert_eq!(
            reason("pdf", 1, (0, 0)),
            Some((RefusalReason::FileTypeRefused, None))
        );
        assert_eq!(
            reason("a.pdf", 101, (0, 0)),
            Some((RefusalReason::FileTooLarge, Some(100)))
        );
        assert_eq!(
            reason("a.pdf", 1, (2, 2)),
            Some((RefusalReason::TooManyFiles, Some(3)))
        );
        assert_eq!(
            reason("a.pdf", 80, (1, 80)),
            Some((RefusalReason::FilesTooLarge, Some(250)))
        );
    }

    #[test]
    fn waits_for_an_agent_where_the_server_wants_one() {
        let limits = FileLimits {
            needs_agent: true,
            ..FileLimits::default()
        };
        let refusal = refuse("a.pdf", 1, (0, 0), &Agents::Awaited, &limits);
        assert_eq!(
            refusal.map(|refusal| refusal.reason),
            Some(RefusalReason::NeedsAgent)
        );
        assert_eq!(refuse("a.pdf", 1, (0, 0), &Agents::Gone, &limits), None);
        assert_eq!(
            limits.refuse_all(&Agents::Awaited),
            Some(RefusalReason::NeedsAgent)
        );
        assert_eq!(limits.refuse_all(&Agents::Gone), None);
    }
}
