//! The name of the page's API, the frame, and other ways to get in touch.

mod common;

use common::{FULL, GOOD, mistakes, read, warnings};
use parlour_config::{Config, Embed, Frame};
use serde_json::Value;

#[test]
fn the_api_is_named_after_the_tenant_unless_the_file_names_it() {
    let name = |file: &str| read(file).unwrap().config.api_name();
    let of_tenant = |tenant: &str| name(&GOOD.replace("acme", tenant));
    assert_eq!(of_tenant("acme"), "AcmeChat");
    assert_eq!(of_tenant("acme-shop"), "AcmeShopChat");
    assert_eq!(of_tenant("a--b2-3"), "AB23Chat");
    assert_eq!(of_tenant("4ever"), "Chat4ever");
    assert_eq!(
        name(&format!("{GOOD}[embed]\napi_name = \"Help_$1\"\n")),
        "Help_$1"
    );
}

#[test]
fn the_api_has_no_name_that_means_something_else() {
    for (name, told) in [
        (
            "4you",
            "expected a JavaScript name: a letter, _ or $, then letters, digits, _ or $, 60 at \
             most, found \"4you\"",
        ),
        (
            "acme-chat",
            "expected a JavaScript name: a letter, _ or $, then letters, digits, _ or $, 60 at \
             most, found \"acme-chat\"",
        ),
        ("class", "\"class\" is a word of JavaScript itself"),
        ("await", "\"await\" is a word of JavaScript itself"),
        (
            "Window",
            "\"Window\" is a name that browsers have given away: pages would break",
        ),
        (
            "Array",
            "\"Array\" is a name that browsers have given away: pages would break",
        ),
        (
            "name",
            "\"name\" is a name that browsers have given away: pages would break",
        ),
        (
            "toString",
            "\"toString\" is a name that browsers have given away: pages would break",
        ),
        (
            "$",
            "\"$\" is a name that many pages use for something else",
        ),
    ] {
        assert_eq!(
            mistakes(&format!("{GOOD}[embed]\napi_name = \"{name}\"\n")),
            format!("8:12: embed.api_name: {told}")
        );
    }
    for name in ["Chat", "Parlour", "$chat", "_help"] {
        let file = format!("{GOOD}[embed]\napi_name = \"{name}\"\n");
        assert_eq!(warnings(&file), "", "{name}");
    }
}

#[test]
fn an_element_has_a_name_that_browsers_take() {
    let of = |name: &str| format!("{GOOD}[embed]\nelement = \"{name}\"\n");
    for name in [
        "acme",
        "Acme-chat",
        "-chat",
        "acme-",
        "4-chat",
        "acme--chat",
        "acme_x-chat",
        "",
        "a-\u{e9}",
    ] {
        let told = mistakes(&of(name));
        assert!(
            told.starts_with("8:11: embed.element: expected an element's name"),
            "{name}: {told}"
        );
    }
    assert_eq!(
        mistakes(&of("font-face")),
        "8:11: embed.element: \"font-face\" is an element of SVG or MathML"
    );
    for name in ["acme-chat", "a-1", "shop-help-2"] {
        assert_eq!(warnings(&of(name)), "", "{name}");
    }
}

#[test]
fn origins_are_written_as_browsers_write_them() {
    let of = |origin: &str| format!("{GOOD}[embed]\nallowed_origins = [\"{origin}\"]\n");
    for (origin, told) in [
        (
            "shop.example",
            "expected an origin such as https://shop.example, found \"shop.example\"",
        ),
        (
            "null",
            "expected an origin such as https://shop.example, found \"null\"",
        ),
        (
            "https://shop.example/",
            "expected an origin such as https://shop.example, without \"/\"",
        ),
        (
            "https://shop.example:8443/a?b",
            "expected an origin such as https://shop.example, without \"/a?b\"",
        ),
        (
            "https://*shop.example",
            "expected an origin such as https://shop.example: * stands for sub-domains only, as in \
             https://*.shop.example",
        ),
        (
            "https://www.*.example",
            "expected an origin such as https://shop.example: * stands for sub-domains only, as in \
             https://*.shop.example",
        ),
        (
            "https://*.example",
            "expected an origin such as https://shop.example: sites of others have such a host, too",
        ),
        (
            "https://*.co.uk",
            "expected an origin such as https://shop.example: sites of others have such a host, too",
        ),
        (
            "https://*.github.io",
            "expected an origin such as https://shop.example: sites of others have such a host, too",
        ),
        (
            "https://*.shop.example/",
            "expected an origin such as https://shop.example, without \"/\"",
        ),
        (
            "https://*.shop.example:443",
            "browsers leave the usual port out: write \"https://*.shop.example\"",
        ),
        (
            "https://Shop.example",
            "expected lower-case letters: \"https://shop.example\"",
        ),
        (
            "https://shop.example:443",
            "browsers leave the usual port out: write \"https://shop.example\"",
        ),
        ("https://", "expected a host after https://, found \"\""),
        (
            "https://shop.example:0",
            "expected a port from 1 to 65535, found \"0\"",
        ),
        (
            "https://a@shop.example",
            "expected a URL without credentials: every visitor could read them",
        ),
    ] {
        assert_eq!(
            mistakes(&of(origin)),
            format!("8:20: embed.allowed_origins[0]: {told}")
        );
    }
    for origin in [
        "https://shop.example",
        "https://shop.example:8443",
        "https://*.shop.example",
        "https://*.shop.example:8443",
        "http://*.shop.localhost:3000",
        "http://localhost:3000",
        "http://[::1]",
    ] {
        assert_eq!(warnings(&of(origin)), "", "{origin}");
    }
    assert_eq!(
        mistakes(&of("https://a.example\", \"https://a.example")),
        "8:41: embed.allowed_origins[1]: is the same as embed.allowed_origins[0]"
    );
}

