//! The theme: harmless values, tokens that exist, and text that can be read.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use common::{GOOD, mistakes, mistakes_with, warnings, widget};
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
        ("on-surface-variant", "light-dark(#666, #999)"),
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
            &theme(
                "tokens = { acent = \"red\", banana = \"red\", \"On Accent\" = \"red\" }\n\
                 light.background = \"red\""
            ),
            &known()
        ),
        "8:12: theme.tokens.acent: unknown token, did you mean \"accent\"?\n\
         8:27: theme.tokens.banana: unknown token\n\
         8:43: theme.tokens.\"On Accent\": expected a token name: lower-case letters, digits and \
         hyphens\n\
         9:7: theme.light.background: unknown token, did you mean \"surface\"?"
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
fn a_value_of_another_kind_is_a_mistake() {
    let mut known = known();
    known
        .tokens
        .light
        .insert("panel-width".into(), "392px".into());
    assert_eq!(
        mistakes_with(
            &theme("tokens = { gap = \"8\", panel-width = \"25rem\" }\ndark.accent = \"bleu\""),
            &known
        ),
        "8:18: theme.tokens.gap: expected a length such as 8px, found \"8\"\n\
         8:37: theme.tokens.panel-width: expected a length such as 392px, found \"25rem\"\n\
         9:15: theme.dark.accent: expected a colour such as #1f5bd8, found \"bleu\", did you mean \"blue\"?"
    );
}

#[test]
fn nothing_more_is_said_of_a_value_that_is_no_colour() {
    let wrong = build::read(theme("light.accent = \"5a6a12\""), &widget()).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "8:16: theme.light.accent: expected a colour such as #1f5bd8, found \"5a6a12\", did you mean \"#5a6a12\"?"
    );
    assert_eq!(wrong.warnings, []);
}

