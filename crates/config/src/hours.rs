use serde::{Deserialize, Serialize};

use crate::Table;

/// The hours at which somebody answers. Times are those of clocks in the time zone: `09:00-12:30`,
/// or `22:00-02:00` over midnight.
///
/// Only the build reads this. The module in the browser has no use for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Hours {
    /// Names the time zone as the IANA does: `Europe/Berlin`.
    pub zone: String,
    /// Says what a visitor finds outside of these hours.
    #[serde(default)]
    pub closed: WhenClosed,
    /// Lists the opening times of Mondays. Empty: closed all day.
    #[serde(default)]
    pub monday: Vec<String>,
    /// Lists those of Tuesdays.
    #[serde(default)]
    pub tuesday: Vec<String>,
    /// Lists those of Wednesdays.
    #[serde(default)]
    pub wednesday: Vec<String>,
    /// Lists those of Thursdays.
    #[serde(default)]
    pub thursday: Vec<String>,
    /// Lists those of Fridays.
    #[serde(default)]
    pub friday: Vec<String>,
    /// Lists those of Saturdays.
    #[serde(default)]
    pub saturday: Vec<String>,
    /// Lists those of Sundays.
    #[serde(default)]
    pub sunday: Vec<String>,
    /// Gives days other opening times, or none: by date, `2026-12-24`, or by day of every year,
    /// `12-25`.
    #[serde(default)]
    pub holidays: Table<Vec<String>>,
}

impl Hours {
    /// Returns the weekdays' names and opening times, Sunday first.
    #[must_use]
    pub fn week(&self) -> [(&'static str, &[String]); 7] {
        [
            ("sunday", &self.sunday),
            ("monday", &self.monday),
            ("tuesday", &self.tuesday),
            ("wednesday", &self.wednesday),
            ("thursday", &self.thursday),
            ("friday", &self.friday),
            ("saturday", &self.saturday),
        ]
    }
}

/// What a visitor finds outside of business hours. A chat that goes on is there in any case.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum WhenClosed {
    /// The chat, with a notice in the place of the form's introduction.
    #[default]
    Notice,
    /// The form for leaving a message: `[message]`.
    Message,
    /// No launcher.
    Hide,
}

/// A span of a day in minutes since midnight. It ends after 24 hours (1440) if it goes over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first minute.
    pub from: u16,
    /// The minute after the last.
    pub to: u16,
}

impl Span {
    /// The minutes of a day.
    pub const DAY: u16 = 24 * 60;

    /// Reads `09:00-12:30`. An end before the begin is on the next day.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        let (from, to) = (minutes(from.trim())?, minutes(to.trim())?);
        let to = if to < from { to + Self::DAY } else { to };
        (from < to && from < Self::DAY).then_some(Self { from, to })
    }
}

/// Reads a time from `00:00` to `24:00` as minutes since midnight.
fn minutes(time: &str) -> Option<u16> {
    let (hour, minute) = time.split_once(':')?;
    let number = |digits: &str, lengths: &[usize]| {
        let plain = lengths.contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let (hour, minute) = (number(hour, &[1, 2])?, number(minute, &[2])?);
    let all = hour * 60 + minute;
    (minute < 60 && all <= Span::DAY).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_read_in_minutes() {
        for (text, span) in [
            ("09:00-12:30", Some((540, 750))),
            ("9:05 - 10:00", Some((545, 600))),
            ("00:00-24:00", Some((0, 1440))),
            ("22:00-02:00", Some((1320, 1560))),
            ("22:00-00:00", Some((1320, 1440))),
            ("09:00-09:00", None),
            ("24:00-24:00", None),
            ("24:00-02:00", None),
            ("09:60-10:00", None),
            ("24:01-25:00", None),
            ("9-17", None),
            ("009:00-10:00", None),
            ("+9:00-10:00", None),
            ("09:00", None),
            ("", None),
        ] {
            let span = span.map(|(from, to)| Span { from, to });
            assert_eq!(Span::parse(text), span, "{text}");
        }
    }
}
