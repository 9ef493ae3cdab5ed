//! Dates as `gms-v1` writes them.

use crate::time::WallTime;

const DAY: i64 = 86_400_000;

/// Reads a time like `2012-06-09T06:15:35Z` (ISO 8601, UTC; what follows the seconds is dropped).
pub(super) fn parse(text: &str) -> Option<WallTime> {
    let (date, time) = text.trim().split_once(['T', ' '])?;
    let mut date = date.split('-').map(number);
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let mut time = time.get(..8)?.split(':').map(number);
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let fits = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    let seconds = (hour * 60 + minute) * 60 + second;
    fits.then(|| WallTime(days(year, month, day) * DAY + seconds * 1000))
}

/// Reads decimal digits: no sign.
fn number(digits: &str) -> Option<i64> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}

/// Counts the days from 1970-01-01 to a date of the Gregorian calendar. The year is taken to begin in
/// March, so that a leap day is its last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let since_march = (month + 9) % 12;
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (since_march * 153 + 2) / 5 + day - 719_469
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_vendor_writes() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T23:59:59Z", 951_868_799_000),
            ("2012-06-09T06:15:35Z", 1_339_222_535_000),
            ("2014-09-26T07:40:55Z", 1_411_717_255_000),
            ("2024-03-01T00:00:00.123Z", 1_709_251_200_000),
            (" 2100-01-01 00:00:00 ", 4_102_444_800_000),
        ] {
            assert_eq!(parse(text), Some(WallTime(millis)), "{text}");
        }
    }

    #[test]
    fn takes_nothing_else() {
        for text in [
            "",
            "T",
            "2012-06-09",
            "2012-06-09T",
            "2012-06-09T6:15:35",
            "2012-13-09T06:15:35Z",
            "2012-06-32T06:15:35Z",
            "2012-06-09T24:15:35Z",
            "-2012-06-09T06:15:35Z",
            "99999999999-01-01T00:00:00Z",
            "2012-06-09Tää:15:35",
            "2012-+6-09T06:15:35Z-",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
