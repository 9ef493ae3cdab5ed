//! `docs/configuration.md` says what the types say, and its examples are true.
//!
//! `PARLOUR_BLESS=1 cargo test -p parlour-config` writes its tables anew.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use common::{read, widget};
use parlour_config::build;
use serde_json::Value;

const BEGIN: &str = "<!-- keys:";
const TOKENS: &str = "<!-- tokens -->";
const END: &str = "<!-- end -->";

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md")
}

/// Puts the table of each section between its marks; returns the page and the sections it has.
fn with_tables(page: &str) -> (String, Vec<String>) {
    let (mut made, mut sections) = (String::new(), Vec::new());
    let mut rest = page;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (section, after) = after.split_once("-->").unwrap_or((after, ""));
        let (_, after) = after.split_once(END).unwrap_or(("", ""));
        let section = section.trim();
        let table = build::reference(section).unwrap_or_else(|| "There is no such table.\n".into());
        let space = if section.is_empty() { "" } else { " " };
        made.push_str(&format!(
            "{before}{BEGIN}{space}{section} -->\n{table}{END}"
        ));
        sections.push(section.to_owned());
        rest = after;
    }
    (made + rest, sections)
}

/// Puts the table of the tokens between its marks.
fn with_tokens(page: &str) -> String {
    let (before, rest) = page.split_once(TOKENS).unwrap_or((page, ""));
    let (_, after) = rest.split_once(END).unwrap_or(("", rest));
    let table = build::token_reference(&widget().tokens);
    [before, TOKENS, "\n", &table, END, after].concat()
}

#[test]
fn the_page_has_the_table_of_every_section() {
    let kept = fs::read_to_string(page()).unwrap();
    let (made, sections) = with_tables(&kept);
    let made = with_tokens(&made);
    if std::env::var_os("PARLOUR_BLESS").is_some() {
        fs::write(page(), &made).unwrap();
    } else {
        assert!(
            kept == made,
            "docs/configuration.md is old: PARLOUR_BLESS=1 writes it anew"
        );
    }
    let sections: BTreeSet<_> = sections.into_iter().collect();
    assert_eq!(sections, build::sections().into_iter().collect());
}

#[test]
fn the_table_of_the_tokens_has_all_of_them_and_nothing_else() {
    let tokens = widget().tokens;
    let table = build::token_reference(&tokens);
    let rows = table.lines().skip(2);
    let explained: BTreeSet<&str> = rows.filter_map(|row| row.split('`').nth(1)).collect();
    let all = tokens.light.keys().chain(tokens.dark.keys());
    assert_eq!(explained, all.map(String::as_str).collect());
}

#[test]
fn every_key_is_explained_with_its_type_and_default() {
    for section in build::sections() {
        let table = build::reference(&section).unwrap();
        for row in table
            .lines()
            .skip(2)
            .take_while(|line| line.starts_with('|'))
        {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            assert_eq!(cells.len(), 4, "{row}");
            assert!(cells.iter().all(|cell| !cell.is_empty()), "{row}");
        }
    }
}

#[test]
fn the_examples_are_one_file_without_mistakes_that_sets_every_key() {
    let page = fs::read_to_string(page()).unwrap();
    // The first shows how little is enough.
    let examples: Vec<&str> = page
        .split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default())
        .collect();
    assert!(read(examples[0]).is_ok());
    let file = examples[1..].concat();
    let tenant = read(&file).unwrap_or_else(|mistakes| panic!("{file}\n{mistakes}"));
    assert_eq!(tenant.warnings, []);

    let file: toml::Table = file.parse().unwrap();
    let value = serde_json::to_value(file).unwrap();
    let mut set = BTreeSet::new();
    keys(&value, "", &mut set);
    let missing: Vec<_> = build::keys()
        .into_iter()
        .filter(|key| !set.contains(key))
        .collect();
    assert!(missing.is_empty(), "no example sets {missing:?}");
}

fn keys(value: &Value, path: &str, set: &mut BTreeSet<String>) {
    match value {
        Value::Object(table) => {
            for (key, value) in table {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                set.insert(path.clone());
                keys(value, &path, set);
            }
        }
        Value::Array(items) => {
            items
                .iter()
                .for_each(|item| keys(item, &format!("{path}[]"), set));
        }
        _ => {}
    }
}

#[test]
fn the_mistakes_shown_are_worded_as_the_command_words_them() {
    let page = fs::read_to_string(page()).unwrap();
    let file = "\
tenant = \"acme\"

[server]
url = \"https://chat.example.com/\"
service = \"customer-support\"

[[form.fields]]
name = \"nickname\"
requierd = true
required = true
role = \"nickname\"



[pace]

hidden_ms =  40000
";
    let told = read(file)
        .unwrap_err()
        .in_file("tenants/acme.toml")
        .to_string();
    assert!(page.contains(&told), "{told}");
}
