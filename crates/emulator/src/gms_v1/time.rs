//! Moments as the samples write them.

/// Writes a Unix time in milliseconds as UTC: `2012-06-09T06:15:35Z`.
pub(super) fn iso8601(ms: i64) -> String {
    const DAY_SECS: i64 = 86_400;
    let secs = ms.div_euclid(1000);
    let (year, month, day) = date(secs.div_euclid(DAY_SECS));
    let rest = secs.rem_euclid(DAY_SECS);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Finds year, month and day of a day that is so many after 1970-01-01. Years are counted from March, so that the leap day
/// is the last one; 400 of them always have the same length.
fn date(days: i64) -> (i64, i64, i64) {
    const DAYS_OF_400_YEARS: i64 = 146_097;
    // From 0000-03-01.
    let days = days + 719_468;
    let (cycle, day) = (
        days.div_euclid(DAYS_OF_400_YEARS),
        days.rem_euclid(DAYS_OF_400_YEARS),
    );
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (cycle * 400 + year + next, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_utc() {
        for (secs, wanted) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_078_012_800, "2004-02-29T00:00:00Z"),
            (1_339_222_535, "2012-06-09T06:15:35Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (1_767_225_599, "2025-12-31T23:59:59Z"),
        ] {
            assert_eq!(iso8601(secs * 1000 + 999), wanted);
        }
        // Whatever a clock says.
        for ms in [i64::MIN, i64::MAX] {
            assert!(iso8601(ms).ends_with('Z'));
        }
    }
}
