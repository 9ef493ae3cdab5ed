use std::sync::Arc;

use parlour::{Count, Text, Texts, is_right_to_left};
use parlour_config::Config;
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

const ENGLISH: &str = include_str!("../../public/locales/en.json");

fn texts(config: &str, wanted: &[&str]) -> Texts {
    let config = Arc::new(Config::from_json(config).expect("a configuration"));
    Texts::new(&config, wanted.iter().copied(), JsValue::UNDEFINED)
}

const GERMAN: &str = r#"{"tenant": "acme", "server": {"service": "s"},
    "texts": {"de": {"composer.send": "Senden", "composer.left.one": "noch {count} Zeichen"}}}"#;

#[wasm_bindgen_test]
fn the_english_words_are_those_of_the_file() {
    let texts = texts(GERMAN, &["en"]);
    let words: Map<String, Value> = serde_json::from_str(ENGLISH).expect("an object");
    for text in Text::ALL {
        assert_eq!(words[text.key()], texts.get(*text));
    }
    for count in Count::ALL {
        for category in ["one", "other"] {
            let key = [count.key(), ".", category].concat();
            assert_eq!(words[&key], count.english(category));
        }
    }
    let label = |key| texts.label(None, key);
    assert_eq!(label("form.email.label").as_deref(), Some("Email"));
    assert_eq!(label("form.banana.label"), None);
}

#[wasm_bindgen_test]
fn a_tenants_words_win_and_english_fills_the_gaps() {
    let texts = texts(GERMAN, &["de-CH", "en"]);
    assert_eq!(texts.locale(), "de-CH");
    assert_eq!(texts.get(Text::COMPOSER_SEND), "Senden");
    assert_eq!(texts.get(Text::PANEL_CLOSE), "Close");
    assert_eq!(texts.count(Count::COMPOSER_LEFT, 1), "noch 1 Zeichen");
}

#[wasm_bindgen_test]
fn words_that_come_with_the_language_are_taken_first() {
    let config = Arc::new(Config::from_json(GERMAN).expect("a configuration"));
    let words = r#"{"composer.send": "Abschicken", "composer.left.one": "{count} übrig", "form.email.label": "E-Mail"}"#;
    let words = js_sys::JSON::parse(words).expect("an object");
    let texts = Texts::new(&config, ["pt-BR"], words);
    // The language was chosen by whoever brings its words.
    assert_eq!(texts.locale(), "pt-BR");
    assert_eq!(texts.get(Text::COMPOSER_SEND), "Abschicken");
    assert_eq!(texts.count(Count::COMPOSER_LEFT, 1), "1 übrig");
    assert_eq!(
        texts.label(None, "form.email.label").as_deref(),
        Some("E-Mail")
    );
    assert_eq!(texts.get(Text::PANEL_CLOSE), "Close");
}

#[wasm_bindgen_test]
fn languages_without_words_and_malformed_tags_are_passed_over() {
    let texts = texts(GERMAN, &["fr-FR", "de_DE", "de"]);
    assert_eq!(texts.locale(), "de");
}

#[wasm_bindgen_test]
fn plural_forms_and_blanks_are_filled_in() {
    let texts = texts(GERMAN, &["en"]);
    assert_eq!(texts.count(Count::LAUNCHER_UNREAD, 1), "1 unread message");
    assert_eq!(
        texts.count(Count::LAUNCHER_UNREAD, 1_000),
        "1,000 unread messages"
    );
    assert_eq!(
        texts.fill(Text::EVENT_LEFT, &[("name", "{name}")]),
        "{name} has left the chat"
    );
}

#[wasm_bindgen_test]
fn directions_follow_language_and_script() {
    assert!(is_right_to_left("ar-EG"));
    assert!(is_right_to_left("az-Arab"));
    assert!(!is_right_to_left("pa-Guru"));
    assert!(!is_right_to_left("en"));
}
