//! What a site owner rules about the widget's appearance on pages.

mod common;

use common::{FULL, GOOD, mistakes, read, warnings};
use parlour_config::{Config, Rules};

#[test]
fn the_rules_are_for_the_loader_only() {
    let tenant = read(FULL).unwrap();
    assert_eq!(tenant.config.rules.hide_on, ["/shop/checkout/*"]);
    let json = tenant.to_json().unwrap();
    assert!(!json.contains("rules"), "{json}");
    assert_eq!(Config::from_json(&json).unwrap().rules, Rules::default());
}

#[test]
fn paths_begin_with_a_slash_or_a_star() {
    let file = |pattern: &str| format!("{GOOD}[rules]\nhide_on = [\"{pattern}\"]\n");
    for pattern in [
        "/checkout",
        "/checkout/*",
        "*/basket",
        "*.html",
        "/",
        "/über/*",
        "/#/checkout/*",
        "*#!/basket",
        "/help#faq",
    ] {
        assert_eq!(warnings(&file(pattern)), "", "{pattern}");
    }
    let expected = "expected a path that begins with a slash or a star, such as /checkout/*";
    for (pattern, rest) in [
        ("checkout", ", found \"checkout\""),
        ("", ", found \"\""),
        ("/a b", ", found \"/a b\""),
        ("//shop", ", found \"//shop\""),
        ("https://shop.example/a", ", without scheme and host"),
        ("/a?b=c", ", without query"),
        ("/#/a?b=c", ", without query"),
        (
            "#/checkout",
            ": what stands before the hash, too, as in *#/checkout/*",
        ),
        ("//shop#/a", ", found \"//shop#/a\""),
    ] {
        assert_eq!(
            mistakes(&file(pattern)),
            format!("8:12: rules.hide_on[0]: {expected}{rest}")
        );
    }
}

#[test]
fn a_path_is_listed_once() {
    let file = format!("{GOOD}[rules]\nshow_on = [\"/a\"]\nhide_on = [\"/b\", \"/a\"]\n");
    assert_eq!(
        mistakes(&file),
        "9:18: rules.hide_on[1]: is the same as rules.show_on[0]"
    );
}

#[test]
fn a_rule_that_leaves_nothing_or_does_nothing_is_warned_of() {
    let told = |line: &str| warnings(&format!("{GOOD}[rules]\n{line}\n"));
    assert!(told("hide_on = [\"/*\"]").ends_with("leaves no page with the launcher"));
    assert!(told("hide_on = [\"*#*\"]").ends_with("leaves no page with the launcher"));
    assert_eq!(told("hide_on = [\"/#*\"]"), "");
    assert!(told("open_once = \"session\"").ends_with("without open_after_s or open_on_exit"));
    assert_eq!(told("open_on_exit = true\nopen_once = \"session\""), "");
    assert!(told("show_on = [\"*\"]").ends_with("is every page: the list has no effect"));
}
