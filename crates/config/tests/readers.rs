//! Both readers: what the build writes the browser reads, and nothing makes either panic.

mod common;

use common::{GOOD, read};
use parlour_config::build::{self, Known};
use parlour_config::{
    BeforeChat, Choice, Config, Corner, Credentials, Dialect, Field, FieldKind, Icon, Localized,
    Role, Scheme,
};
use proptest::prelude::*;

/// Sets every key to something other than its default.
const FULL: &str = r##"
tenant = "acme"
locale = "pt-BR"

[server]
dialect = "gms-v2"
url = "https://chat.example/base"
service = "sales"
credentials = "include"
headers = { X-Site = "shop" }
user_data = { Shop = "Acme" }

[form]
intro = { en = "Hello", de = "Hallo" }

[[form.fields]]
name = "nick"
kind = "text"
role = "nickname"
required = true
max_length = 40
pattern = "[^@]+"
value = "Guest"
autocomplete = "nickname"
label = { en = "Name" }
placeholder = { en = "Jane" }
help = { en = "Shown to the agent" }

[[form.fields]]
name = "topic"
kind = "select"
role = { user_data = "Topic" }
options = [{ value = "a", label = { en = "A" } }, { value = "b" }]

[[form.fields]]
name = "terms"
kind = "consent"
role = { user_data = "Terms" }
link = { en = "https://acme.example/terms" }

[theme]
scheme = "dark"
radius = "4px"
font = "Inter, sans-serif"
tokens = { gap = "8px" }
light = { accent = "#123456" }
dark = { accent = "#abcdef" }

[texts.de]
"launcher.label" = "Chat"

[features]
files = false
typing = false
typing_preview = false
read_receipts = true
rename = false
upload_progress = false

[pace]
active_ms = 3001
quiet_ms = 5001
hidden_ms = 15001
drop_after_ms = 45002
jitter_percent = 11
retry_min_ms = 1001
retry_max_ms = 30001
request_timeout_ms = 15001
upload_timeout_ms = 180001
resend_window_ms = 30002
typing_silence_ms = 5001
preview_every_ms = 10001

[privacy]
before_chat = "session"

[launcher]
corner = "top_left"
offset = { x = 1, y = 2 }
label = "launcher.open"
icon = "question"
"##;

fn localized<const N: usize>(words: [(&str, &str); N]) -> Localized {
    Localized(
        words
            .map(|(locale, text)| (locale.to_owned(), text.to_owned()))
            .into(),
    )
}

#[test]
fn every_key_of_a_file_arrives_where_it_belongs() {
    let config = read(FULL).expect("the file is good").config;

    assert_eq!(config.locale.as_deref(), Some("pt-BR"));
    assert_eq!(config.server.dialect, Dialect::GmsV2);
    assert_eq!(config.server.url, "https://chat.example/base");
    assert_eq!(config.server.credentials, Credentials::Include);
    assert_eq!(config.server.headers["X-Site"], "shop");
    assert_eq!(config.server.user_data["Shop"], "Acme");
    assert_eq!(
        config.form.intro,
        Some(localized([("de", "Hallo"), ("en", "Hello")]))
    );
    let nick = Field {
        required: true,
        max_length: Some(40),
        pattern: Some("[^@]+".into()),
        value: Some("Guest".into()),
        autocomplete: Some("nickname".into()),
        label: Some(localized([("en", "Name")])),
        placeholder: Some(localized([("en", "Jane")])),
        help: Some(localized([("en", "Shown to the agent")])),
        ..Field::new("nick", FieldKind::Text, Role::Nickname)
    };
    let choice = |value: &str, label| Choice {
        value: value.into(),
        label,
    };
    let topic = Field {
        options: vec![
            choice("a", Some(localized([("en", "A")]))),
            choice("b", None),
        ],
        ..Field::new("topic", FieldKind::Select, Role::UserData("Topic".into()))
    };
    let terms = Field {
        link: Some(localized([("en", "https://acme.example/terms")])),
        ..Field::new("terms", FieldKind::Consent, Role::UserData("Terms".into()))
    };
    assert_eq!(config.form.fields, [nick, topic, terms]);
    assert_eq!(config.theme.scheme, Scheme::Dark);
    assert_eq!(config.theme.radius.as_deref(), Some("4px"));
    assert_eq!(config.theme.tokens["gap"], "8px");
    assert_eq!(config.theme.light["accent"], "#123456");
    assert_eq!(config.theme.dark["accent"], "#abcdef");
    assert_eq!(config.texts["de"]["launcher.label"], "Chat");
    assert!(config.features.read_receipts && !config.features.files && !config.features.rename);
    assert_eq!(
        (config.pace.active_ms, config.pace.preview_every_ms),
        (3_001, 10_001)
    );
    assert_eq!(config.privacy.before_chat, BeforeChat::Session);
    assert_eq!(config.launcher.corner, Corner::TopLeft);
    assert_eq!((config.launcher.offset.x, config.launcher.offset.y), (1, 2));
    assert_eq!(config.launcher.icon, Icon::Question);
}

