//! The reader in the browser: tells what is wrong and where, agrees with the types' own (derived)
//! readers, and never panics.

mod common;

use common::{FULL, read};
use parlour_config::Config;
use proptest::prelude::*;
use serde_json::{Value, json};

fn minimal(rest: &str) -> String {
    format!(r#"{{"tenant":"a","server":{{"url":"https://x.example","service":"s"}}{rest}}}"#)
}

#[track_caller]
fn assert_mistake(json: &str, expected: &str) {
    match Config::from_json(json) {
        Ok(_) => assert_eq!("taken", expected, "{json}"),
        Err(error) => assert_eq!(error.to_string(), expected, "{json}"),
    }
}

#[test]
fn what_is_no_json_is_reported_with_line_and_column() {
    assert_mistake("", "line 1, column 0: expected JSON");
    assert_mistake("<!doctype html>", "line 1, column 1: expected JSON");
    assert_mistake("{\n  \"tenant\": acme}", "line 2, column 13: expected JSON");
    assert_mistake(&minimal("")[..35], "line 1, column 35: expected JSON");
    assert_mistake("[]", "expected a table");
    assert_mistake("null", "expected a table");
}

#[test]
fn what_is_missing_is_reported_with_its_key() {
    assert_mistake(
        r#"{"server":{"service":"s"}}"#,
        "tenant: missing, expected a string",
    );
    assert_mistake(r#"{"tenant":"a"}"#, "server: missing, expected a table");
    assert_mistake(
        r#"{"tenant":"a","server":{}}"#,
        "server.service: missing, expected a string",
    );
    assert_mistake(
        &minimal(r#","form":{"fields":[{"name":"a","role":"email"},{"name":"b"}]}"#),
        "form.fields[1].role: missing, expected a string",
    );
}

#[test]
fn a_wrong_value_is_reported_with_its_key_and_what_was_expected() {
    for (rest, expected) in [
        (r#","locale":1"#, "locale: expected a string"),
        (r#","features":[]"#, "features: expected a table"),
        (
            r#","features":{"files":"yes"}"#,
            "features.files: expected true or false",
        ),
        (
            r#","texts":{"de":{"a.b":1}}"#,
            "texts.de.a.b: expected a string",
        ),
        (r#","form":{"fields":{}}"#, "form.fields: expected a list"),
        (
            r#","form":{"fields":[1]}"#,
            "form.fields[0]: expected a table",
        ),
        (
            r#","launcher":{"icon":"smile"}"#,
            "launcher.icon: expected one of chat, question, none",
        ),
        (
            r#","launcher":{"offset":{"x":1001}}"#,
            "launcher.offset.x: expected an integer from 0 to 1000",
        ),
        (
            r#","pace":{"active_ms":-1}"#,
            "pace.active_ms: expected an integer from 50 to 3600000",
        ),
        (
            r#","pace":{"quiet_ms":49}"#,
            "pace.quiet_ms: expected an integer from 50 to 3600000",
        ),
        (
            r#","pace":{"hidden_ms":1.5}"#,
            "pace.hidden_ms: expected an integer from 50 to 3600000",
        ),
        (
            r#","pace":{"jitter_percent":4294967301}"#,
            "pace.jitter_percent: expected an integer from 0 to 50",
        ),
        (
            r#","pace":{"retry_max_ms":60}"#,
            "pace.retry_max_ms: expected at least retry_min_ms",
        ),
    ] {
        assert_mistake(&minimal(rest), expected);
    }
}

#[test]
fn what_would_harm_visitor_or_server_is_refused_here_too() {
    let changed = |from: &str, to: &str| minimal("").replace(from, to);
    assert_mistake(
        &changed("https:", "javascript:"),
        "server.url: expected a URL that begins with https:// or http://",
    );
    assert_mistake(
        &changed("example", "example/"),
        "server.url: expected no slash at the end",
    );
    assert_mistake(
        &changed(":\"s\"", ":\"\""),
        "server.service: expected a name, found nothing",
    );
    assert_mistake(
        &changed(":\"a\"", ":\"\""),
        "tenant: expected a name, found nothing",
    );
}

#[test]
fn a_newer_file_does_not_break_an_older_module() {
    let json = r#"{"tenant":"a","server":{"service":"s","news":[1]},"later":{"x":null}}"#;
    assert!(Config::from_json(json).is_ok());
}

#[test]
fn null_is_as_good_as_nothing() {
    let json = minimal(r#","locale":null,"pace":null,"launcher":{"icon":null}"#);
    assert_eq!(Config::from_json(&json), Config::from_json(&minimal("")));
}

/// Returns the run-time JSON of a file that sets every key to something other than its default.
#[expect(clippy::unwrap_used, reason = "a helper that fails tests")]
fn full() -> Value {
    serde_json::from_str(&read(FULL).unwrap().to_json().unwrap()).unwrap()
}

fn pointers(value: &Value, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    match value {
        Value::Object(table) => {
            table
                .iter()
                .for_each(|(key, value)| pointers(value, &format!("{path}/{key}"), found));
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(i, value)| pointers(value, &format!("{path}/{i}"), found));
        }
        _ => {}
    }
}

/// Both readers of the same types must take the same files for the same configuration. By design
/// this one is stricter about ranges and about lists in the place of tables.
fn agree(json: &Value) -> Result<(), TestCaseError> {
    let derived = serde_json::from_value::<Config>(json.clone());
    match Config::from_json(&json.to_string()) {
        Ok(config) => prop_assert_eq!(derived.ok(), Some(config), "{}", json),
        Err(error) => {
            let stricter = [
                "expected an integer",
                "expected a table",
                "expected at least",
            ]
            .iter()
            .chain(&["expected a name", "expected a URL", "expected no slash"])
            .chain(&["expected the visitor's name", "expected a header"])
            .any(|words| error.message.contains(words));
            prop_assert!(derived.is_err() || stricter, "{}: {}", error, json);
        }
    }
    Ok(())
}

#[test]
fn both_readers_agree_on_every_key_whatever_stands_there() {
    let full = full();
    let mut all = Vec::new();
    pointers(&full, "", &mut all);
    assert!(all.len() > 60);
    let others = [
        json!(true),
        json!(0),
        json!(-1),
        json!(60),
        json!(1.5),
        json!(5_000_000_000_u64),
        json!("text"),
        json!("email"),
        json!([]),
        json!([1]),
        json!({}),
        json!({"en": "a"}),
        json!({"en": 1}),
    ];
    for pointer in &all {
        for other in &others {
            let mut changed = full.clone();
            if let Some(value) = changed.pointer_mut(pointer) {
                *value = other.clone();
            }
            agree(&changed).unwrap();
        }
        let mut without = full.clone();
        if let Some((table, key)) = pointer.rsplit_once('/')
            && let Some(Value::Object(table)) = without.pointer_mut(table)
        {
            table.remove(key);
            agree(&without).unwrap();
        }
    }
}

#[test]
fn both_readers_know_every_choice() {
    for (pointer, words) in [
        ("/server/credentials", "omit include"),
        (
            "/form/fields/0/kind",
            "text email tel select checkbox textarea hidden consent",
        ),
        (
            "/form/fields/0/role",
            "first_name last_name nickname email subject",
        ),
        ("/theme/scheme", "auto light dark"),
        ("/privacy/before_chat", "session memory"),
        ("/privacy/chat", "site session memory"),
        (
            "/launcher/corner",
            "bottom_right bottom_left top_right top_left",
        ),
        ("/launcher/icon", "chat question none"),
    ] {
        for word in words.split(' ') {
            let mut changed = full();
            *changed.pointer_mut(pointer).unwrap() = word.into();
            assert!(
                Config::from_json(&changed.to_string()).is_ok(),
                "{pointer} {word}"
            );
            agree(&changed).unwrap();
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(json in ".{0,200}") {
        if let Err(error) = Config::from_json(&json) {
            prop_assert!(!error.message.is_empty());
        }
    }

    #[test]
    fn no_change_to_good_json_makes_it_panic(
        at in 0..3000_usize,
        put in "\\PC{0,4}",
        cut in 0..6_usize,
    ) {
        let json = full().to_string();
        let start = json.floor_char_boundary(at.min(json.len()));
        let end = json.floor_char_boundary((start + cut).min(json.len())).max(start);
        let changed = format!("{}{put}{}", &json[..start], &json[end..]);
        if let Err(error) = Config::from_json(&changed) {
            prop_assert!(!error.message.is_empty());
            prop_assert!(error.line == 1 || !error.path.is_empty());
        }
    }
}

#[test]
fn an_address_that_no_path_can_follow_is_a_mistake() {
    for rest in ["?tenant=a", "/chat#top", "#"] {
        assert_mistake(
            &format!(
                r#"{{"tenant":"a","server":{{"url":"https://x.example{rest}","service":"s"}}}}"#
            ),
            "server.url: expected a URL without query or fragment",
        );
    }
}

#[test]
fn a_header_at_which_requests_would_throw_is_a_mistake() {
    for (name, value) in [
        ("", "x"),
        ("a b", "x"),
        ("a:", "x"),
        ("ä", "x"),
        ("apikey", "two\nlines"),
        ("apikey", "\u{0}"),
        ("apikey", "漢字"),
    ] {
        let server = json!({"url": "https://x.example", "service": "s", "headers": {name: value}});
        assert_mistake(
            &json!({"tenant": "a", "server": server}).to_string(),
            &format!("server.headers.{name}: expected a header that browsers take"),
        );
    }
    let headers = json!({"apikey": "N18T 2!", "X-Any_thing.1": ""});
    let server = json!({"url": "https://x.example", "service": "s", "headers": headers});
    let taken = Config::from_json(&json!({"tenant": "a", "server": server}).to_string());
    assert!(taken.is_ok(), "{taken:?}");
}

#[test]
fn a_form_without_fields_will_do_only_where_the_server_asks_for_no_name() {
    for (dialect, taken) in [
        ("gms-v2", false),
        ("gms-v2-cometd", false),
        ("gws", false),
        ("gms-v1", true),
        ("gms-v1-cometd", true),
    ] {
        let server = json!({"url": "https://x.example", "service": "s", "dialect": dialect});
        let config = json!({"tenant": "a", "server": server, "form": {"fields": []}}).to_string();
        if taken {
            assert!(Config::from_json(&config).is_ok(), "{dialect}");
        } else {
            let expected = "form.fields: expected the visitor's name, found nothing";
            assert_mistake(&config, expected);
        }
    }
}
