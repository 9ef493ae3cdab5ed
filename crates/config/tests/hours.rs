//! Business hours: zones, spans, holidays.

mod common;

use common::{FULL, GOOD, mistakes, read, warnings};

fn file(lines: &str) -> String {
    format!("{GOOD}[hours]\n{lines}\n")
}

#[test]
fn hours_are_for_the_loader_only() {
    let tenant = read(FULL).unwrap();
    assert_eq!(
        tenant.config.hours.as_ref().unwrap().zone,
        "America/Sao_Paulo"
    );
    let json = tenant.to_json().unwrap();
    assert!(!json.contains("hours"), "{json}");
}

#[test]
fn a_zone_is_one_of_the_databases() {
    let of = |zone: &str| file(&format!("zone = \"{zone}\"\nmonday = [\"9:00-17:00\"]"));
    for zone in [
        "Europe/Berlin",
        "America/Argentina/Buenos_Aires",
        "UTC",
        "Asia/Calcutta",
    ] {
        assert_eq!(warnings(&of(zone)), "", "{zone}");
    }
    let expected = "8:8: hours.zone: expected a time zone such as Europe/Berlin, found";
    for (zone, more) in [
        ("Europe/Berln", ", did you mean \"Europe/Berlin\"?"),
        ("europe/berlin", ", did you mean \"Europe/Berlin\"?"),
        ("Berlin", ", did you mean \"Europe/Berlin\"?"),
        ("CET", ""),
        ("+01:00", ""),
        ("", ""),
    ] {
        assert_eq!(mistakes(&of(zone)), format!("{expected} \"{zone}\"{more}"));
    }
    assert_eq!(
        mistakes(&file("monday = [\"9:00-17:00\"]")),
        "7:1: hours.zone: missing, expected a string"
    );
}

#[test]
fn spans_are_read_and_told_apart() {
    let of = |spans: &str| file(&format!("zone = \"UTC\"\nmonday = [{spans}]"));
    for spans in [
        "\"09:00-12:30\", \"12:30-18:00\"",
        "\"22:00-02:00\", \"00:00-06:00\"",
        "\"00:00-24:00\"",
    ] {
        assert_eq!(warnings(&of(spans)), "", "{spans}");
    }
    for (spans, told) in [
        (
            "\"9-17\"",
            "hours.monday[0]: expected a span such as 09:00-12:30, or 22:00-02:00 over midnight, found \"9-17\"",
        ),
        (
            "\"09:00-09:00\"",
            "hours.monday[0]: expected a span such as 09:00-12:30, or 22:00-02:00 over midnight, found \
             \"09:00-09:00\"",
        ),
        (
            "\"09:00-12:00\", \"11:30-14:00\"",
            "hours.monday[1]: overlaps with hours.monday[0]",
        ),
        (
            "\"22:00-02:00\", \"23:00-23:30\"",
            "hours.monday[1]: overlaps with hours.monday[0]",
        ),
    ] {
        let all = mistakes(&of(spans));
        assert!(all.starts_with("9:") && all.ends_with(told), "{all}");
    }
    assert!(
        warnings(&of("\"18:00-09:00\""))
            .ends_with("is 15 hours long, over midnight: are begin and end the other way round?")
    );
}

#[test]
fn a_night_ends_before_the_next_day_begins() {
    let told = mistakes(&file(
        "zone = \"UTC\"\nsunday = [\"22:00-02:00\"]\nmonday = [\"01:00-03:00\"]",
    ));
    assert_eq!(
        told,
        "9:11: hours.sunday[0]: goes on until hours.monday has begun"
    );
    let good = file("zone = \"UTC\"\nsaturday = [\"22:00-02:00\"]\nsunday = [\"02:00-03:00\"]");
    assert_eq!(warnings(&good), "");
}

#[test]
fn holidays_are_days_of_the_calendar() {
    let of = |date: &str, spans: &str| {
        file(&format!(
            "zone = \"UTC\"\nmonday = [\"9:00-17:00\"]\nholidays = {{ {date} = [{spans}] }}"
        ))
    };
    for date in ["2026-12-24", "12-25", "2028-02-29", "02-29"] {
        assert_eq!(warnings(&of(date, "\"09:00-12:00\"")), "", "{date}");
    }
    for date in [
        "2026-02-29",
        "2026-13-01",
        "12-32",
        "00-10",
        "2026-1-1",
        "24-12-2026",
        "christmas",
    ] {
        assert_eq!(
            mistakes(&of(date, "")),
            format!(
                "10:14: hours.holidays.{date}: expected a date such as 2026-12-24, or a day of every year such as \
                 12-25"
            )
        );
    }
    assert!(
        mistakes(&of("12-25", "\"noon\"")).contains("hours.holidays.12-25[0]: expected a span")
    );
}

#[test]
fn hours_without_any_are_a_mistake() {
    assert_eq!(
        mistakes(&file("zone = \"UTC\"")),
        "7:1: hours: expected the opening times of at least one weekday, for example monday = [\"09:00-17:00\"]"
    );
}
