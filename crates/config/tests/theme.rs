//! The theme: harmless values, tokens that exist, and text that can be read.

mod common;

use common::{GOOD, mistakes, mistakes_with, warnings};
use parlour_config::build::{self, Known, Tokens};

fn known() -> Known {
    let map = |tokens: &[(&str, &str)]| {
        tokens
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    let light = [
        ("blue", "#1f5bd8"),
        ("accent", "var(--blue)"),
        ("on-accent", "#fff"),
        ("surface", "light-dark(#fff, #111)"),
        ("on-surface", "light-dark(#111, #fff)"),
        ("on-surface-faint", "light-dark(#666, #999)"),
        ("gap", "8px"),
    ];
    let dark = [("accent", "#9bb8ff"), ("on-accent", "#000")];
    Known {
        tokens: Tokens {
            light: map(&light),
            dark: map(&dark),
        },
        ..Known::default()
    }
}

fn theme(rest: &str) -> String {
    format!("{GOOD}[theme]\n{rest}\n")
}

#[test]
fn the_widgets_own_values_are_not_the_tenants_mistake() {
    let read = build::read(theme("light.gap = \"4px\""), &known());
    assert!(
        read.as_ref().is_ok_and(|tenant| tenant.warnings.is_empty()),
        "{read:?}"
    );
}

#[test]
fn a_token_that_does_not_exist_is_reported_with_the_one_that_was_meant() {
    assert_eq!(
        mistakes_with(
            &theme("tokens = { acent = \"red\", banana = \"red\", \"On Accent\" = \"red\" }"),
            &known()
        ),
        "8:12: theme.tokens.acent: unknown token, did you mean \"accent\"?\n\
         8:27: theme.tokens.banana: unknown token\n\
         8:43: theme.tokens.\"On Accent\": expected a token name: lower-case letters, digits and \
         hyphens"
    );
}

#[test]
fn values_that_load_or_break_out_are_mistakes() {
    assert_eq!(
        mistakes(&theme(
            "radius = \"1rem\"\nfont = \"Inter; color: red\"\n\
             tokens = { a = \"url(x.png)\", b = \"red} *{\" }\nlight.c = \"\"\ndark.c = \"expression(1)\""
        )),
        "8:10: theme.radius: expected 0px to 32px, found \"1rem\"\n\
         9:8: theme.font: expected one CSS value, found \";\"\n\
         10:16: theme.tokens.a: url() would load something\n\
         10:34: theme.tokens.b: expected one CSS value, found \"}\"\n\
         11:11: theme.light.c: expected a CSS value, found nothing\n\
         12:10: theme.dark.c: expression() is not among the functions allowed here"
    );
}

#[test]
fn text_that_is_hard_to_read_is_a_mistake_in_the_scheme_it_is_in() {
    assert_eq!(
        mistakes(&theme(
            "light = { accent = \"#ff0\", on-accent = \"#fff\" }"
        )),
        "8:40: theme.light.on-accent: on-accent (#fff) on accent (#ff0) has a contrast of 1.07 in \
         the light scheme, text needs at least 4.5"
    );
    // White on this grey misses by little, and must not be rounded up.
    assert_eq!(
        mistakes(&theme("dark = { accent = \"#777\", on-accent = \"#fff\" }")),
        "8:39: theme.dark.on-accent: on-accent (#fff) on accent (#777) has a contrast of 4.47 in \
         the dark scheme, text needs at least 4.5"
    );
}

#[test]
fn every_pair_of_colours_that_meets_is_checked() {
    let mut known = known();
    for (name, value) in [
        ("surface", "#fff"),
        ("field", "#fff"),
        ("field-line", "#888"),
        ("hover", "#eee"),
        ("danger-text", "#b00"),
        ("header", "#fff"),
        ("on-header", "#111"),
    ] {
        known.tokens.light.insert(name.into(), value.into());
    }
    for (tokens, told) in [
        // The icons of the panel's head have its text's colour.
        (
            "header = \"#111\"",
            "header (#111) has a contrast of 1 in the light scheme, text needs at least 4.5",
        ),
        (
            "danger-text = \"#f66\"",
            "danger-text (#f66) on surface (#fff) has a contrast of 2.85 in the light scheme, text",
        ),
        (
            "hover = \"#333\"",
            "on-surface (#111) on hover (#333) has a contrast of 1.49",
        ),
        (
            "hover = \"rgb(0 0 0 / 80%)\"",
            "on hover (rgb(0 0 0 / 80%)) has a contrast of 1.49",
        ),
    ] {
        let file = theme(&format!("scheme = \"light\"\ntokens = {{ {tokens} }}"));
        let mistakes = mistakes_with(&file, &known);
        assert!(mistakes.contains(told), "{tokens}: {mistakes}");
    }
    // A brand's colour may be what it is; whoever packages it hears of the ring that is hard to see.
    let pale = "scheme = \"light\"\ntokens = { accent = \"#ffd400\", on-accent = \"#000\", field-line = \"#ddd\" }";
    let read = build::read(theme(pale), &known).expect("taken");
    let told: Vec<String> = read.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "9:21: theme.tokens.accent: accent (#ffd400) on field (#fff) has a contrast of 1.43 in the \
             light scheme, a sign needs at least 3",
            "9:21: theme.tokens.accent: accent (#ffd400) on surface (#fff) has a contrast of 1.43 in \
             the light scheme, a sign needs at least 3",
            "9:65: theme.tokens.field-line: field-line (#ddd) on surface (#fff) has a contrast of 1.35 \
             in the light scheme, a sign needs at least 3",
        ]
    );
}

