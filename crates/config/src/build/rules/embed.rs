use std::collections::BTreeMap;

use crate::build::place::at;
use crate::{Config, Embed, Frame, KeepChat};

use super::address::Address;
use super::domain;
use super::judge::Judge;

const ORIGINS: &str = "embed.allowed_origins";

/// What a window has by itself, one name a line.
const GLOBALS: &str = include_str!("../globals.txt");

/// Words of the language, those of its strict mode and of modules among them (ECMAScript, section 12.7.2), and values
/// that look like names.
const RESERVED: [&str; 50] = [
    "arguments",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
    "with",
    "yield",
    "undefined",
];

/// What many pages have under these names, and what loaders of modules ask for.
const TAKEN: [&str; 8] = [
    "$",
    "_",
    "dataLayer",
    "define",
    "exports",
    "jQuery",
    "module",
    "require",
];

pub(super) fn judge(config: &Config, judge: &mut Judge<'_>) {
    let embed = &config.embed;
    if let Some(message) = embed.api_name.as_deref().and_then(wrong_api_name) {
        judge.mistake("embed.api_name", message);
    }
    if let Some(message) = embed.element.as_deref().and_then(wrong_element) {
        judge.mistake("embed.element", message);
    }
    let mut seen = BTreeMap::new();
    for (i, origin) in embed.allowed_origins.iter().enumerate() {
        let path = at(ORIGINS, i);
        if let Some(first) = seen.insert(origin, i) {
            judge.mistake(&path, format!("is the same as {ORIGINS}[{first}]"));
        } else if origin == "*" {
            judge.warning(
                &path,
                "lets any page hold the chat, one that imitates yours too: better list your own",
            );
        } else {
            one(origin, &path, judge);
        }
    }
    cookie_domain(config, judge);
    has_effect(embed, judge);
}

/// Says what is wrong with the name of the page's function.
fn wrong_api_name(name: &str) -> Option<String> {
    let is_start = |c: char| c.is_ascii_alphabetic() || "_$".contains(c);
    let is_part = |c: char| is_start(c) || c.is_ascii_digit();
    if !name.starts_with(is_start) || !name.chars().all(is_part) || name.len() > 60 {
        return Some(format!(
            "expected a JavaScript name: a letter, _ or $, then letters, digits, _ or $, 60 at most, \
             found \"{name}\""
        ));
    }
    if RESERVED.contains(&name) {
        return Some(format!("\"{name}\" is a word of JavaScript itself"));
    }
    if is_global(name) {
        return Some(format!(
            "\"{name}\" is a name that browsers have given away: pages would break"
        ));
    }
    TAKEN
        .contains(&name)
        .then(|| format!("\"{name}\" is a name that many pages use for something else"))
}

/// What HTML, SVG and MathML have taken of the names with a hyphen.
const TAKEN_ELEMENTS: [&str; 8] = [
    "annotation-xml",
    "color-profile",
    "font-face",
    "font-face-src",
    "font-face-uri",
    "font-face-format",
    "font-face-name",
    "missing-glyph",
];

/// Says what is wrong with the name of the page's element.
fn wrong_element(name: &str) -> Option<String> {
    let is_word = |word: &str| {
        let mut letters = word.bytes();
        !word.is_empty() && letters.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let is_name = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.contains('-')
        && name.split('-').all(is_word)
        && name.len() <= 60;
    if !is_name {
        return Some(format!(
            "expected an element's name: words of small letters and digits with hyphens between them, two at least, \
             like acme-chat, found \"{name}\""
        ));
    }
    TAKEN_ELEMENTS
        .contains(&name)
        .then(|| format!("\"{name}\" is an element of SVG or MathML"))
}

fn is_global(name: &str) -> bool {
    GLOBALS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .any(|global| global == name)
}

/// Checks an origin as browsers write it: they compare the letters.
fn one(origin: &str, path: &str, judge: &mut Judge<'_>) {
    let expected = "expected an origin such as https://shop.example";
    let whole = origin.replacen("://*.", "://", 1);
    let message = if whole.contains('*') {
        format!("{expected}: * stands for sub-domains only, as in https://*.shop.example")
    } else if whole != *origin && Address::parse(&whole).is_some_and(is_open) {
        format!("{expected}: sites of others have such a host, too")
    } else {
        match Address::parse(&whole) {
            None => format!("{expected}, found \"{origin}\""),
            Some(Err(message)) => message,
            Some(Ok(address)) => {
                let end = [address.scheme, "://", address.host].concat().len();
                let port = address.port.map_or(0, |port| port.len() + 1);
                let beyond = &whole[(end + port).min(whole.len())..];
                let usual = matches!(
                    (address.scheme, address.port),
                    ("https", Some("443")) | ("http", Some("80"))
                );
                if !beyond.is_empty() {
                    format!("{expected}, without \"{beyond}\"")
                } else if origin.bytes().any(|b| b.is_ascii_uppercase()) {
                    format!(
                        "expected lower-case letters: \"{}\"",
                        origin.to_ascii_lowercase()
                    )
                } else if usual {
                    format!(
                        "browsers leave the usual port out: write \"{}\"",
                        &origin[..origin.len() - port]
                    )
                } else {
                    if address.is_exposed() {
                        judge.warning(
                            path,
                            "is not encrypted: whoever changes that page on its way can use the chat",
                        );
                    }
                    return;
                }
            }
        }
    };
    judge.mistake(path, message);
}

/// Tells whether the sub-domains of an address's host belong to many sites.
fn is_open(address: Result<Address<'_>, String>) -> bool {
    address.is_ok_and(|address| domain::is_shared(address.host))
}

/// Checks the domain of the cookie: only a frame on every page has a storage that all sub-domains share.
fn cookie_domain(config: &Config, judge: &mut Judge<'_>) {
    const PATH: &str = "embed.cookie_domain";
    let embed = &config.embed;
    let Some(domain) = embed.cookie_domain.as_deref() else {
        return;
    };
    if let Some(message) = domain::wrong(domain) {
        judge.mistake(PATH, message);
    } else if embed.frame != Frame::Always {
        let message =
            "needs frame = \"always\": elsewhere the chat is in the storage of one origin";
        judge.mistake(PATH, message);
    } else if config.privacy.chat != KeepChat::Site {
        let message =
            "has other tabs look for a chat that is kept for one tab only, as privacy.chat says";
        judge.warning(PATH, message);
    } else if !embed
        .allowed_origins
        .iter()
        .any(|origin| is_within(origin, domain))
    {
        let message = format!(
            "has no effect: {ORIGINS} has no origin of {domain}, such as https://*.{domain}"
        );
        judge.warning(PATH, message);
    }
}

/// Tells whether an origin is of a domain, or stands for its sub-domains.
fn is_within(origin: &str, domain: &str) -> bool {
    let whole = origin.replacen("://*.", "://", 1);
    let Some(Ok(address)) = Address::parse(&whole) else {
        return origin == "*";
    };
    let sub_domain = address.host.strip_suffix(domain);
    sub_domain.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn has_effect(embed: &Embed, judge: &mut Judge<'_>) {
    if embed.frame == Frame::Never && !embed.allowed_origins.is_empty() {
        judge.warning(ORIGINS, "has no effect with frame = \"never\"");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_that_is_made_of_a_tenants_is_taken() {
        let clashes = GLOBALS.lines().filter(|name| name.ends_with("Chat"));
        assert_eq!(clashes.count(), 0);
        assert!(is_global("Window") && is_global("name") && !is_global("Chat"));
    }
}
