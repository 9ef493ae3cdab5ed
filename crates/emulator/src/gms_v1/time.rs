//! Times as the samples write them.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Writes a Unix time in milliseconds as UTC, in whole seconds: `2012-06-09T06:15:35Z`.
pub(super) fn iso8601(ms: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(ms.div_euclid(1000));
    // A clock beyond the year 9999 is no reason to fail.
    let time = time.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_utc_in_whole_seconds() {
        for (secs, wanted) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_339_222_535, "2012-06-09T06:15:35Z"),
        ] {
            assert_eq!(iso8601(secs * 1000 + 999), wanted);
        }
        // Whatever a clock says.
        for ms in [i64::MIN, i64::MAX] {
            assert_eq!(iso8601(ms), "1970-01-01T00:00:00Z");
        }
    }
}
