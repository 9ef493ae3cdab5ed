use super::{Conversation, Line};
use crate::links::{TextPiece, split_at_links};

/// What a page may do that was taken away: show itself. Nothing in it runs, and nothing is fetched.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The look of the page, also in the dark and on paper.
const STYLE: &str = "\
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}\
body{max-width:42em;margin:2em auto;padding:0 1em;overflow-wrap:anywhere}\
h1{margin:0;font-size:1.5em}\
h2{margin:2em 0 1em;font-size:1em;text-align:center}\
.date,.event,.meta{color:GrayText;font-size:.85em}\
.event{margin:1em 0;text-align:center}\
.line{width:fit-content;max-width:85%;margin:0 0 .75em}\
.mine{margin-inline-start:auto}\
.meta{margin:0}\
.text{margin:0;padding:.5em .9em;border:1px solid #8888;border-radius:1em;white-space:pre-wrap;break-inside:avoid}\
.mine .text{background:#4a7dff26}";

impl Conversation {
    /// Writes a whole HTML document without scripts.
    #[must_use]
    pub fn to_html(&self) -> String {
        let direction = if self.is_right_to_left { "rtl" } else { "ltr" };
        let title = escaped(&self.title);
        let mut html = [
            "<!DOCTYPE html>\n<html lang=\"",
            &escaped(&self.locale),
            "\" dir=\"",
            direction,
            "\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"",
            POLICY,
            "\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
            &title,
            "</title>\n<style>",
            STYLE,
            "</style>\n</head>\n<body>\n<h1 dir=\"auto\">",
            &title,
            "</h1>\n<p class=\"date\">",
            &escaped(&self.date),
            "</p>\n",
        ]
        .concat();
        for line in &self.lines {
            html += &line_html(line);
        }
        html + "</body>\n</html>\n"
    }
}

fn line_html(line: &Line) -> String {
    match line {
        Line::Day(day) => ["<h2>", &escaped(day), "</h2>\n"].concat(),
        Line::Happened(words) => {
            let words = linked(words);
            ["<p class=\"event\" dir=\"auto\">", &words, "</p>\n"].concat()
        }
        Line::Said {
            name,
            is_mine,
            time,
            text,
            fate,
        } => {
            let class = if *is_mine { "line mine" } else { "line" };
            let facts = [Some(time.as_str()), fate.as_deref()];
            let facts: String = facts
                .into_iter()
                .flatten()
                .filter(|fact| !fact.is_empty())
                .flat_map(|fact| [" · ".to_owned(), escaped(fact)])
                .collect();
            [
                "<div class=\"",
                class,
                "\">\n<p class=\"meta\"><bdi>",
                &escaped(name),
                "</bdi>",
                &facts,
                "</p>\n<p class=\"text\" dir=\"auto\">",
                &linked(text),
                "</p>\n</div>\n",
            ]
            .concat()
        }
    }
}

/// Escapes a text, and makes links of the web addresses in it.
fn linked(text: &str) -> String {
    let pieces = split_at_links(text).into_iter();
    let pieces = pieces.map(|piece| match piece {
        TextPiece::Words(words) => escaped(words),
        TextPiece::Link { written, address } => {
            let (href, shown) = (escaped(&address), escaped(written));
            let link = [
                "<a href=\"",
                &href,
                "\" rel=\"noopener noreferrer\">",
                &shown,
            ];
            [&link.concat(), "</a>"].concat()
        }
    });
    pieces.collect()
}

/// Escapes a text for HTML, between tags and in attributes alike.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Not allowed in a document.
            c if c.is_control() && !c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}
