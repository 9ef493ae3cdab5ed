use std::collections::BTreeMap;

use crate::build::place::at;
use crate::{Config, Context};

use super::judge::Judge;

/// The most characters of a name, as for the page's `setUserData`.
const LONGEST_NAME: usize = 128;

/// The name under which every chat gives the visitor's offset from UTC.
const OFFSET: &str = "TimeZone";

pub(super) fn judge(config: &Config, judge: &mut Judge<'_>) {
    let context = &config.context;
    let mut seen = BTreeMap::new();
    let parts = context.parts().into_iter();
    let parts = parts.filter_map(|(key, name)| Some((key.to_owned(), name?)));
    let data = context.data.iter();
    let data = data.map(|(key, name)| (format!("data.{key}"), name.as_str()));
    for (key, name) in parts.chain(data) {
        let path = format!("context.{key}");
        if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
            let message = format!("expected a name of 1 to {LONGEST_NAME} characters");
            judge.mistake(&path, message);
        } else if name == OFFSET {
            let message =
                format!("\"{OFFSET}\" is given by every chat: the visitor's minutes from UTC");
            judge.mistake(&path, message);
        } else if let Some(first) = seen.insert(name, path.clone()) {
            judge.mistake(&path, format!("is the same name as that of {first}"));
        } else if config.server.user_data.contains(name) {
            judge.warning(
                &path,
                "takes the place of the same name in server.user_data",
            );
        }
    }
    for key in context.data.keys() {
        if !is_attribute(key) {
            let message = "expected lower-case letters, digits and hyphens, as in an attribute";
            judge.key_mistake(&format!("context.data.{key}"), message);
        }
    }
    for (i, name) in context.keep_query.iter().enumerate() {
        if name.is_empty() || name.contains(['=', '&', '?', '#', ' ']) {
            let message =
                format!("expected the name of a parameter such as utm_source, found \"{name}\"");
            judge.mistake(&at("context.keep_query", i), message);
        }
    }
    has_effect(context, judge);
}

/// Tells whether a name can stand behind `data-context-`, so that scripts find it again.
fn is_attribute(key: &str) -> bool {
    let is_part = |part: &str| part.starts_with(|first: char| first.is_ascii_lowercase());
    key.split('-').all(is_part)
        && key
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn has_effect(context: &Context, judge: &mut Judge<'_>) {
    if context.url.is_some() || context.referrer.is_some() {
        return;
    }
    for key in ["context.keep_query", "context.keep_hash"] {
        if judge.is_set(key) {
            judge.warning(key, "has no effect: neither url nor referrer has a name");
        }
    }
}
