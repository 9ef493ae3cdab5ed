//! What the contact centre is told of the page.

mod common;

use common::{FULL, GOOD, mistakes, read, warnings};

fn with(context: &str) -> String {
    format!("{GOOD}[context]\n{context}\n")
}

#[test]
fn nothing_is_told_of_the_page_without_a_name() {
    let config = read(GOOD).unwrap().config;
    assert!(config.context.is_empty());
    let full = read(FULL).unwrap().config.context;
    assert_eq!(full.url.as_deref(), Some("PageUrl"));
    assert_eq!(
        full.data.get("cart-value").map(String::as_str),
        Some("Cart")
    );
    assert!(!full.is_empty() && !full.follow && full.keep_hash);
    assert!(!read(FULL).unwrap().to_json().unwrap().contains("PageUrl"));
}

#[test]
fn names_are_told_apart() {
    for (context, expected) in [
        (
            "url = \" \"",
            "8:7: context.url: expected a name of 1 to 128 characters",
        ),
        (
            "url = \"Page\"\ntitle = \"Page\"",
            "9:9: context.title: is the same name as that of context.url",
        ),
        (
            "locale = \"L\"\ndata = { lang = \"L\" }",
            "9:17: context.data.lang: is the same name as that of context.locale",
        ),
        (
            "time_zone = \"TimeZone\"",
            "8:13: context.time_zone: \"TimeZone\" is given by every chat: the visitor's minutes from UTC",
        ),
        (
            "data = { cartValue = \"Cart\" }",
            "8:10: context.data.cartValue: expected lower-case letters, digits and hyphens, as in an attribute",
        ),
        (
            "data = { cart-2 = \"Cart\" }",
            "8:10: context.data.cart-2: expected lower-case letters, digits and hyphens, as in an attribute",
        ),
        (
            "url = \"U\"\nkeep_query = [\"utm_source=x\"]",
            "9:15: context.keep_query[0]: expected the name of a parameter such as utm_source, found \
             \"utm_source=x\"",
        ),
    ] {
        assert_eq!(mistakes(&with(context)), expected, "{context}");
    }
}

#[test]
fn what_has_no_effect_is_warned_of() {
    assert_eq!(
        warnings(&with(
            "title = \"T\"\nkeep_query = [\"q\"]\nkeep_hash = true"
        )),
        "9:14: context.keep_query: has no effect: neither url nor referrer has a name\n\
         10:13: context.keep_hash: has no effect: neither url nor referrer has a name"
    );
    assert_eq!(
        warnings(&with("referrer = \"R\"\nkeep_query = [\"q\"]")),
        ""
    );
}