#[test]
fn origins_that_let_strangers_in_or_are_in_vain_are_warned_of() {
    assert_eq!(
        warnings(&format!(
            "{GOOD}[embed]\nallowed_origins = [\"*\", \"http://shop.example\"]\n"
        )),
        "8:20: embed.allowed_origins[0]: lets any page hold the chat, one that imitates yours too: better \
         list your own\n\
         8:25: embed.allowed_origins[1]: is not encrypted: whoever changes that page on its way can use \
         the chat"
    );
    assert_eq!(
        warnings(&format!(
            "{GOOD}[embed]\nframe = \"never\"\nallowed_origins = [\"https://shop.example\"]\n"
        )),
        "9:19: embed.allowed_origins: has no effect with frame = \"never\""
    );
}

#[test]
fn what_only_the_loader_needs_stays_out_of_what_the_module_fetches() {
    let tenant = read(FULL).unwrap();
    assert_eq!(
        tenant.config.embed,
        Embed {
            api_name: Some("AcmeHelp".into()),
            element: None,
            frame: Frame::Always,
            allowed_origins: vec!["https://acme.example".into()],
            cookie_domain: Some("acme.example".into()),
        }
    );
    let json: Value = serde_json::from_str(&tenant.to_json().unwrap()).unwrap();
    assert_eq!(json.get("embed"), None);
    assert_eq!(json["contact"]["email"], "help@acme.example");
    // Nor does what is not set.
    let json: Value = serde_json::from_str(&read(GOOD).unwrap().to_json().unwrap()).unwrap();
    assert_eq!(json.get("contact"), None);
}

#[test]
fn other_ways_to_get_in_touch_arrive_in_the_browser() {
    let json = read(FULL).unwrap().to_json().unwrap();
    let contact = Config::from_json(&json).unwrap().contact;
    assert_eq!(contact.email.as_deref(), Some("help@acme.example"));
    assert_eq!(contact.phone.as_deref(), Some("+44 20 7946 0000"));
    assert_eq!(contact.url.as_deref(), Some("/contact"));
}

#[test]
fn a_way_to_get_in_touch_that_leads_nowhere_is_a_mistake() {
    let link = "expected a URL that begins with https:// or http://, or a path of the site that begins with \
                one slash";
    for (key, good, bad) in [
        (
            "email",
            &["help@shop.example", "a+b@x"][..],
            &[
                "help",
                "help@",
                "@x",
                "a b@x.example",
                "a@x..example",
                "mailto:a@x.example",
                "",
            ][..],
        ),
        (
            "phone",
            &["+44 20 7946 0000", "0800 100-200", "(030) 12 34.56", "112"][..],
            &[
                "12",
                "+",
                "030/1234",
                "tel:112",
                "1234567890123456",
                "call us",
                "++1 234",
                "",
            ][..],
        ),
        (
            "url",
            &["https://shop.example/contact", "/contact", "/a?b#c"][..],
            &[
                "contact",
                "//evil.example",
                "/\\\\evil.example",
                "javascript:alert(1)",
                "/a b",
                "https://",
                "",
            ][..],
        ),
    ] {
        let file = |value: &str| format!("{GOOD}[contact]\n{key} = \"{value}\"\n");
        for value in good {
            assert_eq!(warnings(&file(value)), "", "{value}");
        }
        for value in bad {
            let told = mistakes(&file(value));
            assert!(told.starts_with("8:"), "{value}: {told}");
            assert!(
                told.contains(&format!(": contact.{key}: expected ")),
                "{value}: {told}"
            );
            assert!(key != "url" || told.ends_with(link), "{value}: {told}");
        }
    }
}

#[test]
fn sub_domains_share_a_chat_by_a_domain_of_the_tenants_own() {
    let of = |domain: &str| {
        format!(
            "{GOOD}[embed]\nframe = \"always\"\nallowed_origins = [\"https://*.shop.example\"]\n\
             cookie_domain = \"{domain}\"\n"
        )
    };
    assert_eq!(warnings(&of("shop.example")), "");
    let expected = "expected a domain such as shop.example";
    for (domain, told) in [
        (
            "example",
            format!("{expected}: sites of others have a host of \"example\", too"),
        ),
        (
            "co.uk",
            format!("{expected}: sites of others have a host of \"co.uk\", too"),
        ),
        (
            "netlify.app",
            format!("{expected}: sites of others have a host of \"netlify.app\", too"),
        ),
        (
            ".shop.example",
            format!(
                "{expected}, in lower-case letters and without scheme, port and dot before it, found \
                 \".shop.example\""
            ),
        ),
        (
            "127.0.0.1",
            format!(
                "{expected}, in lower-case letters and without scheme, port and dot before it, found \
                 \"127.0.0.1\""
            ),
        ),
    ] {
        let told = format!("10:17: embed.cookie_domain: {told}");
        assert_eq!(mistakes(&of(domain)), told, "{domain}");
    }
    assert_eq!(
        mistakes(&of("shop.example").replace("always", "auto")),
        "10:17: embed.cookie_domain: needs frame = \"always\": elsewhere the chat is in the storage of one origin"
    );
    assert_eq!(
        warnings(&of("other.example")),
        "10:17: embed.cookie_domain: has no effect: embed.allowed_origins has no origin of other.example, such \
         as https://*.other.example"
    );
    assert_eq!(
        warnings(&format!(
            "{}[privacy]\nchat = \"memory\"\n",
            of("shop.example")
        )),
        "10:17: embed.cookie_domain: has other tabs look for a chat that is kept for one tab only, as \
         privacy.chat says"
    );
}
