//! Both readers: what the build writes the browser reads, and nothing makes either panic.

mod common;

use std::collections::BTreeMap;

use common::{FULL, GOOD, read};
use parlour_config::build::{self, Known};
use parlour_config::{
    BeforeChat, Choice, Config, Context, Corner, Credentials, Dialect, Embed, Field, FieldKind,
    Icon, KeepChat, Localized, Role, Rules, Scheme, Table,
};
use proptest::prelude::*;

fn localized<const N: usize>(words: [(&str, &str); N]) -> Localized {
    let words = words.map(|(locale, text)| (locale.to_owned(), text.to_owned()));
    Localized(BTreeMap::from(words).into())
}

#[test]
fn every_key_of_a_file_arrives_where_it_belongs() {
    let config = read(FULL).expect("the file is good").config;

    assert_eq!(config.locale.as_deref(), Some("pt-BR"));
    assert_eq!(config.server.dialect, Dialect::GmsV2);
    assert_eq!(config.server.url, "https://chat.example/base");
    assert_eq!(config.server.credentials, Credentials::Include);
    assert_eq!(at(&config.server.headers, "X-Site"), "shop");
    assert_eq!(at(&config.server.user_data, "Shop"), "Acme");
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
    assert_eq!(at(&config.theme.tokens, "gap"), "8px");
    assert_eq!(at(&config.theme.light, "accent"), "#123456");
    assert_eq!(at(&config.theme.dark, "accent"), "#abcdef");
    assert_eq!(
        config.texts.get("de").map(|de| at(de, "launcher.label")),
        Some("Chat")
    );
    assert!(config.features.read_receipts && !config.features.files && !config.features.rename);
    assert_eq!(
        (config.pace.active_ms, config.pace.preview_every_ms),
        (3_001, 10_001)
    );
    assert_eq!(config.privacy.before_chat, BeforeChat::Memory);
    assert_eq!(config.privacy.chat, KeepChat::Session);
    assert_eq!(config.launcher.corner, Corner::TopLeft);
    assert_eq!((config.launcher.offset.x, config.launcher.offset.y), (1, 2));
    assert_eq!(config.launcher.icon, Icon::Question);
}

#[test]
fn the_browser_reads_what_the_build_wrote() {
    for file in [FULL, GOOD] {
        let tenant = read(file).expect("the file is good");
        let json = tenant.to_json().expect("the configuration fits JSON");
        assert_eq!(Config::from_json(&json), Ok(in_the_browser(tenant.config)));
        assert!(!json.contains('\n') && !json.contains("null"), "{json}");
    }
}

#[test]
fn what_is_as_by_default_is_not_written_for_the_browser() {
    let written = |file: &str| {
        let tenant = read(file).expect("the file is good");
        tenant.to_json().expect("it fits JSON")
    };
    assert_eq!(
        written("tenant = \"acme\"\nserver.service = \"sales\"\n[pace]\nquiet_ms = 5000\n"),
        r#"{"server":{"service":"sales"},"tenant":"acme"}"#
    );
    let paced = written("tenant = \"acme\"\nserver.service = \"sales\"\n[pace]\nquiet_ms = 4000\n");
    assert!(paced.contains(r#""pace":{"quiet_ms":4000}"#), "{paced}");
}

#[test]
fn the_full_file_sets_every_key_to_something_else() {
    let full = read(FULL).expect("the file is good");
    let full = serde_json::to_value(&full.config).expect("it fits JSON");
    // The JSON is the browser's, where these are unknown: the tests of each look for them.
    let unknown = ["context", "embed", "rules", "hours", "message", "locales"];
    let keys = build::keys().into_iter();
    for key in keys.filter(|key| !unknown.iter().any(|section| key.starts_with(section))) {
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
                prop_assert_eq!(Config::from_json(&json), Ok(in_the_browser(tenant.config)));
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
}

/// Returns what the browser gets of a configuration: how the widget is embedded is for the loader only.
fn in_the_browser(config: Config) -> Config {
    Config {
        embed: Embed::default(),
        rules: Rules::default(),
        hours: None,
        message: None,
        context: Context::default(),
        ..config
    }
}

fn at<'a>(table: &'a Table<String>, name: &str) -> &'a str {
    table.get(name).map_or("", String::as_str)
}