#[test]
fn the_browser_reads_what_the_build_wrote() {
    for file in [FULL, GOOD] {
        let tenant = read(file).expect("the file is good");
        let json = tenant.to_json().expect("the configuration fits JSON");
        assert_eq!(Config::from_json(&json).as_ref(), Ok(&tenant.config));
        assert!(!json.contains('\n') && !json.contains("null"), "{json}");
    }
}

#[test]
fn the_full_file_sets_every_key_to_something_else() {
    let full = read(FULL).expect("the file is good");
    let full: serde_json::Value =
        serde_json::from_str(&full.to_json().expect("it fits JSON")).expect("it is JSON");
    for key in build::keys() {
        // Lists are looked into by their items.
        let pointer = format!("/{}", key.replace("[]", "/N").replace('.', "/"));
        let found = (0..3).any(|i| {
            full.pointer(&pointer.replacen('N', &i.to_string(), 1).replace('N', "0"))
                .is_some()
        });
        assert!(found, "the file does not set {key}");
    }
}

#[test]
fn what_a_file_does_not_say_has_its_default() {
    let config = read(GOOD).expect("the file is good").config;
    assert_eq!(config.pace.hidden_ms, 15_000);
    assert!(config.features.files && config.features.typing && !config.features.typing_preview);
    let names: Vec<_> = config
        .form
        .fields
        .iter()
        .map(|f| (f.name.as_str(), f.required))
        .collect();
    assert_eq!(
        names,
        [
            ("firstName", true),
            ("lastName", true),
            ("email", false),
            ("subject", false)
        ]
    );
    assert_eq!(
        Config::from_json(
            r#"{"tenant":"acme","server":{"url":"https://chat.example","service":"sales"}}"#
        ),
        Ok(config)
    );
}

#[test]
fn words_are_found_in_the_nearest_language() {
    let name = localized([("de", "Name"), ("en", "Your name"), ("zh-Hant", "姓名")]);
    assert_eq!(name.pick("de-AT"), Some("Name"));
    assert_eq!(name.pick("zh-Hant-TW"), Some("姓名"));
    assert_eq!(name.pick("fr"), Some("Your name"));
    assert_eq!(localized([("de", "Name")]).pick("fr"), Some("Name"));
    assert_eq!(Localized::default().pick("en"), None);
}

