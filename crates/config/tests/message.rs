//! The form for leaving a message.

mod common;

use common::{FULL, GOOD, mistakes, read, warnings};
use parlour_config::Ask;

#[test]
fn the_form_is_for_the_loader_only() {
    let tenant = read(FULL).unwrap();
    assert_eq!(tenant.config.message.as_ref().unwrap().url, "/messages");
    let json = tenant.to_json().unwrap();
    assert!(!json.contains("message"), "{json}");
}

#[test]
fn it_asks_for_an_address_and_perhaps_a_name() {
    let file = format!("{GOOD}[message]\nurl = \"/messages\"\n");
    let message = read(&file).unwrap().config.message.unwrap();
    assert_eq!(
        (message.name, message.email),
        (Ask::Optional, Ask::Required)
    );
}

#[test]
fn messages_go_where_nobody_reads_them_on_the_way() {
    let of = |url: &str| format!("{GOOD}[message]\nurl = \"{url}\"\n");
    for url in [
        "/messages",
        "/a?b=c",
        "https://shop.example/messages",
        "http://127.0.0.1:9000/messages",
    ] {
        assert_eq!(warnings(&of(url)), "", "{url}");
    }
    let link = "expected a URL that begins with https://, or a path of the site that begins with one slash";
    for (url, told) in [
        ("", link),
        ("messages", link),
        ("//shop.example/a", link),
        ("mailto:a@shop.example", link),
        (
            "http://shop.example/a",
            "expected https://: whoever is on the way could read the messages",
        ),
        (
            "https://me:secret@shop.example/a",
            "expected a URL without credentials: every visitor could read them",
        ),
        ("/a#b", "expected a URL without fragment"),
    ] {
        assert_eq!(mistakes(&of(url)), format!("8:7: message.url: {told}"));
    }
    assert_eq!(
        mistakes(&format!("{GOOD}[message]\nname = \"none\"\n")),
        "7:1: message.url: missing, expected a string"
    );
}

#[test]
fn closed_hours_need_the_form_that_they_name() {
    let hours = "[hours]\nzone = \"UTC\"\nclosed = \"message\"\nmonday = [\"9:00-17:00\"]\n";
    assert_eq!(
        mistakes(&format!("{GOOD}{hours}")),
        "9:10: hours.closed: \"message\" needs a [message] with a url"
    );
    assert_eq!(
        warnings(&format!("{GOOD}{hours}[message]\nurl = \"/messages\"\n")),
        ""
    );
}

#[test]
fn a_form_without_an_address_is_warned_of() {
    let file = format!("{GOOD}[message]\nurl = \"/messages\"\nemail = \"none\"\n");
    assert!(
        warnings(&file).ends_with("leaves nobody to answer, unless the site knows the visitor")
    );
}
