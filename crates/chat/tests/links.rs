//! Addresses in texts: each ends where the sentence goes on.

use parlour_chat::{TextPiece, split_at_links};

/// Returns the addresses of a text, each with its words if they differ.
fn links(text: &str) -> Vec<String> {
    let pieces = split_at_links(text);
    let whole: String = pieces
        .iter()
        .map(|piece| match piece {
            TextPiece::Words(words) => *words,
            TextPiece::Link { written, .. } => written,
        })
        .collect();
    assert_eq!(whole, text, "no word is lost");
    pieces
        .into_iter()
        .filter_map(|piece| match piece {
            TextPiece::Words(_) => None,
            TextPiece::Link { written, address } if written == address => Some(address),
            TextPiece::Link { written, address } => Some(format!("{written} = {address}")),
        })
        .collect()
}

#[track_caller]
fn assert_links<const N: usize>(cases: [(&str, &[&str]); N]) {
    for (text, expected) in cases {
        assert_eq!(links(text), expected, "{text}");
    }
}

#[test]
fn an_address_ends_where_the_sentence_goes_on() {
    assert_links([
        (
            "参见https://example.com/guide，详见下文",
            &["https://example.com/guide"],
        ),
        ("（https://example.com）です", &["https://example.com"]),
        ("「https://example.com」をご覧", &["https://example.com"]),
        ("https://example.comです", &["https://example.com"]),
        (
            "https://example.com:8080です",
            &["https://example.com:8080"],
        ),
        (
            "请看https://example.com/guide谢谢",
            &["https://example.com/guide"],
        ),
        (
            "https://example.com/a?b=1을 보세요",
            &["https://example.com/a?b=1"],
        ),
        (
            "ดูที่https://example.com/helpครับ",
            &["https://example.com/help"],
        ),
        ("انظر https://example.com/a، ثم", &["https://example.com/a"]),
        ("هل https://example.com/a؟", &["https://example.com/a"]),
        ("देखें https://example.com/a। फिर", &["https://example.com/a"]),
        (
            "см. https://example.com/a; «https://example.org»",
            &["https://example.com/a", "https://example.org"],
        ),
        (
            "„https://example.com“ – https://example.org/x…",
            &["https://example.com", "https://example.org/x"],
        ),
        (
            "see (https://example.com/a_(b)), or",
            &["https://example.com/a_(b)"],
        ),
        ("[https://example.com/a](", &["https://example.com/a"]),
        ("https://example.com(see below)", &["https://example.com"]),
        (
            "https://example.com/a?b=c!?",
            &["https://example.com/a?b=c"],
        ),
        ("<https://example.com/a>", &["https://example.com/a"]),
        ("https://example.com/a|b", &["https://example.com/a"]),
        ("https://example.com/a\u{200b}b", &["https://example.com/a"]),
        (
            "\u{202e}https://example.com/a\u{202c}b",
            &["https://example.com/a"],
        ),
        (
            "https://example.com/a\u{200d} b",
            &["https://example.com/a"],
        ),
        ("HTTPS://EXAMPLE.COM/A.", &["HTTPS://EXAMPLE.COM/A"]),
        ("https:// and xhttps://example", &[]),
    ]);
}

#[test]
fn names_in_any_script_stay_whole() {
    assert_links([
        (
            "https://ja.wikipedia.org/wiki/東京です。",
            &["https://ja.wikipedia.org/wiki/東京です"],
        ),
        ("https://例え.jp/参照 を", &["https://例え.jp/参照"]),
        ("https://abc商店.com/x", &["https://abc商店.com/x"]),
        ("https://müller.de/größe", &["https://müller.de/größe"]),
        ("https://пример.рф/путь, да", &["https://пример.рф/путь"]),
        (
            "https://نامه\u{200c}ای.com/a",
            &["https://نامه\u{200c}ای.com/a"],
        ),
        ("www.müller.de!", &["www.müller.de = https://www.müller.de"]),
    ]);
}

