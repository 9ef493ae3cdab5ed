//! Both readers take the same texts for JSON, and make the same of them.

use parlour_json::{Json, digits, parse, signed_digits};
use proptest::prelude::*;
use serde_json::Value;

fn same(ours: &Json, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Json::Null, Value::Null) => true,
        (Json::Bool(ours), Value::Bool(theirs)) => ours == theirs,
        (Json::Number(_), Value::Number(theirs)) => match theirs.as_i64() {
            Some(number) => ours.as_i64() == Some(number),
            None => true,
        },
        (Json::Text(ours), Value::String(theirs)) => ours == theirs,
        (Json::List(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .zip(theirs)
                    .all(|(ours, theirs)| same(ours, theirs))
        }
        (Json::Object(ours), Value::Object(theirs)) => {
            ours.iter().all(|(name, _)| theirs.contains_key(name))
                && theirs
                    .iter()
                    .all(|(name, theirs)| ours.get(name).is_some_and(|ours| same(ours, theirs)))
        }
        _ => false,
    }
}

/// Texts that look like JSON more often than not.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{".to_owned()),
        Just("}".into()),
        Just("[".into()),
        Just("]".into()),
        Just(",".into()),
        Just(":".into()),
        Just("\"a\"".into()),
        Just("\"b\":".into()),
        Just(" ".into()),
        Just("\n".into()),
        Just("null".into()),
        Just("true".into()),
        Just("false".into()),
        Just("0".into()),
        Just("-12".into()),
        Just("1.50".into()),
        Just("2e3".into()),
        Just("01".into()),
        Just("\"\\u00e9\\n\\ud83d\\ude00\"".into()),
        Just("\"\\".into()),
        Just("\"é".into()),
        "[ -~]{0,3}",
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn the_same_texts_are_json(text in pieces()) {
        match (parse(&text), serde_json::from_str::<Value>(&text)) {
            (Ok(ours), Ok(theirs)) => prop_assert!(same(&ours, &theirs), "{text:?}: {ours:?}"),
            (Err(_), Err(_)) => {}
            // A number too large for theirs is still a text to us.
            (ours, theirs) => prop_assert!(false, "{text:?}: {ours:?} but {theirs:?}"),
        }
    }

    #[test]
    fn whatever_one_writes_the_other_reads(value in values()) {
        let ours = parse(&value.to_string()).expect("JSON");
        prop_assert!(same(&ours, &value));
        let back: Value = serde_json::from_str(&ours.to_string()).expect("JSON");
        prop_assert!(same(&ours, &back));
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        _ = parse(&text);
    }
}

#[test]
fn digits_are_those_of_the_formatter() {
    for number in [0, 7, 10, 999, 1_000_000, i64::MAX, -1, i64::MIN] {
        assert_eq!(signed_digits(number), number.to_string());
    }
    assert_eq!(digits(u64::MAX), u64::MAX.to_string());
}

#[test]
fn a_mistake_has_its_place() {
    let error = parse("{\n  \"a\": 1,\n  \"é\": x}").expect_err("no JSON");
    assert_eq!(error.to_string(), "line 3, column 9: expected a value");
    assert_eq!(
        parse("").expect_err("no JSON").to_string(),
        "line 1, column 1: expected a value"
    );
    assert_eq!(
        parse("{} x").expect_err("no JSON").to_string(),
        "line 1, column 4: expected the end"
    );
}

#[test]
fn half_a_pair_is_no_reason_to_lose_the_rest() {
    let text = parse(r#""a\ud83dz\ude00b""#).expect("liberal");
    assert_eq!(text.as_str(), Some("a\u{fffd}z\u{fffd}b"));
    assert_eq!(
        parse(r#""\ud83d\u0041""#).expect("liberal").as_str(),
        Some("\u{fffd}A")
    );
}

#[test]
fn depth_has_an_end() {
    let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    assert!(parse(&deep(100)).is_ok());
    assert!(parse(&deep(100_000)).is_err());
}

#[test]
fn of_several_members_of_one_name_the_last_counts() {
    let object = parse(r#"{"a": 1, "a": 2}"#).expect("JSON");
    assert_eq!(object.get("a").and_then(Json::as_i64), Some(2));
}

#[test]
fn whole_numbers_may_have_an_empty_fraction() {
    let number = |text: &str| parse(text).expect("JSON").as_i64();
    assert_eq!(number("1432845088000.0"), Some(1_432_845_088_000));
    assert_eq!(number("1.5"), None);
    assert_eq!(number("99999999999999999999"), None);
}
