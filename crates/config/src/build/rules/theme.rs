use crate::build::css::{wrong_font, wrong_radius, wrong_value};
use crate::build::known::{Tokens, by_scheme};
use crate::build::neighbours;
use crate::build::place::join;
use crate::build::suggest::nearest;
use crate::{Scheme, Theme};

use super::contrast;
use super::judge::Judge;
use super::kind::wrong_kind;

pub(super) fn judge(theme: &Theme, judge: &mut Judge<'_>) {
    if let Some(message) = theme.radius.as_deref().and_then(wrong_radius) {
        judge.mistake("theme.radius", message);
    }
    if let Some(message) = theme.font.as_deref().and_then(wrong_font) {
        judge.mistake("theme.font", message);
    }
    for (section, tokens) in [
        ("theme.tokens", &theme.tokens),
        ("theme.light", &theme.light),
        ("theme.dark", &theme.dark),
    ] {
        for (name, value) in tokens {
            let path = join(section, name);
            if let Some(message) = wrong_name(name, &judge.known.tokens) {
                judge.key_mistake(&path, message);
            }
            let known = &judge.known.tokens;
            let own = known.light.get(name).or_else(|| known.dark.get(name));
            let own = own.map(|own| by_scheme(own, false).to_owned());
            let wrong = wrong_value(value).or_else(|| wrong_kind(&own?, by_scheme(value, false)));
            if let Some(message) = wrong {
                judge.mistake(&path, message);
            }
        }
    }
    contrast::judge(theme, judge);
}

/// Gives the visitor's messages the tenant's accent in the dark scheme, as they have it in the light one. The widget's own
/// colour for them there goes with the widget's own accent only.
pub(in crate::build) fn complete(theme: &mut Theme) {
    let is_set = |name| theme.dark.contains(name) || theme.tokens.contains(name);
    if theme.scheme == Scheme::Light || !is_set("accent") || is_set("mine") || is_set("on-mine") {
        return;
    }
    theme.dark.insert("mine", "var(--accent)".into());
    theme.dark.insert("on-mine", "var(--on-accent)".into());
}

fn wrong_name(name: &str, known: &Tokens) -> Option<String> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.bytes().all(plain) {
        return Some("expected a token name: lower-case letters, digits and hyphens".into());
    }
    if known.is_empty() || known.names().any(|token| token == name) {
        return None;
    }
    let meant = neighbours::token(name).filter(|token| known.names().any(|name| name == *token));
    Some(match nearest(name, known.names()).or(meant) {
        Some(near) => format!("unknown token, did you mean \"{near}\"?"),
        None => "unknown token".into(),
    })
}
