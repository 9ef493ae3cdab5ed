//! The link to questions about a chat that is over.

mod common;

use common::{GOOD, mistakes, warnings};

fn of(url: &str) -> String {
    format!("{GOOD}[survey]\nurl = \"{url}\"\n")
}

#[test]
fn a_survey_is_a_page_of_https_with_the_known_placeholders() {
    for url in [
        "https://shop.example",
        "https://ask.example/s?chat={chat}&lang={locale}",
        "https://ask.example/{locale}/#{chat}",
    ] {
        assert_eq!(warnings(&of(url)), "", "{url}");
    }
    for (url, told) in [
        (
            "http://ask.example",
            "expected a URL that begins with https://, found \"http://ask.example\"",
        ),
        (
            "/survey",
            "expected a URL that begins with https://, found \"/survey\"",
        ),
        (
            "javascript:alert(1)",
            "expected a URL that begins with https://, found \"javascript:alert(1)\"",
        ),
        (
            "https://ask.example/?name={name}",
            "expected no placeholders but {chat} and {locale}",
        ),
        (
            "https://{chat}.example/",
            "expected a host without placeholders",
        ),
        (
            "https://a@ask.example",
            "expected a URL without credentials: every visitor could read them",
        ),
        ("https://", "expected a host after https://, found \"\""),
    ] {
        assert_eq!(mistakes(&of(url)), format!("8:7: survey.url: {told}"));
    }
}
