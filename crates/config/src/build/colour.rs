//! Colours as CSS writes them, and how well one is read on another.

use super::colour_names::NAMED;
use super::css::{arguments, call};
use super::oklab;

/// A colour in sRGB, each part from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Colour {
    red: f64,
    green: f64,
    blue: f64,
    alpha: f64,
}

impl Colour {
    /// Reads a colour: hexadecimal, named, `rgb()`, `hsl()`, `oklab()` or `oklch()`. `None` for
    /// what only a browser can work out.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(digits) = text.strip_prefix('#') {
            return hexadecimal(digits);
        }
        if text.eq_ignore_ascii_case("transparent") {
            return Some(Self {
                red: 0.0,
                green: 0.0,
                blue: 0.0,
                alpha: 0.0,
            });
        }
        if let Some((name, inner)) = call(text) {
            return function(&name, inner);
        }
        let name = text.to_ascii_lowercase();
        let found = NAMED
            .binary_search_by(|(known, _)| (*known).cmp(&name))
            .ok()?;
        let [_, red, green, blue] = NAMED[found].1.to_be_bytes();
        Some(Self::bytes(red, green, blue, 255))
    }

    pub(super) fn is_opaque(self) -> bool {
        self.alpha >= 1.0
    }

    /// Lays the colour over another.
    pub(super) fn over(self, below: Self) -> Self {
        let mix = |above: f64, below: f64| above * self.alpha + below * (1.0 - self.alpha);
        Self {
            red: mix(self.red, below.red),
            green: mix(self.green, below.green),
            blue: mix(self.blue, below.blue),
            alpha: self.alpha + below.alpha * (1.0 - self.alpha),
        }
    }

    /// Computes the contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2, "contrast ratio").
    pub(super) fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Writes the colour as `#rrggbb`, without its alpha.
    pub(super) fn hexadecimal(self) -> String {
        let [red, green, blue] = self.rounded();
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// Finds the colour nearest to this one that `passes`: opaque, of the same hue, lighter or darker in Oklab.
    pub(super) fn nearest(self, passes: impl Fn(Self) -> bool) -> Option<Self> {
        const STEPS: u32 = 500;
        let [lightness, a, b] = oklab::from_srgb([self.red, self.green, self.blue]);
        (0..=STEPS)
            .map(|step| f64::from(step) / f64::from(STEPS))
            .flat_map(|way| [lightness - way, lightness + way])
            .filter(|lightness| (0.0..=1.0).contains(lightness))
            .map(|lightness| {
                let [red, green, blue] = oklab::to_srgb_in_gamut([lightness, a, b]);
                let byte = |part: f64| (part * 255.0).round() as u8;
                Self::bytes(byte(red), byte(green), byte(blue), 255)
            })
            .find(|colour| passes(*colour))
    }

    fn rounded(self) -> [u8; 3] {
        [self.red, self.green, self.blue].map(|part| (part * 255.0).round() as u8)
    }

    /// Computes the relative luminance (WCAG 2.2, "relative luminance").
    fn luminance(self) -> f64 {
        0.2126 * oklab::linear(self.red)
            + 0.7152 * oklab::linear(self.green)
            + 0.0722 * oklab::linear(self.blue)
    }

    fn bytes(red: u8, green: u8, blue: u8, alpha: u8) -> Self {
        let part = |byte: u8| f64::from(byte) / 255.0;
        Self {
            red: part(red),
            green: part(green),
            blue: part(blue),
            alpha: part(alpha),
        }
    }
}

/// The words for colours that the browser chooses (CSS Color Module Level 4, sections 6.2 and 6.4), in lower case.
const BROWSERS_OWN: [&str; 20] = [
    "accentcolor",
    "accentcolortext",
    "activetext",
    "buttonborder",
    "buttonface",
    "buttontext",
    "canvas",
    "canvastext",
    "currentcolor",
    "field",
    "fieldtext",
    "graytext",
    "highlight",
    "highlighttext",
    "linktext",
    "mark",
    "marktext",
    "selecteditem",
    "selecteditemtext",
    "visitedtext",
];

/// Tells whether a text names a colour that the browser chooses.
pub(super) fn is_browsers_own(text: &str) -> bool {
    BROWSERS_OWN.contains(&text.trim().to_ascii_lowercase().as_str())
}

fn hexadecimal(digits: &str) -> Option<Colour> {
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let long: String = match digits.len() {
        3 | 4 => digits.chars().flat_map(|c| [c, c]).collect(),
        6 | 8 => digits.into(),
        _ => return None,
    };
    let byte = |i: usize| u8::from_str_radix(long.get(i..i + 2)?, 16).ok();
    Some(Colour::bytes(
        byte(0)?,
        byte(2)?,
        byte(4)?,
        byte(6).unwrap_or(255),
    ))
}

fn function(name: &str, inner: &str) -> Option<Colour> {
    let [a, b, c, alpha] = parts(inner)?;
    let alpha = match alpha {
        Some(text) => number(text, 1.0)?.clamp(0.0, 1.0),
        None => 1.0,
    };
    let (a, b, c) = (a?, b?, c?);
    let [red, green, blue] = match name {
        "rgb" | "rgba" => {
            let part = |text| Some(number(text, 255.0)? / 255.0);
            [part(a)?, part(b)?, part(c)?]
        }
        "hsl" | "hsla" => hsl(degrees(a)?, hundredth(b)?, hundredth(c)?),
        "oklab" => oklab::to_srgb([number(a, 1.0)?, number(b, 0.4)?, number(c, 0.4)?]),
        "oklch" => {
            let (chroma, hue) = (number(b, 0.4)?.max(0.0), degrees(c)?.to_radians());
            oklab::to_srgb([number(a, 1.0)?, chroma * hue.cos(), chroma * hue.sin()])
        }
        _ => return None,
    };
    let [red, green, blue] = [red, green, blue].map(|part: f64| part.clamp(0.0, 1.0));
    Some(Colour {
        red,
        green,
        blue,
        alpha,
    })
}

