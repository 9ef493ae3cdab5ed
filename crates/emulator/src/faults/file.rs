//! Rules as people write them: TOML in a file, or JSON in the control API (which is turned into the same table).

use std::path::Path;

use parlour_config::build::{Notes, read_as};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::rule::{Broken, Kind, OPERATIONS, Rule, known_operation};
use crate::file::{FileError, read_span};
use crate::model::ChatId;

/// A file of rules.
#[derive(Deserialize, JsonSchema)]
struct File {
    #[serde(default)]
    fault: Vec<RuleTable>,
}

/// A `[[fault]]` table.
#[derive(Serialize, Deserialize, JsonSchema)]
struct RuleTable {
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chat: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skip: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    #[schemars(range(min = 0, max = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(flatten)]
    kind: KindTable,
}

/// The keys that depend on `kind`.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum KindTable {
    Delay {
        r#for: String,
    },
    DelayReply {
        r#for: String,
    },
    CutBefore,
    CutAfter,
    Status {
        #[schemars(range(min = 400, max = 599))]
        status: u16,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        processed: Option<bool>,
    },
    Html {
        #[serde(skip_serializing_if = "Option::is_none")]
        processed: Option<bool>,
    },
    Truncated,
    #[serde(rename = "status_code_1")]
    StatusCode1,
    #[serde(rename = "status_code_2")]
    StatusCode2,
    AliasChange,
    Panic,
}

/// Reads `[[fault]]` tables.
///
/// # Errors
/// Lists every mistake with its place.
pub fn read_rules(file: &Path, text: &str) -> Result<Vec<Rule>, FileError> {
    let rules = read_as(text, |file: File, notes| {
        let tables = file.fault.into_iter().enumerate();
        let rules = tables.map(|(nth, table)| rule(&format!("fault[{nth}]"), table, notes));
        rules.collect()
    });
    rules.map_err(|mistakes| FileError::new(file, &mistakes))
}

/// Writes a rule with the keys that [`read_rules`] reads. What is at its default is left out.
pub fn write_rule(rule: &Rule) -> Map<String, Value> {
    let table = RuleTable {
        operation: rule.operation.map(str::to_owned),
        chat: rule.chat.as_ref().map(|chat| chat.as_str().to_owned()),
        skip: (rule.skip > 0).then_some(rule.skip),
        count: rule.count,
        probability: (rule.probability < 1.0).then_some(rule.probability),
        kind: kind_table(rule.kind),
    };
    match serde_json::to_value(table) {
        Ok(Value::Object(table)) => table,
        // Plain data can always be written.
        _ => Map::new(),
    }
}

