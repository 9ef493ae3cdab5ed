use crate::Hours;
use crate::Span;
use crate::build::place::{at, join};
use crate::build::suggest::nearest;

use super::judge::Judge;

/// The names of time zones, one a line.
const ZONES: &str = include_str!("../zones.txt");

/// What goes over midnight and lasts longer than this was probably meant the other way round.
const LONG_NIGHT: u16 = 12 * 60;

pub(super) fn judge(hours: Option<&Hours>, judge: &mut Judge<'_>) {
    let Some(hours) = hours else { return };
    if let Some(message) = wrong_zone(&hours.zone) {
        judge.mistake("hours.zone", message);
    }
    let week = hours.week().map(|(day, texts)| {
        let path = format!("hours.{day}");
        let spans = spans(texts, &path, judge);
        (path, spans)
    });
    for (i, (_, spans)) in week.iter().enumerate() {
        let (next, next_spans) = &week[(i + 1) % week.len()];
        over_midnight(spans, next, next_spans, judge);
    }
    for (date, texts) in &hours.holidays {
        let path = join("hours.holidays", date);
        if !is_date(date) {
            judge.key_mistake(
                &path,
                "expected a date such as 2026-12-24, or a day of every year such as 12-25",
            );
        }
        spans(texts, &path, judge);
    }
    if hours.week().iter().all(|(_, texts)| texts.is_empty()) {
        judge.mistake(
            "hours",
            "expected the opening times of at least one weekday, for example monday = [\"09:00-17:00\"]",
        );
    }
}

fn wrong_zone(zone: &str) -> Option<String> {
    let zones = || ZONES.lines().filter(|line| !line.starts_with('#'));
    if zones().any(|known| known == zone) {
        return None;
    }
    let mut message = format!("expected a time zone such as Europe/Berlin, found \"{zone}\"");
    // People know the city.
    let city = |known: &&str| known.rsplit('/').next() == Some(zone);
    if let Some(near) = zones().find(city).or_else(|| nearest(zone, zones())) {
        message.push_str(&format!(", did you mean \"{near}\"?"));
    }
    Some(message)
}

/// Reads the spans of a day, and reports those that are none or overlap. Returns the good ones with their paths.
fn spans(texts: &[String], path: &str, judge: &mut Judge<'_>) -> Vec<(Span, String)> {
    let mut good: Vec<(Span, String)> = Vec::new();
    for (i, text) in texts.iter().enumerate() {
        let path = at(path, i);
        let Some(span) = Span::parse(text) else {
            judge.mistake(
                &path,
                format!(
                    "expected a span such as 09:00-12:30, or 22:00-02:00 over midnight, found \"{text}\""
                ),
            );
            continue;
        };
        if span.to > Span::DAY && span.to - span.from > LONG_NIGHT {
            judge.warning(
                &path,
                format!(
                    "is {} hours long, over midnight: are begin and end the other way round?",
                    (span.to - span.from) / 60
                ),
            );
        }
        let other = |(other, _): &&(Span, String)| span.from < other.to && other.from < span.to;
        if let Some((_, other)) = good.iter().find(other) {
            judge.mistake(&path, format!("overlaps with {other}"));
        } else {
            good.push((span, path));
        }
    }
    good
}

/// Reports a span that is not over when one of the next day begins.
fn over_midnight(
    spans: &[(Span, String)],
    next: &str,
    next_spans: &[(Span, String)],
    judge: &mut Judge<'_>,
) {
    for (span, path) in spans.iter().filter(|(span, _)| span.to > Span::DAY) {
        let end = span.to - Span::DAY;
        if next_spans.iter().any(|(other, _)| other.from < end) {
            judge.mistake(path, format!("goes on until {next} has begun"));
        }
    }
}

/// Tells whether it is `YYYY-MM-DD` or `MM-DD`, and in the calendar.
fn is_date(date: &str) -> bool {
    let parts: Vec<&str> = date.split('-').collect();
    let number = |part: &str, digits: usize| {
        let plain = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<u16>().ok()).flatten()
    };
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] => match number(year, 4) {
            Some(year) => (year, month, day),
            None => return false,
        },
        // Every year, leap years among them.
        [month, day] => (2000, month, day),
        _ => return false,
    };
    let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match number(month, 2) {
        Some(1 | 3 | 5 | 7 | 8 | 10 | 12) => 31,
        Some(4 | 6 | 9 | 11) => 30,
        Some(2) if is_leap => 29,
        Some(2) => 28,
        _ => return false,
    };
    number(day, 2).is_some_and(|day| (1..=days).contains(&day))
}