#[test]
fn text_that_is_hard_to_read_is_a_mistake_in_the_scheme_it_is_in() {
    assert_eq!(
        mistakes(&theme(
            "light = { accent = \"#ff0\", on-accent = \"#fff\" }"
        )),
        "8:40: theme.light.on-accent: on-accent (#fff) on accent (#ff0) has a contrast of 1.07 in \
         the light scheme, text needs at least 4.5; on-accent = \"#717171\", or accent = \"#7a7a00\" \
         would do"
    );
    // White on this grey misses by little, and must not be rounded up.
    assert_eq!(
        mistakes(&theme("dark = { accent = \"#777\", on-accent = \"#fff\" }")),
        "8:39: theme.dark.on-accent: on-accent (#fff) on accent (#777) has a contrast of 4.47 in \
         the dark scheme, text needs at least 4.5; on-accent = \"#060606\", or accent = \"#767676\" would do"
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
    // Each may be what it is where nothing is drawn with it: a brand's colour that makes no good lines has another
    // token for these.
    let pale = |line: &str| {
        theme(&format!(
            "scheme = \"light\"\ntokens = {{ accent = \"#ffd400\", on-accent = \"#000\"{line} }}"
        ))
    };
    known
        .tokens
        .light
        .insert("accent-line".into(), "var(--accent)".into());
    assert_eq!(
        mistakes_with(&pale(""), &known),
        "9:21: theme.tokens.accent: accent-line (var(--accent)) on field (#fff) has a contrast of 1.43 in \
         the light scheme, a sign needs at least 3; accent-line = \"#b09211\" would do\n\
         9:21: theme.tokens.accent: accent-line (var(--accent)) on surface (#fff) has a contrast of 1.43 \
         in the light scheme, a sign needs at least 3; accent-line = \"#b09211\" would do"
    );
    let read = build::read(pale(", accent-line = \"#8a6d00\""), &known).expect("taken");
    assert_eq!(read.warnings, []);
}

#[test]
fn the_colour_that_is_proposed_passes_everywhere() {
    let mut known = known();
    for (name, value) in [
        ("field", "#fff"),
        ("field-line", "#888"),
        ("on-field", "#111"),
    ] {
        known.tokens.light.insert(name.into(), value.into());
    }
    // The field's own text limits how dark the field may be; its frame, how light.
    let file = |field: &str, line: &str| {
        theme(&format!(
            "scheme = \"light\"\nlight = {{ field = \"{field}\", field-line = \"{line}\" }}"
        ))
    };
    let told = mistakes_with(&file("#ccc", "#bbb"), &known);
    let mut proposals = told.lines().filter_map(|line| {
        let (_, proposal) = line.split_once("; field-line = \"")?;
        Some(&proposal[..7])
    });
    let line = proposals.next().expect("a proposal");
    assert!(proposals.all(|other| other == line), "{told}");
    assert!(build::read(file("#ccc", line), &known).is_ok(), "{line}");
}

#[test]
fn the_widgets_own_colours_pass_in_both_schemes() {
    let sheet = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../style/tokens.css");
    let tokens = Tokens::from_sheet(&fs::read_to_string(sheet).unwrap());
    // Said by a tenant, the same values are judged.
    let table = |name: &str, tokens: &BTreeMap<String, String>| {
        let lines = tokens
            .iter()
            .map(|(key, value)| format!("{key} = '{value}'\n"));
        format!("[theme.{name}]\n{}", lines.collect::<String>())
    };
    let file = [
        GOOD,
        &table("light", &tokens.light),
        &table("dark", &tokens.dark),
    ]
    .concat();
    let read = build::read(
        file,
        &Known {
            tokens,
            ..Known::default()
        },
    )
    .expect("taken");
    assert_eq!(read.warnings, []);
}

#[test]
fn the_colours_of_faces_pass_in_both_schemes() {
    let sheet = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sheet = sheet.join("../../src/components/transcript/avatar.css");
    let sheet = fs::read_to_string(sheet).unwrap();
    let value = |line: &str, name: &str| {
        let (_, rest) = line.split_once(name).expect(name);
        rest.split_once(';').expect("a value").0.trim().to_owned()
    };
    let mut counted = [0, 0];
    for line in sheet.lines().filter(|line| line.contains("--on-face:")) {
        let is_dark = line.contains("\"dark\"");
        counted[usize::from(is_dark)] += 1;
        let scheme = if is_dark { "dark" } else { "light" };
        let (face, on_face) = (value(line, " --face:"), value(line, "--on-face:"));
        let tokens = format!(
            "scheme = \"{scheme}\"\ntokens = {{ bubble = \"{face}\", on-bubble = \"{on_face}\" }}"
        );
        let mut known = known();
        for tokens in [&mut known.tokens.light, &mut known.tokens.dark] {
            tokens.insert("bubble".into(), "#777".into());
            tokens.insert("on-bubble".into(), "#777".into());
        }
        // As the words of a bubble are.
        let read = build::read(theme(&tokens), &known).expect(line);
        assert!(read.warnings.is_empty(), "{line}: {:?}", read.warnings);
        let bad = theme(&tokens.replace(&on_face, &face));
        assert!(mistakes_with(&bad, &known).contains("on-bubble"), "{line}");
    }
    assert_eq!(counted, [6, 6], "as many as a face may have");
}

#[test]
fn a_veil_is_read_over_the_panel() {
    let veiled = |token: &str| {
        let tokens =
            format!("tokens = {{ {token} = \"rgb(0 0 0 / 80%)\", on-{token} = \"#111\" }}");
        theme(&["scheme = \"light\"\n", &tokens].concat())
    };
    assert!(
        mistakes_with(&veiled("bubble"), &known())
            .contains("on-bubble (#111) on bubble (rgb(0 0 0 / 80%)) has a contrast of 1.49")
    );
    // What is under the launcher is the page.
    let read = build::read(veiled("accent"), &known()).expect("taken");
    assert!(
        read.warnings
            .iter()
            .any(|it| it.message.contains("cannot tell the contrast"))
    );
}

#[test]
fn a_value_counts_together_with_those_the_tenant_leaves_alone() {
    assert_eq!(
        mistakes_with(&theme("tokens.accent = \"#ffd400\""), &known()),
        "8:17: theme.tokens.accent: on-accent (#fff) on accent (#ffd400) has a contrast of 1.43 \
         in the light scheme, text needs at least 4.5; on-accent = \"#5e5e5e\", or accent = \"#8d7402\" \
         would do"
    );
    assert_eq!(
        mistakes_with(&theme("dark.surface = \"#333\""), &known()),
        "8:16: theme.dark.surface: on-surface-variant (#999) on surface (#333) has a contrast of \
         4.43 in the dark scheme, text needs at least 4.5; on-surface-variant = \"#9b9b9b\", or surface = \
         \"#323232\" would do"
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
         in the light scheme, text needs at least 4.5; on-accent = \"#555555\", or accent = \"#5a7998\" \
         would do"
    );
    assert_eq!(
        mistakes_with(&theme("light.blue = \"#abcdef\""), &known()),
        "8:14: theme.light.blue: on-accent (#fff) on accent (var(--blue)) has a contrast of 1.65 \
         in the light scheme, text needs at least 4.5; on-accent = \"#555555\", or accent = \"#5a7998\" \
         would do"
    );
}

#[test]
fn a_pair_that_repeats_another_is_told_once() {
    // `mine` is `accent` and `on-mine` is `on-accent` in the light scheme.
    let file = theme("scheme = \"light\"\ntokens.on-accent = \"#999\"");
    let told = mistakes_with(&file, &widget());
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains("on-accent (#999) on accent"), "{told}");
}

#[test]
fn the_visitors_messages_have_the_tenants_accent_in_the_dark_scheme_too() {
    let dark = |rest: &str| {
        let theme = build::read(theme(rest), &widget()).unwrap().config.theme;
        ["mine", "on-mine"].map(|name| theme.dark.get(name).cloned())
    };
    let accent = [
        Some("var(--accent)".to_owned()),
        Some("var(--on-accent)".to_owned()),
    ];
    let own = "dark.accent = \"#c3d24a\"\ndark.on-accent = \"#1c2104\"\n";
    assert_eq!(dark(own), accent);
    let both = "tokens = { accent = \"#8a9601\", on-accent = \"#000\" }\n";
    assert_eq!(dark(both), accent);

    // What the file says of them counts.
    let mine = Some("#33624f".to_owned());
    assert_eq!(
        dark(&format!("{own}dark.mine = \"#33624f\"\n")),
        [mine, None]
    );
    assert_eq!(
        dark(&format!("{own}tokens.on-mine = \"#fff\"\n")),
        [None, None]
    );
    // Nothing is added where there is no accent of the tenant's, or no dark scheme.
    assert_eq!(dark("light.accent = \"#14532d\"\n"), [None, None]);
    assert_eq!(dark(&format!("scheme = \"light\"\n{own}")), [None, None]);
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