#[test]
fn the_browser_is_told_what_is_wrong_and_where() {
    let with = |rest: &str| {
        format!(r#"{{"tenant":"a","server":{{"url":"https://x.example","service":"s"}}{rest}}}"#)
    };
    for (json, expected) in [
        (String::new(), "line 1, column 0: EOF while parsing a value"),
        ("<!doctype html>".into(), "line 1, column 1: expected value"),
        (
            "[]".into(),
            "line 1, column 2: invalid length 0, expected struct Config with 10 elements",
        ),
        (
            "{\n  \"tenant\": 3}".into(),
            "line 2, column 13: invalid type: integer `3`, expected a string",
        ),
        (
            "{\"tenant\":\"a\"}".into(),
            "line 1, column 14: missing field `server`",
        ),
        (
            with(r#","launcher":{"icon":"smile"}"#),
            "line 1, column 91: unknown variant `smile`, expected one of `chat`, `question`, `none`",
        ),
        (
            with(r#","pace":{"active_ms":-1}"#),
            "line 1, column 87: invalid value: integer `-1`, expected u32",
        ),
        (
            with(r#","pace":{"active_ms":0}"#),
            "pace.active_ms: expected at least 50 milliseconds",
        ),
        (
            with(r#","pace":{"jitter_percent":51}"#),
            "pace.jitter_percent: expected at most 50 percent",
        ),
        (
            with(r#","pace":{"retry_max_ms":60}"#),
            "pace.retry_max_ms: expected at least retry_min_ms",
        ),
        (
            with("").replace("https:", "javascript:"),
            "server.url: expected a URL that begins with https:// or http://",
        ),
        (
            with("").replace("example", "example/"),
            "server.url: expected no slash at the end",
        ),
        (
            with("").replace(":\"s\"", ":\"\""),
            "server.service: expected a name, found nothing",
        ),
        (
            with("").replace(":\"a\"", ":\"\""),
            "tenant: expected a name, found nothing",
        ),
    ] {
        let error = Config::from_json(&json).expect_err("the JSON is broken");
        assert_eq!(error.to_string(), expected, "{json}");
    }
}

#[test]
fn a_newer_file_does_not_break_an_older_module() {
    let json = r#"{"tenant":"a","server":{"service":"s","news":[1]},"later":{"x":null}}"#;
    assert!(Config::from_json(json).is_ok());
}

/// Pieces that make files which are nearly right: those reach further than noise does.
fn nearly_toml() -> impl Strategy<Value = String> {
    let lines: Vec<String> = FULL.lines().map(str::to_owned).collect();
    let piece = prop_oneof![
        6 => proptest::sample::select(lines),
        1 => proptest::sample::select(vec!["[", "]", "{", "}", "=", "\"", "'''", "\"\"\"", "#", ".", ",", "\u{feff}", "é", "\0"]).prop_map(str::to_owned),
        1 => "[a-z_.]{1,8} = [-+0-9a-z\"\\[{]{0,8}",
    ];
    let end = prop_oneof![4 => Just("\n"), 1 => Just(""), 1 => Just("\r\n")];
    proptest::collection::vec((piece, end), 0..40).prop_map(|pieces| {
        pieces
            .into_iter()
            .flat_map(|(piece, end)| [piece, end.to_owned()])
            .collect()
    })
}

proptest! {
    #[test]
    fn nothing_makes_the_build_reader_panic_or_lose_its_place(file in nearly_toml()) {
        match build::read(&file, &common::known()) {
            Ok(tenant) => {
                let json = tenant.to_json().expect("the configuration fits JSON");
                prop_assert_eq!(Config::from_json(&json), Ok(tenant.config));
            }
            Err(mistakes) => {
                prop_assert!(!mistakes.mistakes.is_empty());
                let lines = file.split('\n').count();
                for mistake in &mistakes.mistakes {
                    prop_assert!((1..=lines).contains(&mistake.line), "{}", mistake);
                    let line = file.split('\n').nth(mistake.line - 1).unwrap_or_default();
                    prop_assert!(mistake.column >= 1);
                    prop_assert!(mistake.column <= line.chars().count() + 1, "{}", mistake);
                    prop_assert!(!mistake.message.is_empty());
                }
            }
        }
    }

    #[test]
    fn no_bytes_make_the_build_reader_panic(file in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = build::read(&file, &Known::default());
    }

    #[test]
    fn no_text_makes_the_browsers_reader_panic(json in ".{0,200}") {
        if let Err(error) = Config::from_json(&json) {
            prop_assert!(!error.message.is_empty());
        }
    }

    #[test]
    fn no_change_to_good_json_makes_the_browsers_reader_panic(cut in 0..3000_usize, put in "\\PC{0,4}", drop in 0..6_usize) {
        let json = read(FULL).expect("the file is good").to_json().expect("it fits JSON");
        let start = json.floor_char_boundary(cut.min(json.len()));
        let end = json.floor_char_boundary((start + drop).min(json.len()));
        let changed = format!("{}{put}{}", &json[..start], &json[end.max(start)..]);
        if let Err(error) = Config::from_json(&changed) {
            prop_assert!(!error.message.is_empty());
            prop_assert!(error.line == 1 || !error.path.is_empty());
        }
    }
}