#[test]
fn hosts_without_a_scheme_are_links() {
    assert_links([
        (
            "www.example.com",
            &["www.example.com = https://www.example.com"],
        ),
        (
            "Siehe www.example.com/a?b#c.",
            &["www.example.com/a?b#c = https://www.example.com/a?b#c"],
        ),
        (
            "请访问example.com谢谢",
            &["example.com = https://example.com"],
        ),
        (
            "请访问www.example.com谢谢",
            &["www.example.com = https://www.example.com"],
        ),
        (
            "shop.example.co.uk/returns, please",
            &["shop.example.co.uk/returns = https://shop.example.co.uk/returns"],
        ),
        (
            "Web:example.com:8443/x or example.org: yes",
            &[
                "example.com:8443/x = https://example.com:8443/x",
                "example.org = https://example.org",
            ],
        ),
        ("see…example.com...", &["example.com = https://example.com"]),
    ]);
}

#[test]
fn words_with_dots_are_no_hosts() {
    for text in [
        "www. is short",
        "www.example",
        "readme.md main.rs invoice.pdf photo.jpeg archive.tar.gz",
        "Node.js e.g. z.B. i.e. U.S.A. 3.14 1.2.3 10.0.0.1 v2.0.1",
        "It is finished.It works. Look.at this. ok.no.",
        "example.comma example.com_x",
        "ftp://example.com file:///c.com C:\\temp\\x.com",
        "a..com -.com .com",
        "javascript:alert(1) data:text/html,x",
    ] {
        assert_links([(text, &[])]);
    }
}

#[test]
fn mail_addresses_are_links() {
    assert_links([
        ("a@example.com", &["a@example.com = mailto:a@example.com"]),
        (
            "请写信到mia.o'a+b@mail.example.co.jp。",
            &["a+b@mail.example.co.jp = mailto:a+b@mail.example.co.jp"],
        ),
        (
            "<jörg_m@müller.de>, danke",
            &["jörg_m@müller.de = mailto:jörg_m@müller.de"],
        ),
        (
            "a@example.comです",
            &["a@example.com = mailto:a@example.com"],
        ),
        (
            "john.com@example.org.",
            &["john.com@example.org = mailto:john.com@example.org"],
        ),
        (
            "mailto:a@example.com?subject=x.",
            &["mailto:a@example.com?subject=x"],
        ),
        (
            "-._a@example.com",
            &["a@example.com = mailto:a@example.com"],
        ),
        ("@mia a@b a@b.1 a@.com @example.c a@b..com", &[]),
    ]);
}

#[test]
fn telephone_numbers_in_international_form_are_links() {
    assert_links([
        ("+49 89 1234567", &["+49 89 1234567 = tel:+49891234567"]),
        (
            "Tel.:+49 (0)89 / 123-4567.",
            &["+49 (0)89 / 123-4567 = tel:+49891234567"],
        ),
        (
            "(+1 (555) 123-4567)",
            &["+1 (555) 123-4567 = tel:+15551234567"],
        ),
        (
            "電話+81 3-1234-5678まで",
            &["+81 3-1234-5678 = tel:+81312345678"],
        ),
        (
            "電話は+81 3-1234-5678 まで",
            &["+81 3-1234-5678 = tel:+81312345678"],
        ),
        (
            "+44\u{a0}20\u{a0}7946\u{2011}0000, or +15551234567",
            &[
                "+44\u{a0}20\u{a0}7946\u{2011}0000 = tel:+442079460000",
                "+15551234567 = tel:+15551234567",
            ],
        ),
        (
            "tel:+49 89 1234567",
            &["tel:+49 89 1234567 = tel:+49891234567"],
        ),
        ("tel:089-1234567.", &["tel:089-1234567"]),
    ]);
}

#[test]
fn other_numbers_are_no_telephone_numbers() {
    for text in [
        "order 4711-0815-2342, 100 200 300",
        "2026-11-30, 30.11.2026 12:30",
        "DE89 3704 0044 0532 0130 00",
        "4111 1111 1111 1111 and +4111 1111 1111 1111 1",
        "+5 %, +100 EUR, 2+2, C++11, a+49891234567, 1+15551234567",
        "+0049 89 1234567",
        "+1234567",
        "+49 89 1234567x",
        "089 1234567",
    ] {
        assert_links([(text, &[])]);
    }
}
