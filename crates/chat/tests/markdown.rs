//! Markdown in texts: what is markup, and what only looks like it.

use parlour_chat::{Block, ListItem, Span, markdown};
use proptest::prelude::*;

/// Writes blocks as markup of one's own: `<b>`, `<i>`, `<c>`, `<a>`, and `[]` around blocks.
fn show(blocks: &[Block]) -> String {
    let block = |block: &Block| match block {
        Block::Lines(spans) => show_spans(spans),
        Block::Code(code) => format!("[code {code}]"),
        Block::Quote(blocks) => format!("[quote {}]", show(blocks)),
        Block::List(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|ListItem { number, blocks }| match number {
                    Some(number) => format!("({number} {})", show(blocks)),
                    None => format!("(- {})", show(blocks)),
                })
                .collect();
            format!("[list {}]", items.concat())
        }
    };
    blocks.iter().map(block).collect::<Vec<_>>().join("|")
}

fn show_spans(spans: &[Span]) -> String {
    let span = |span: &Span| match span {
        Span::Text(text) => text.clone(),
        Span::Code(code) => format!("<c>{code}</c>"),
        Span::Emphasis {
            strong: true,
            spans,
        } => format!("<b>{}</b>", show_spans(spans)),
        Span::Emphasis { spans, .. } => format!("<i>{}</i>", show_spans(spans)),
        Span::Link { words, address, .. } => format!("<a {address}>{words}</a>"),
    };
    spans.iter().map(span).collect()
}

#[track_caller]
fn assert_shows<const N: usize>(cases: [(&str, &str); N]) {
    for (text, expected) in cases {
        assert_eq!(show(&markdown(text)), expected, "{text}");
    }
}

#[test]
fn what_only_looks_like_markup_stays_as_it_was_written() {
    for text in [
        "2 * 3 * 4",
        "2*3*4 and 2 *3 *4",
        "snake_case_name and _private",
        "trailing_ and trailing* words",
        ":-* and :-*",
        "Price* and tax* apply",
        "(*) required, (**) too",
        "*** and ___ and ****",
        "**",
        "a ** b ** c",
        "https://example.com/_a_/b*c*d",
        "a_b_c@example.com",
        "5 > 4, ->, >_<, >:-( and > ",
        "-5 degrees, -- and -",
        "2026. A year, 12:30, 1.5 and 3.",
        "# a hash and #42",
        "a `tick and C:\\dir\\a",
        "Hello! ![a] Wow!",
        "[1], [a] (b), [](c) and []",
        "[words](two words)",
        "<b>bold</b> &amp; <script>",
        "a | b\n--|--",
        "*not\nclosed*",
        "line\n\n\nline",
    ] {
        assert_eq!(
            markdown(text),
            [Block::Lines(vec![Span::Text(text.into())])]
        );
    }
}

#[test]
fn emphasis_stands_around_words() {
    assert_shows([
        ("**bold** and *italic*", "<b>bold</b> and <i>italic</i>"),
        ("__bold__, _italic_.", "<b>bold</b>, <i>italic</i>."),
        ("***both***", "<b><i>both</i></b>"),
        (
            "**bold *and italic* too**",
            "<b>bold <i>and italic</i> too</b>",
        ),
        (
            "(**a**) \"*b*\" **c**!",
            "(<b>a</b>) \"<i>b</i>\" <b>c</b>!",
        ),
        ("**one** * **two**", "<b>one</b> * <b>two</b>"),
        ("これは**太字**です", "これは<b>太字</b>です"),
        ("هذا **مهم** جدا", "هذا <b>مهم</b> جدا"),
        ("**a *b**", "<b>a *b</b>"),
        (r"\*no\* and \_no\_", "*no* and _no_"),
        (
            "**https://example.com/a_b**",
            "<b>https://example.com/a_b</b>",
        ),
    ]);
}

#[test]
fn code_is_left_alone() {
    assert_shows([
        ("use `a *b* c`", "use <c>a *b* c</c>"),
        ("``a ` b`` and ` c `", "<c>a ` b</c> and <c>c</c>"),
        ("```\n*a*\n\n> b\n```\nend", "[code *a*\n\n> b]|end"),
        ("before\n```rust\nlet a;", "before|[code let a;]"),
    ]);
}

#[test]
fn lists_and_quotes_are_blocks() {
    assert_shows([
        (
            "Try this:\n- one\n- **two**\n\nThen",
            "Try this:|[list (- one)(- <b>two</b>)]|Then",
        ),
        ("1. a\n1. b\n5) c", "[list (1 a)(2 b)]|[list (5 c)]"),
        ("3. a\n4. b", "[list (3 a)(4 b)]"),
        (
            "* a\n  - b\n  - c\n* d",
            "[list (- a|[list (- b)(- c)])(- d)]",
        ),
        ("- a\n\n- b\n\n  more", "[list (- a)(- b\n\nmore)]"),
        ("> said\n> *so*\nYes", "[quote said\n<i>so</i>]|Yes"),
        ("> - a\n> - b", "[quote [list (- a)(- b)]]"),
    ]);
}

#[test]
fn a_link_has_words_and_an_address() {
    assert_shows([
        (
            "see [our page](https://example.com/a_(b)) now",
            "see <a https://example.com/a_(b)>our page</a> now",
        ),
        (
            "[a](https://example.com \"Title\")",
            "<a https://example.com>a</a>",
        ),
        (
            "![A tent](https://example.com/a.png)",
            "<a https://example.com/a.png>A tent</a>",
        ),
        ("[x](javascript:alert(1))", "<a javascript:alert(1)>x</a>"),
        ("[a [b](c)", "[a <a c>b</a>"),
    ]);
}

#[test]
fn depth_and_length_have_an_end() {
    for one in [
        "> ", "- ", "*", "_a ", "**a ", "`", "[", "[a](", "``` ", "1. ", "\\*", "  - a\n",
    ] {
        let text = one.repeat(30_000 / one.len());
        let before = std::time::Instant::now();
        _ = markdown(&text);
        let took = before.elapsed();
        assert!(took.as_secs() < 5, "{one}: {took:?}");
    }
}

/// Collects what a reader sees.
fn words(blocks: &[Block], into: &mut String) {
    for block in blocks {
        match block {
            Block::Lines(spans) => words_of_spans(spans, into),
            Block::Code(code) => into.push_str(code),
            Block::Quote(blocks) => words(blocks, into),
            Block::List(items) => items.iter().for_each(|item| words(&item.blocks, into)),
        }
    }
}

fn words_of_spans(spans: &[Span], into: &mut String) {
    for span in spans {
        match span {
            Span::Text(text) | Span::Code(text) => into.push_str(text),
            Span::Emphasis { spans, .. } => words_of_spans(spans, into),
            Span::Link { written, .. } => into.push_str(written),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_letter_is_lost_or_moved(text in "([ab*_`>\\[\\]()\\\\.\n 1字-]|https://a\\.de|\\*\\*){0,60}") {
        let mut shown = String::new();
        words(&markdown(&text), &mut shown);
        let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphabetic()).collect() };
        let fenced = text.contains("```");
        prop_assert!(fenced || letters(&shown) == letters(&text), "{text:?} is shown as {shown:?}");
        // What is shown was written, in this order.
        let mut rest = text.chars();
        prop_assert!(shown.chars().filter(|c| *c != '\n').all(|c| rest.any(|other| other == c)));
    }

    #[test]
    fn any_text_can_be_read(text in any::<String>()) {
        _ = markdown(&text);
    }
}
