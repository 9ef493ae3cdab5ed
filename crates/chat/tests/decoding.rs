//! Reading replies: never a panic, and as liberal as `docs/servers.md` wants it.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use std::path::PathBuf;

use common::anything;
use parlour_chat::dialect::Reply;
use parlour_chat::dialect::gms_v2::decode;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

/// Every golden reply.
fn samples() -> Vec<Value> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v2");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    paths.sort();
    let read = |path: PathBuf| serde_json::from_str(&std::fs::read_to_string(path).unwrap());
    paths.into_iter().map(|path| read(path).unwrap()).collect()
}

fn read(reply: &Value) -> Option<Reply> {
    decode(&reply.to_string()).ok()
}

/// Calls `change` on every value, innermost first, but leaves rich content as it is: it is kept raw.
fn everywhere(value: &mut Value, change: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                if key != "content" && key != "genesys-chat" {
                    everywhere(value, change);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| everywhere(value, change)),
        _ => {}
    }
    change(value);
}

/// Any JSON, with the names of the wire in it.
fn any_json() -> impl Strategy<Value = Value> {
    const NAMES: [&str; 28] = [
        "chatId",
        "secureKey",
        "userId",
        "alias",
        "messages",
        "statusCode",
        "chatEnded",
        "errors",
        "code",
        "advice",
        "nextPosition",
        "index",
        "type",
        "text",
        "from",
        "nickname",
        "participantId",
        "utcTime",
        "userData",
        "file-id",
        "upload-max-files",
        "upload-file-types",
        "eventAttributes",
        "general-properties",
        "reason-for-leave",
        "GCTI_SYSTEM",
        "party-info",
        "idleTimerExpire",
    ];
    const WORDS: [&str; 12] = [
        "..",
        "a/b",
        "Message",
        "ParticipantLeft",
        "FileUploaded",
        "IdleAlert",
        "Client",
        "Agent",
        "true",
        "0",
        "{\"style\":\"BOT\"}",
        "{",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-2i64..20).prop_map(Value::from),
        proptest::sample::select(&WORDS[..]).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let name = prop_oneof![
        9 => proptest::sample::select(&NAMES[..]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((name.clone(), inner), 0..8)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        anything::as_a_reply(&bytes);
    }

    #[test]
    fn no_json_makes_it_panic(value in any_json()) {
        anything::as_a_reply(value.to_string().as_bytes());
    }

    #[test]
    fn no_spoilt_sample_makes_it_panic(
        sample in any::<Index>(),
        spoils in proptest::collection::vec((any::<Index>(), any_json()), 1..6),
        cut in any::<Index>(),
    ) {
        let samples = samples();
        let mut reply = sample.get(&samples).clone();
        for (place, new) in spoils {
            let mut size = 0usize;
            everywhere(&mut reply, &mut |_| size += 1);
            let target = place.index(size);
            let mut at = 0usize;
            everywhere(&mut reply, &mut |value| {
                if at == target {
                    *value = new.clone();
                }
                at += 1;
            });
        }
        anything::as_a_reply(reply.to_string().as_bytes());
        let text = reply.to_string();
        let end = cut.index(text.len().max(1)).min(text.len());
        anything::as_a_reply(&text.as_bytes()[..end]);
    }

    #[test]
    fn the_order_of_events_in_a_reply_does_not_count(
        indexes in proptest::collection::btree_set(1u64..500, 0..20),
        seed in any::<u64>(),
    ) {
        let event = |index: &u64| json!({"index": index, "type": "Message", "text": format!("{index}")});
        let mut events: Vec<Value> = indexes.iter().map(event).collect();
        let sorted = read(&json!({"statusCode": 0, "messages": events}));
        let rounds = usize::try_from(seed % 97).unwrap_or_default();
        let length = events.len().max(1);
        events.rotate_left(rounds % length);
        events.reverse();
        prop_assert_eq!(read(&json!({"statusCode": 0, "messages": events})), sorted);
    }
}

/// Changes every sample in a way that must not matter.
fn makes_no_difference(change: impl Fn(&mut Value)) {
    for sample in samples() {
        let mut changed = sample.clone();
        everywhere(&mut changed, &mut |value| change(value));
        assert_eq!(read(&changed), read(&sample), "{changed:#}");
    }
}

#[test]
fn numbers_may_be_strings() {
    makes_no_difference(|value| {
        if let Value::Number(number) = value {
            *value = json!(number.to_string());
        }
    });
}

#[test]
fn truths_may_be_strings() {
    makes_no_difference(|value| {
        if let Value::Bool(truth) = value {
            *value = json!(truth.to_string().to_uppercase());
        }
    });
}

#[test]
fn unknown_fields_are_skipped() {
    makes_no_difference(|value| {
        if let Value::Object(object) = value {
            object.insert("of-tomorrow".into(), json!({"x": [1, null]}));
            object.insert("".into(), json!(null));
        }
    });
}

#[test]
fn objects_may_be_strings() {
    makes_no_difference(|value| {
        if let Value::Object(object) = value {
            for (key, value) in object.iter_mut() {
                let wrapped = [
                    "eventAttributes",
                    "general-properties",
                    "GCTI_SYSTEM",
                    "userData",
                ];
                if wrapped.contains(&key.as_str()) && value.is_object() {
                    *value = json!(value.to_string());
                }
            }
        }
    });
}

#[test]
fn missing_is_null_is_empty() {
    makes_no_difference(|value| {
        if let Value::Object(object) = value {
            object.retain(|key, value| !value.is_null() || key == "messages");
        }
    });
    for sample in samples() {
        if sample["messages"].as_array().is_none_or(Vec::is_empty) {
            for empty in [json!(null), json!([])] {
                let mut changed = sample.clone();
                changed["messages"] = empty;
                assert_eq!(read(&changed), read(&sample));
            }
        }
    }
}

#[test]
fn types_may_be_written_in_any_case() {
    for shout in [str::to_uppercase, str::to_lowercase] {
        makes_no_difference(|value| {
            if let Some(Value::String(kind)) =
                value.as_object_mut().and_then(|it| it.get_mut("type"))
                && kind != "HologramShown"
            {
                *kind = shout(kind);
            }
        });
    }
}

#[test]
fn events_that_cannot_be_read_do_not_hide_the_others() {
    for sample in samples() {
        let mut changed = sample.clone();
        let Some(messages) = changed["messages"].as_array_mut() else {
            continue;
        };
        for (at, odd) in [
            json!(null),
            json!(7),
            json!([]),
            json!({}),
            json!({"index": "x"}),
        ]
        .into_iter()
        .enumerate()
        {
            messages.insert(at.min(messages.len()), odd);
        }
        assert_eq!(read(&changed), read(&sample));
    }
}
