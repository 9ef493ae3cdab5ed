//! Mistakes of syntax: all of them are told, and they hide as little of the rest as can be.

mod common;

use common::{mistakes, read};
use parlour_config::build::{self, Known};

#[expect(clippy::expect_used, reason = "a helper that fails tests")]
fn places(file: &str) -> Vec<(usize, usize, String)> {
    let mistakes = read(file).expect_err("the file has mistakes").mistakes;
    mistakes
        .into_iter()
        .map(|m| (m.line, m.column, m.path))
        .collect()
}

fn syntax(line: usize, column: usize) -> (usize, usize, String) {
    (line, column, String::new())
}

#[test]
fn a_value_without_quotes_costs_only_its_own_line() {
    let file = "\
tenant = acme
[server]
service = sales
url = \"ftp://x.example\"
x = 1
[[form.fields]]
name = \"1\"
label.en = \"First
role =
";
    assert_eq!(
        places(file),
        [
            syntax(1, 10),
            syntax(3, 11),
            (4, 7, "server.url".into()),
            (5, 1, "server.x".into()),
            (7, 8, "form.fields[0].name".into()),
            syntax(8, 18),
            syntax(9, 7),
        ]
    );
}

#[test]
fn a_key_that_could_not_be_read_is_not_called_missing() {
    let mistakes = mistakes("tenant = acme\n[server]\nservice = sales\n");
    assert!(!mistakes.contains("missing"), "{mistakes}");
}

#[test]
fn what_follows_a_bracket_that_is_never_closed_is_not_guessed_at() {
    let file = "\
tenant = \"acme\"
x = 1
[server]
user_data = { a = \"b\"
[features]
files = 1
";
    let places = places(file);
    assert_eq!(places[0], (2, 1, "x".into()));
    assert!(places.len() > 1);
    assert!(
        places[1..]
            .iter()
            .all(|(line, _, path)| *line > 3 && path.is_empty()),
        "{places:?}"
    );
}

#[test]
fn a_broken_header_does_not_blame_the_keys_below_it() {
    assert_eq!(
        places("tenant = \"acme\"\n[server\nservice = \"sales\"\n"),
        [syntax(2, 8)]
    );
}

#[test]
fn a_key_or_table_given_twice_is_reported_at_the_second_with_the_line_of_the_first() {
    for (file, told) in [
        (
            "tenant = \"a\"\ntenant = \"b\"\n[server]\nservice = \"s\"\n",
            "2:1: duplicate key: tenant is in line 1 already",
        ),
        (
            "tenant = \"a\"\n[server]\nservice = \"s\"\n\n[server]\nurl = \"\"\n",
            "5:2: duplicate key: [server] is in line 2 already",
        ),
        (
            "tenant = \"a\"\n[server]\nservice = \"s\"\nurl = \"\"\n\"service\" = \"t\"\n",
            "5:1: duplicate key: server.service is in line 3 already",
        ),
        (
            "tenant = \"a\"\n[server]\nservice = \"s\"\n[texts.en]\n\"a.b\" = \"\"\n\n\"a.b\" = \"\"\n",
            "7:1: duplicate key: texts.en.\"a.b\" is in line 5 already",
        ),
        (
            "tenant = \"a\"\n[server]\nservice = \"s\"\n[[form.fields]]\nname = \"a\"\nrole = \"nickname\"\n\
             required = true\nname = \"b\"\n",
            "8:1: duplicate key: form.fields[0].name is in line 5 already",
        ),
        // A key with dots: what it would set a second time is its last part.
        (
            "tenant = \"a\"\n[server]\nservice = \"s\"\nheaders.A = \"1\"\nheaders.A = \"2\"\n",
            "5:9: duplicate key: server.headers.A is in line 4 already",
        ),
        (
            "tenant = \"a\"\n[server]\nservice = \"s\"\nheaders = { A = \"1\", A = \"2\" }\n",
            "4:22: duplicate key: A is in this line already",
        ),
    ] {
        assert_eq!(mistakes(file), told, "{file}");
    }
}

#[test]
fn a_text_in_the_wrong_quotes_is_told_with_what_to_write() {
    for (value, told) in [
        (
            "\"pictures\\logo.svg\"",
            "1:20: a backslash between double quotes begins an escape: write two of them, or put the text between \
             single quotes",
        ),
        (
            "\"Acme",
            "1:15: the text has no end: expected a \" in the same line",
        ),
        (
            "'Acme",
            "1:15: the text has no end: expected a ' in the same line",
        ),
        ("“Acme”", "1:10: expected straight quotes, \" or ', found “"),
        (
            "Acme",
            "1:10: expected a text between quotes, a number, true or false",
        ),
    ] {
        let file = format!("tenant = {value}\n[server]\nservice = \"s\"\n");
        assert_eq!(mistakes(&file), told, "{value}");
    }
}

#[test]
fn a_file_that_is_no_text_is_reported_where_it_stops_being_text() {
    let mistakes = build::read(b"tenant = \"acme\"\nx = \"\xff\"\n", &Known::default());
    assert_eq!(
        mistakes.unwrap_err().to_string(),
        "2:6: the file is not UTF-8 text"
    );
}