#[test]
fn a_value_counts_together_with_those_the_tenant_leaves_alone() {
    assert_eq!(
        mistakes_with(&theme("tokens.accent = \"#ffd400\""), &known()),
        "8:17: theme.tokens.accent: on-accent (#fff) on accent (#ffd400) has a contrast of 1.43 \
         in the light scheme, text needs at least 4.5"
    );
    assert_eq!(
        mistakes_with(&theme("dark.surface = \"#333\""), &known()),
        "8:16: theme.dark.surface: on-surface-faint (#999) on surface (#333) has a contrast of \
         4.43 in the dark scheme, text needs at least 4.5"
    );
}

#[test]
fn a_token_that_names_another_is_followed() {
    assert_eq!(
        mistakes_with(
            &theme("light.blue = \"#abcdef\"\nlight.accent = \"var(--blue)\""),
            &known()
        ),
        "9:16: theme.light.accent: on-accent (#fff) on accent (var(--blue)) has a contrast of 1.65 \
         in the light scheme, text needs at least 4.5"
    );
    assert_eq!(
        mistakes_with(&theme("light.blue = \"#abcdef\""), &known()),
        "8:14: theme.light.blue: on-accent (#fff) on accent (var(--blue)) has a contrast of 1.65 \
         in the light scheme, text needs at least 4.5"
    );
}

#[test]
fn a_scheme_that_cannot_come_up_is_not_checked() {
    let pale = "tokens = { accent = \"#ffd400\", on-accent = \"#fff\" }";
    assert_eq!(mistakes_with(&theme(pale), &known()).lines().count(), 2);
    let dark = "scheme = \"dark\"\nlight = { accent = \"#ffd400\", on-accent = \"#fff\" }";
    assert!(build::read(theme(dark), &known()).is_ok());
}

#[test]
fn what_only_a_browser_can_work_out_is_warned_of() {
    assert_eq!(
        warnings(&theme(
            "scheme = \"light\"\n\
             tokens = { accent = \"color-mix(in srgb, red, blue)\", on-accent = \"#fff\" }"
        )),
        "9:66: theme.tokens.on-accent: cannot tell the contrast of on-accent (#fff) on accent \
         (color-mix(in srgb, red, blue)) in the light scheme"
    );
    let circle = "tokens = { accent = \"var(--on-accent)\", on-accent = \"var(--accent)\" }";
    assert_eq!(warnings(&theme(circle)).lines().count(), 2);
}
