//! The contrast of colours that meet, in each scheme that can come up.

use crate::build::colour::Colour;
use crate::build::css::call;
use crate::build::known::{Tokens, by_scheme};
use crate::build::place::join;
use crate::{Scheme, Table, Theme};

use super::judge::Judge;
use super::kind::is_no_colour;
use super::pairs::{PAIRS, Pair, TEXT};

pub(super) fn judge(theme: &Theme, judge: &mut Judge<'_>) {
    for (scheme, dark) in [(Scheme::Light, false), (Scheme::Dark, true)] {
        if theme.scheme == scheme || theme.scheme == Scheme::Auto {
            let palette = Palette {
                theme,
                base: &judge.known.tokens,
                dark,
                instead: None,
            };
            let told: Vec<_> = PAIRS
                .iter()
                .filter_map(|pair| palette.judge(*pair))
                .collect();
            for verdict in told {
                match verdict {
                    Verdict::TooFaint(path, message) => judge.mistake(&path, message),
                    Verdict::Unclear(path, message) => judge.warning(&path, message),
                }
            }
        }
    }
}

enum Verdict {
    TooFaint(String, String),
    /// Deserves a look.
    Unclear(String, String),
}

/// The values of the tokens in one scheme.
#[derive(Clone, Copy)]
struct Palette<'a> {
    theme: &'a Theme,
    base: &'a Tokens,
    dark: bool,
    /// Replaces the value of one token, to try it.
    instead: Option<(&'a str, Colour)>,
}

impl<'a> Palette<'a> {
    fn judge(&self, pair: Pair) -> Option<Verdict> {
        let Pair {
            above,
            below,
            least,
        } = pair;
        // What the tenant has not touched is not the tenant's mistake.
        let path = self.path(above, 0).or_else(|| self.path(below, 0))?;
        let (above_value, below_value) = (self.value(above)?, self.value(below)?);
        if self.repeats(above_value, below_value, least) {
            return None;
        }
        let scheme = if self.dark { "dark" } else { "light" };
        let names = format!("{above} ({above_value}) on {below} ({below_value})");
        let Some(ratio) = self.ratio(pair) else {
            // Which has been told.
            if self.is_wrong(above, 0) || self.is_wrong(below, 0) {
                return None;
            }
            let message = format!("cannot tell the contrast of {names} in the {scheme} scheme");
            return Some(Verdict::Unclear(path, message));
        };
        (ratio < least).then(|| {
            // Cut, not rounded: 4.49 must not read as 4.5.
            let shown = (ratio * 100.0).floor() / 100.0;
            let what = if least < TEXT { "a sign" } else { "text" };
            let message = format!(
                "{names} has a contrast of {shown} in the {scheme} scheme, {what} needs at least \
                 {least}{}",
                self.proposals(pair)
            );
            Verdict::TooFaint(path, message)
        })
    }

    /// Tells whether the values of a pair are the tokens of another one that needs as much: its verdict is enough.
    fn repeats(&self, above: &str, below: &str, least: f64) -> bool {
        let named = (self.referred(above, 0), self.referred(below, 0));
        let is_same = |it: &Pair| named == (Some(it.above), Some(it.below));
        PAIRS.iter().any(|it| is_same(it) && it.least >= least)
    }

    /// Computes the contrast of a pair; `None` for what only a browser can work out.
    fn ratio(&self, pair: Pair) -> Option<f64> {
        let above = self.colour_of(pair.above)?;
        let mut below = self.colour_of(pair.below)?;
        // The launcher stands on the page, whose colour nobody knows; anything else on the panel.
        if pair.below != "surface" && pair.below != "accent" && !below.is_opaque() {
            below = below.over(self.colour_of("surface")?);
        }
        below.is_opaque().then(|| above.over(below).contrast(below))
    }

    /// Names the nearest colours that would do: of what stands above, and of what is below if the tenant has set it.
    fn proposals(&self, pair: Pair) -> String {
        let below = self.path(pair.below, 0).map(|_| pair.below);
        let tokens = [Some(pair.above), below].into_iter().flatten();
        let found: Vec<String> = tokens
            .filter_map(|token| Some(format!("{token} = \"{}\"", self.proposal(token, pair)?)))
            .collect();
        match found.as_slice() {
            [] => String::new(),
            found => format!("; {} would do", found.join(", or ")),
        }
    }

    /// Finds the nearest colour for a token with which every pair passes that depends on it; at least this one, if
    /// there is no such colour.
    fn proposal(&self, token: &'a str, pair: Pair) -> Option<String> {
        let with = |colour: Colour| Palette {
            instead: Some((token, colour)),
            ..*self
        };
        let passes = |palette: &Palette<'_>, pair: &Pair| {
            palette
                .ratio(*pair)
                .is_some_and(|ratio| ratio >= pair.least)
        };
        let depends =
            |it: &&Pair| self.refers(it.above, token, 0) || self.refers(it.below, token, 0);
        let concerned: Vec<&Pair> = PAIRS
            .iter()
            .filter(depends)
            .filter(|it| self.ratio(**it).is_some())
            .collect();
        let now = self.colour_of(token)?;
        let all = |colour| concerned.iter().all(|it| passes(&with(colour), it));
        let found = now
            .nearest(all)
            .or_else(|| now.nearest(|colour| passes(&with(colour), &pair)))?;
        Some(found.hexadecimal())
    }

    /// Tells whether a token's value is that of another.
    fn refers(&self, name: &str, token: &str, depth: usize) -> bool {
        let next = || self.referred(self.value(name)?, depth);
        name == token || next().is_some_and(|name| self.refers(name, token, depth + 1))
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

    fn colour_of(&self, name: &str) -> Option<Colour> {
        self.colour(name, 0)
    }

    /// Reads a token's colour, through tokens that name other tokens.
    fn colour(&self, name: &str, depth: usize) -> Option<Colour> {
        if let Some((token, colour)) = self.instead
            && token == name
        {
            return Some(colour);
        }
        let value = self.value(name)?;
        match self.referred(value, depth) {
            Some(name) => self.colour(name, depth + 1),
            None => Colour::parse(value),
        }
    }

    /// Tells whether a token, or the one that it refers to, has a value that is no colour.
    fn is_wrong(&self, name: &str, depth: usize) -> bool {
        self.value(name)
            .is_some_and(|value| match self.referred(value, depth) {
                Some(name) => self.is_wrong(name, depth + 1),
                None => is_no_colour(value),
            })
    }

    /// Returns the token that a value refers to, unless tokens refer to each other in a circle.
    fn referred<'v>(&self, value: &'v str, depth: usize) -> Option<&'v str> {
        let (name, inner) = call(by_scheme(value, self.dark)).filter(|_| depth < 8)?;
        inner.trim().strip_prefix("--").filter(|_| name == "var")
    }
}