/// Splits both spellings: `1, 2, 3, 4` and `1 2 3 / 4`.
fn parts(inner: &str) -> Option<[Option<&str>; 4]> {
    let mut all = arguments(inner);
    if all.len() == 1 {
        let (colours, alpha) = match inner.split_once('/') {
            Some((colours, alpha)) => (colours, Some(alpha.trim())),
            None => (inner, None),
        };
        all = colours.split_whitespace().chain(alpha).collect();
    }
    if !(3..=4).contains(&all.len()) {
        return None;
    }
    Some(std::array::from_fn(|i| all.get(i).copied()))
}

/// Reads a number; a percentage counts of `whole`, `none` is zero.
fn number(text: &str, whole: f64) -> Option<f64> {
    let value = match text.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().ok()? / 100.0 * whole,
        None if text == "none" => 0.0,
        None => text.parse().ok()?,
    };
    value.is_finite().then_some(value)
}

fn hundredth(text: &str) -> Option<f64> {
    let value = if text.ends_with('%') {
        number(text, 1.0)?
    } else {
        number(text, 1.0)? / 100.0
    };
    Some(value.clamp(0.0, 1.0))
}

fn degrees(text: &str) -> Option<f64> {
    for (unit, degrees) in [
        ("deg", 1.0),
        ("grad", 0.9),
        ("rad", 180.0 / std::f64::consts::PI),
        ("turn", 360.0),
    ] {
        if let Some(value) = text.strip_suffix(unit) {
            return Some(number(value, 360.0)? * degrees);
        }
    }
    number(text, 360.0)
}

/// Converts from HSL (CSS Color Module Level 4, section 7.1).
fn hsl(hue: f64, saturation: f64, lightness: f64) -> [f64; 3] {
    let part = |n: f64| {
        let k = (n + hue / 30.0).rem_euclid(12.0);
        let a = saturation * lightness.min(1.0 - lightness);
        lightness - a * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    };
    [part(0.0), part(8.0), part(4.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<[u8; 4]> {
        let colour = Colour::parse(text)?;
        let parts = [colour.red, colour.green, colour.blue, colour.alpha];
        Some(parts.map(|part| (part * 255.0).round() as u8))
    }

    #[test]
    fn every_spelling_of_a_colour_gives_the_bytes_a_browser_shows() {
        for (text, expected) in [
            ("#0a7", [0, 170, 119, 255]),
            ("#0a7f", [0, 170, 119, 255]),
            ("#00AA7780", [0, 170, 119, 128]),
            ("RebeccaPurple", [102, 51, 153, 255]),
            ("aliceblue", [240, 248, 255, 255]),
            ("yellowgreen", [154, 205, 50, 255]),
            ("transparent", [0, 0, 0, 0]),
            ("rgb(1, 2, 3)", [1, 2, 3, 255]),
            ("rgba(1 2 3 / 50%)", [1, 2, 3, 128]),
            ("rgb(100% 0% 50%)", [255, 0, 128, 255]),
            ("hsl(120, 100%, 25%)", [0, 128, 0, 255]),
            ("hsl(0.5turn 100% 50%)", [0, 255, 255, 255]),
            ("oklch(62.8% 0.2577 29.23)", [255, 0, 0, 255]),
            ("oklab(1 0 0)", [255, 255, 255, 255]),
        ] {
            assert_eq!(shown(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "#12",
            "#ggg",
            "blu",
            "rgb()",
            "rgb(a b c)",
            "lab(50% 0 0)",
            "var(--x)",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn contrast_is_what_the_guidelines_compute() {
        let ratio = |a: &str, b: &str| {
            let of = |text| Colour::parse(text).unwrap();
            (of(a).contrast(of(b)) * 100.0).round() / 100.0
        };
        assert_eq!(ratio("#000", "#fff"), 21.0);
        assert_eq!(ratio("#fff", "#fff"), 1.0);
        // The well-known border: #767676 on white passes 4.5, #777777 does not.
        assert_eq!(ratio("#767676", "#fff"), 4.54);
        assert_eq!(ratio("#777", "white"), 4.48);
    }

    #[test]
    fn the_nearest_colour_that_passes_has_the_same_hue() {
        let parse = |text: &str| Colour::parse(text).unwrap();
        let white = parse("white");
        let legible = |colour: Colour| colour.contrast(white) >= 4.5;
        let near = |text: &str| parse(text).nearest(legible).unwrap().hexadecimal();
        // What passes stays as it is, and grey stays grey.
        assert_eq!(near("#1f5bd8"), "#1f5bd8");
        assert_eq!(near("#777"), "#767676");
        let yellow = parse(&near("#ffd400"));
        assert!(legible(yellow) && yellow.contrast(white) < 4.6);
        assert!(yellow.red > yellow.green && yellow.green > 3.0 * yellow.blue);
        assert_eq!(white.nearest(|_| false), None);
    }

    #[test]
    fn a_translucent_colour_is_read_over_what_lies_below() {
        let half = Colour::parse("rgb(0 0 0 / 50%)").unwrap();
        let grey = half.over(Colour::parse("white").unwrap());
        assert!(grey.is_opaque());
        assert_eq!(grey.red, 0.5);
    }
}
