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
fn a_key_or_table_given_twice_is_reported_at_the_second() {
    assert_eq!(
        mistakes("tenant = \"a\"\ntenant = \"b\"\n[server]\nservice = \"s\"\n"),
        "2:1: duplicate key"
    );
    assert_eq!(
        mistakes("tenant = \"a\"\n[server]\nservice = \"s\"\n[server]\nurl = \"\"\n"),
        "4:2: duplicate key"
    );
}

#[test]
fn a_file_that_is_no_text_is_reported_where_it_stops_being_text() {
    let mistakes = build::read(b"tenant = \"acme\"\nx = \"\xff\"\n", &Known::default());
    assert_eq!(
        mistakes.unwrap_err().to_string(),
        "2:6: the file is not UTF-8 text"
    );
}