fn rule(path: &str, table: RuleTable, notes: &mut Notes) -> Rule {
    let operation = table.operation.filter(|name| name != "any");
    let known = operation.as_deref().and_then(known_operation);
    if let Some(unknown) = operation.filter(|_| known.is_none()) {
        let names = OPERATIONS.join(", ");
        let message = format!("expected one of any, {names}, found \"{unknown}\"");
        notes.add(&format!("{path}.operation"), message);
    }
    let mut span = |text: String| read_span(&format!("{path}.for"), &text, notes);
    let kind = match table.kind {
        KindTable::Delay { r#for } => Kind::Delay { ms: span(r#for) },
        KindTable::DelayReply { r#for } => Kind::DelayReply { ms: span(r#for) },
        KindTable::AliasChange => Kind::AliasChange,
        KindTable::CutBefore => Kind::Broken(Broken::CutBefore),
        KindTable::CutAfter => Kind::Broken(Broken::CutAfter),
        KindTable::Status {
            status,
            retry_after,
            processed,
        } => Kind::Broken(Broken::Status {
            status,
            retry_after,
            processed: processed.unwrap_or(false),
        }),
        KindTable::Html { processed } => Kind::Broken(Broken::Html {
            processed: processed.unwrap_or(false),
        }),
        KindTable::Truncated => Kind::Broken(Broken::Truncated),
        KindTable::StatusCode1 => Kind::Broken(Broken::StatusCode1),
        KindTable::StatusCode2 => Kind::Broken(Broken::StatusCode2),
        KindTable::Panic => Kind::Broken(Broken::Panic),
    };
    Rule {
        operation: known,
        chat: table.chat.map(ChatId::new),
        kind,
        skip: table.skip.unwrap_or(0),
        count: table.count,
        probability: table.probability.unwrap_or(1.0),
    }
}

fn kind_table(kind: Kind) -> KindTable {
    let span = |ms| format!("{ms}ms");
    match kind {
        Kind::Delay { ms } => KindTable::Delay { r#for: span(ms) },
        Kind::DelayReply { ms } => KindTable::DelayReply { r#for: span(ms) },
        Kind::AliasChange => KindTable::AliasChange,
        Kind::Broken(Broken::CutBefore) => KindTable::CutBefore,
        Kind::Broken(Broken::CutAfter) => KindTable::CutAfter,
        Kind::Broken(Broken::Status {
            status,
            retry_after,
            processed,
        }) => KindTable::Status {
            status,
            retry_after,
            processed: processed.then_some(true),
        },
        Kind::Broken(Broken::Html { processed }) => KindTable::Html {
            processed: processed.then_some(true),
        },
        Kind::Broken(Broken::Truncated) => KindTable::Truncated,
        Kind::Broken(Broken::StatusCode1) => KindTable::StatusCode1,
        Kind::Broken(Broken::StatusCode2) => KindTable::StatusCode2,
        Kind::Broken(Broken::Panic) => KindTable::Panic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [&str; 11] = [
        "delay",
        "delay_reply",
        "cut_before",
        "cut_after",
        "status",
        "html",
        "truncated",
        "status_code_1",
        "status_code_2",
        "alias_change",
        "panic",
    ];

    fn read(text: &str) -> Result<Vec<Rule>, String> {
        read_rules(Path::new("f"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn written_rules_are_read_back() {
        let whole = r#"[[fault]]
operation = "send"
kind = "status"
status = 503
retry_after = 7
processed = true
skip = 2
count = 1
probability = 0.5
chat = "0001abc"
"#;
        let rest = KINDS.iter().map(|name| {
            let extra = match *name {
                "delay" | "delay_reply" => "for = \"1500ms\"\n",
                "status" => "status = 500\n",
                _ => "",
            };
            format!("[[fault]]\nkind = \"{name}\"\n{extra}")
        });
        for text in std::iter::once(whole.to_owned()).chain(rest) {
            let rules = read(&text).unwrap();
            let keys = write_rule(&rules[0]);
            let lines = keys.iter().map(|(key, value)| format!("{key} = {value}\n"));
            let again: String = std::iter::once("[[fault]]\n".to_owned())
                .chain(lines)
                .collect();
            assert_eq!(read(&again).unwrap(), rules, "{again}");
        }
    }

    #[test]
    fn reads_every_kind() {
        let text = r#"
            [[fault]]
            operation = "send"
            kind = "status"
            status = 503
            retry_after = 2
            processed = true
            skip = 1
            count = 3
            probability = 0.5
            [[fault]]
            kind = "delay"
            for = "1.5s"
        "#;
        let rules = read(text).unwrap();
        let broken = Broken::Status {
            status: 503,
            retry_after: Some(2),
            processed: true,
        };
        assert_eq!(
            rules[0],
            Rule {
                operation: Some("send"),
                chat: None,
                kind: Kind::Broken(broken),
                skip: 1,
                count: Some(3),
                probability: 0.5,
            }
        );
        assert_eq!(rules[1], Rule::new(None, Kind::Delay { ms: 1500 }));
        let others = KINDS.into_iter();
        for name in others.filter(|name| !["status", "delay", "delay_reply"].contains(name)) {
            assert_eq!(
                read(&format!("[[fault]]\nkind = \"{name}\""))
                    .unwrap()
                    .len(),
                1,
                "{name}"
            );
        }
    }

    #[test]
    fn the_error_of_a_long_delay_names_the_limit() {
        for kind in ["delay", "delay_reply"] {
            let rule = |span| format!("[[fault]]\nkind = \"{kind}\"\nfor = \"{span}\"");
            assert!(read(&rule("1440m")).is_ok());
            let error = read(&rule("1441m")).unwrap_err();
            assert!(error.contains("a day at most"), "{error}");
        }
    }

    #[test]
    fn reports_every_mistake_with_its_place() {
        let error = read(concat!(
            "[[fault]]\noperation = \"sent\"\nkind = \"cut\"\n",
            "[[fault]]\nkind = \"delay\"\nwhat = 1\n",
            "[[fault]]\nkind = \"status\"\nstatus = 200\nprobability = 2\n",
            "[[fault]]\n[fualt]\n",
        ))
        .unwrap_err();
        let lines: Vec<&str> = error.lines().collect();
        let starts = [
            "f:2:13: fault[0].operation: expected one of any, requestChat,",
            "f:3:8: fault[0].kind: expected one of \"delay\",",
            "f:4:1: fault[1].for: missing, expected a string",
            "f:6:1: fault[1].what: unknown key",
            "f:9:10: fault[2].status: expected an integer from 400 to 599, found 200",
            "f:10:15: fault[2].probability: expected a number from 0 to 1",
            "f:11:1: fault[3].kind: missing, expected one of \"delay\",",
            "f:12:2: fualt: unknown key, did you mean \"fault\"?",
        ];
        assert_eq!(lines.len(), starts.len(), "{error}");
        for (line, start) in lines.iter().zip(starts) {
            assert!(
                line.starts_with(start),
                "{line}\nshould start with\n{start}"
            );
        }
    }
}
