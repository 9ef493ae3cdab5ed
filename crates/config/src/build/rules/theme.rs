use std::collections::BTreeSet;

use crate::build::colour::Colour;
use crate::build::css::{call, wrong_font, wrong_radius, wrong_value};
use crate::build::known::{Tokens, by_scheme};
use crate::build::place::join;
use crate::build::suggest::nearest;
use crate::{Scheme, Table, Theme};

use super::judge::Judge;

/// What text needs (WCAG 2.2, success criterion 1.4.3).
const TEXT_CONTRAST: f64 = 4.5;

/// What frames and signs need (WCAG 2.2, success criterion 1.4.11).
const SIGN_CONTRAST: f64 = 3.0;

/// Texts that the style sheets put on a token that their names do not tell.
const TEXTS: [(&str, &str); 2] = [("danger-text", "surface"), ("on-surface", "hover")];

/// Frames, signs and the ring around what has the focus.
const SIGNS: [(&str, &str); 3] = [
    ("accent", "surface"),
    ("accent", "field"),
    ("field-line", "surface"),
];

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
            if let Some(message) = wrong_value(value) {
                judge.mistake(&path, message);
            }
        }
    }
    for (scheme, dark) in [(Scheme::Light, false), (Scheme::Dark, true)] {
        if theme.scheme == scheme || theme.scheme == Scheme::Auto {
            let palette = Palette {
                theme,
                base: &judge.known.tokens,
                dark,
            };
            let texts = palette.pairs().chain(TEXTS);
            let texts = texts.filter_map(|pair| palette.judge(pair, "text", TEXT_CONTRAST));
            let signs = SIGNS.into_iter();
            let signs = signs.filter_map(|pair| palette.judge(pair, "a sign", SIGN_CONTRAST));
            let told: Vec<_> = texts.chain(signs).collect();
            for verdict in told {
                match verdict {
                    Verdict::TooFaint(path, message) => judge.mistake(&path, message),
                    Verdict::Unclear(path, message) => judge.warning(&path, message),
                }
            }
        }
    }
}

fn wrong_name(name: &str, known: &Tokens) -> Option<String> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.bytes().all(plain) {
        return Some("expected a token name: lower-case letters, digits and hyphens".into());
    }
    if known.is_empty() || known.names().any(|token| token == name) {
        return None;
    }
    Some(match nearest(name, known.names()) {
        Some(near) => format!("unknown token, did you mean \"{near}\"?"),
        None => "unknown token".into(),
    })
}

enum Verdict {
    TooFaint(String, String),
    /// Deserves a look.
    Unclear(String, String),
}

/// The values of the tokens in one scheme.
struct Palette<'a> {
    theme: &'a Theme,
    base: &'a Tokens,
    dark: bool,
}

impl<'a> Palette<'a> {
    /// Finds the tokens that hold text and what it stands on: by the style sheet's convention
    /// `on-accent` is text on `accent`, and so is `on-accent-faint`.
    fn pairs(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let own = self
            .own()
            .keys()
            .chain(self.theme.tokens.keys())
            .map(String::as_str);
        let all: BTreeSet<&str> = self.base.names().chain(own).collect();
        let below = |text: &str| {
            let name = text.strip_prefix("on-")?;
            std::iter::successors(Some(name), |name| Some(name.rsplit_once('-')?.0))
                .find_map(|name| all.get(name).copied())
        };
        let pairs: Vec<_> = all
            .iter()
            .filter_map(|text| Some((*text, below(text)?)))
            .collect();
        pairs.into_iter()
    }

    fn judge(&self, (text, surface): (&str, &str), what: &str, least: f64) -> Option<Verdict> {
        // What the tenant has not touched is not the tenant's mistake.
        let path = self.path(text, 0).or_else(|| self.path(surface, 0))?;
        let (text_value, surface_value) = (self.value(text)?, self.value(surface)?);
        let scheme = if self.dark { "dark" } else { "light" };
        let pair = format!("{text} ({text_value}) on {surface} ({surface_value})");
        let colours = self
            .colour(text_value, 0)
            .zip(self.colour(surface_value, 0));
        // What is shown under the pointer may be a veil over the surface.
        let veiled = |(above, below): (Colour, Colour)| {
            let panel = self.colour(self.value("surface")?, 0)?;
            Some((above, below.over(panel)))
        };
        let colours = colours.and_then(|pair| {
            if surface == "hover" {
                veiled(pair)
            } else {
                Some(pair)
            }
        });
        let Some((above, below)) = colours.filter(|(_, below)| below.is_opaque()) else {
            let message = format!("cannot tell the contrast of {pair} in the {scheme} scheme");
            return Some(Verdict::Unclear(path, message));
        };
        let ratio = above.over(below).contrast(below);
        // Cut, not rounded: 4.49 must not read as 4.5.
        let shown = (ratio * 100.0).floor() / 100.0;
        (ratio < least).then(|| {
            let message = format!(
                "{pair} has a contrast of {shown} in the {scheme} scheme, {what} needs at least \
                 {least}"
            );
            if least < TEXT_CONTRAST {
                return Verdict::Unclear(path, message);
            }
            Verdict::TooFaint(path, message)
        })
    }

    /// Returns where the tenant sets a token for this scheme, or one that it refers to.
    fn path(&self, name: &str, depth: usize) -> Option<String> {
        let own = if self.dark {
            "theme.dark"
        } else {
            "theme.light"
        };
        let sections = [(own, self.own()), ("theme.tokens", &self.theme.tokens)];
        let found = sections
            .into_iter()
            .find(|(_, tokens)| tokens.contains(name));
        match found {
            Some((section, _)) => Some(join(section, name)),
            None => self.path(self.referred(self.value(name)?, depth)?, depth + 1),
        }
    }

    fn value(&self, name: &str) -> Option<&'a str> {
        let dark = self.base.dark.get(name).filter(|_| self.dark);
        let base = dark.or_else(|| self.base.light.get(name));
        let value = self
            .own()
            .get(name)
            .or_else(|| self.theme.tokens.get(name))
            .or(base)?;
        Some(by_scheme(value, self.dark))
    }

    fn own(&self) -> &'a Table<String> {
        if self.dark {
            &self.theme.dark
        } else {
            &self.theme.light
        }
    }

    /// Reads a colour, through tokens that name other tokens.
    fn colour(&self, value: &str, depth: usize) -> Option<Colour> {
        match self.referred(value, depth) {
            Some(name) => self.colour(self.value(name)?, depth + 1),
            None => Colour::parse(by_scheme(value, self.dark)),
        }
    }

    /// Returns the token that a value refers to, unless tokens refer to each other in a circle.
    fn referred<'v>(&self, value: &'v str, depth: usize) -> Option<&'v str> {
        let (name, inner) = call(by_scheme(value, self.dark)).filter(|_| depth < 8)?;
        inner.trim().strip_prefix("--").filter(|_| name == "var")
    }
}
