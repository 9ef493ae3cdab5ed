//! Rules as people write them: TOML in a file, or JSON in the control API (which is turned into the same table).

use std::path::Path;

use serde_json::{Map, Value};

use super::rule::{Broken, Kind, OPERATIONS, Rule};
use crate::model::ChatId;
use crate::toml_file::{FileError, Problems, Table, read_toml};

/// Reads `[[fault]]` tables.
///
/// # Errors
/// Lists every mistake with its place.
pub fn read_rules(file: &Path, text: &str) -> Result<Vec<Rule>, FileError> {
    read_toml(file, text, |root, problems| {
        root.tables("fault")
            .iter()
            .filter_map(|table| rule(table, problems))
            .collect()
    })
}

/// Writes a rule with the keys that [`read_rules`] reads. What is at its default is left out.
pub fn write_rule(rule: &Rule) -> Map<String, Value> {
    let mut out = Map::new();
    let word = match rule.kind {
        Kind::Delay { ms } => {
            out.insert("for".into(), format!("{ms}ms").into());
            Word::Delay
        }
        Kind::DelayReply { ms } => {
            out.insert("for".into(), format!("{ms}ms").into());
            Word::DelayReply
        }
        Kind::AliasChange => Word::AliasChange,
        Kind::Broken(broken) => write_broken(broken, &mut out),
    };
    let name = KINDS.iter().find(|(_, known)| *known == word);
    out.insert("kind".into(), name.map(|(name, _)| *name).into());
    let extras = [
        ("operation", rule.operation.map(Value::from)),
        ("chat", rule.chat.as_ref().map(|chat| chat.as_str().into())),
        ("skip", (rule.skip > 0).then(|| rule.skip.into())),
        ("count", rule.count.map(Value::from)),
        (
            "probability",
            (rule.probability < 1.0).then(|| rule.probability.into()),
        ),
    ];
    for (key, value) in extras {
        out.extend(value.map(|value| (key.to_owned(), value)));
    }
    out
}

fn write_broken(broken: Broken, out: &mut Map<String, Value>) -> Word {
    let (word, processed) = match broken {
        Broken::Status {
            status,
            retry_after,
            processed,
        } => {
            out.insert("status".into(), status.into());
            out.extend(retry_after.map(|secs| ("retry_after".into(), secs.into())));
            (Word::Status, processed)
        }
        Broken::Html { processed } => (Word::Html, processed),
        Broken::CutBefore => (Word::CutBefore, false),
        Broken::CutAfter => (Word::CutAfter, false),
        Broken::Truncated => (Word::Truncated, false),
        Broken::StatusCode1 => (Word::StatusCode1, false),
        Broken::StatusCode2 => (Word::StatusCode2, false),
        Broken::Panic => (Word::Panic, false),
    };
    if processed {
        out.insert("processed".into(), true.into());
    }
    word
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Delay,
    DelayReply,
    CutBefore,
    CutAfter,
    Status,
    Html,
    Truncated,
    StatusCode1,
    StatusCode2,
    AliasChange,
    Panic,
}

const KINDS: &[(&str, Word)] = &[
    ("delay", Word::Delay),
    ("delay_reply", Word::DelayReply),
    ("cut_before", Word::CutBefore),
    ("cut_after", Word::CutAfter),
    ("status", Word::Status),
    ("html", Word::Html),
    ("truncated", Word::Truncated),
    ("status_code_1", Word::StatusCode1),
    ("status_code_2", Word::StatusCode2),
    ("alias_change", Word::AliasChange),
    ("panic", Word::Panic),
];

fn rule(table: &Table<'_>, problems: &Problems<'_>) -> Option<Rule> {
    let mut words: Vec<(&str, Option<&'static str>)> = vec![("any", None)];
    words.extend(OPERATIONS.iter().map(|name| (*name, Some(*name))));
    let operation = table.word("operation", &words).and_then(|word| word.value);
    let chat = table.text("chat").map(|id| ChatId::new(id.value));
    let skip = table.number("skip").map_or(0, |n| n.value);
    let count = table.number("count").map(|n| n.value);
    let probability = table.fraction("probability").map_or(1.0, |n| n.value);
    let kind = kind(table, problems);
    table.refuse_unknown();
    Some(Rule {
        operation,
        chat,
        kind: kind?,
        skip,
        count,
        probability,
    })
}

fn kind(table: &Table<'_>, problems: &Problems<'_>) -> Option<Kind> {
    let Some(word) = table.word("kind", KINDS) else {
        if !table.has("kind") {
            let list: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
            table.missing("kind", &format!("one of {}", list.join(", ")));
        }
        return None;
    };
    let broken = match word.value {
        Word::Delay => return Some(Kind::Delay { ms: span(table)? }),
        Word::DelayReply => return Some(Kind::DelayReply { ms: span(table)? }),
        Word::AliasChange => return Some(Kind::AliasChange),
        Word::Status => status(table, problems)?,
        Word::Html => Broken::Html {
            processed: processed(table),
        },
        Word::CutBefore => Broken::CutBefore,
        Word::CutAfter => Broken::CutAfter,
        Word::Truncated => Broken::Truncated,
        Word::StatusCode1 => Broken::StatusCode1,
        Word::StatusCode2 => Broken::StatusCode2,
        Word::Panic => Broken::Panic,
    };
    Some(Kind::Broken(broken))
}

fn span(table: &Table<'_>) -> Option<u64> {
    if !table.has("for") {
        table.missing("for", "how long to wait, such as \"2s\"");
    }
    table.duration("for").map(|span| span.value)
}

fn status(table: &Table<'_>, problems: &Problems<'_>) -> Option<Broken> {
    let retry_after = table.number("retry_after").map(|n| n.value);
    let processed = processed(table);
    if !table.has("status") {
        table.missing("status", "an HTTP status such as 503");
    }
    let status = table.number("status")?;
    match u16::try_from(status.value) {
        Ok(status @ 400..=599) => Some(Broken::Status {
            status,
            retry_after,
            processed,
        }),
        _ => {
            problems.add(&status.place, "`status` must be from 400 to 599");
            None
        }
    }
}

fn processed(table: &Table<'_>) -> bool {
    table.boolean("processed").is_some_and(|yes| yes.value)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let rest = KINDS.iter().map(|(name, _)| {
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
        let others = KINDS.iter().map(|(name, _)| *name);
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
            "f:2:13: unknown operation \"sent\": expected one of any, requestChat,",
            "f:3:8: unknown kind \"cut\": expected one of delay,",
            "f:4:1: `for` is missing",
            "f:6:1: unknown key `what`: expected operation, chat,",
            "f:9:10: `status` must be from 400 to 599",
            "f:10:15: `probability` must be a number from 0 to 1",
            "f:11:1: `kind` is missing: expected one of delay,",
            "f:12:2: unknown key `fualt`: expected fault",
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
