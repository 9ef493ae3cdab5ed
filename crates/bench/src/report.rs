//! The table of figures: measured, aim, and the ratio of the two.

use std::fmt::Write as _;
use std::time::Duration;

/// One measured figure; its name says the unit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    name: String,
    /// None if it could not be measured here.
    measured: Option<f64>,
    /// The limit that it should stay under.
    aim: Option<f64>,
}

#[derive(Debug, Default)]
pub(crate) struct Report(Vec<Row>);

impl Report {
    /// Adds a figure without an aim.
    pub(crate) fn tell(&mut self, name: impl Into<String>, measured: Option<f64>) {
        self.0.push(Row {
            name: name.into(),
            measured,
            aim: None,
        });
    }

    /// Adds a figure that should stay under `aim`.
    pub(crate) fn judge(&mut self, name: impl Into<String>, measured: Option<f64>, aim: f64) {
        self.0.push(Row {
            name: name.into(),
            measured,
            aim: Some(aim),
        });
    }

    /// Writes one line for each figure. The ratio is measured divided by aim: 1 or more misses the aim.
    pub(crate) fn table(&self) -> String {
        let names = self.0.iter().map(|row| row.name.chars().count());
        let width = names.max().unwrap_or(0);
        let mut table = format!(
            "{:width$} {:>10} {:>8} {:>8}\n",
            "figure", "measured", "aim", "ratio"
        );
        for row in &self.0 {
            let measured = row.measured.map_or_else(|| "unknown".to_owned(), short);
            let aim = row.aim.map_or_else(String::new, short);
            let ratio = row.ratio();
            let shown = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
            let verdict = match ratio {
                Some(ratio) if ratio >= 1.0 => "  missed",
                _ => "",
            };
            let line = format!(
                "{:width$} {measured:>10} {aim:>8} {shown:>8}{verdict}",
                row.name
            );
            // Writing to a string cannot fail.
            let _ = writeln!(table, "{}", line.trim_end());
        }
        table
    }
}

impl Row {
    fn ratio(&self) -> Option<f64> {
        Some(self.measured? / self.aim?)
    }
}

/// Returns a duration in milliseconds.
pub(crate) fn millis(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}

/// Writes a number with a sensible number of decimal places.
fn short(number: f64) -> String {
    match number.abs() {
        at_least if at_least >= 100.0 => format!("{number:.0}"),
        at_least if at_least >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_aim_and_an_unknown_figure_are_marked() {
        let mut report = Report::default();
        report.judge("wait, ms", Some(25.0), 50.0);
        report.judge("restart, s", Some(2.0), 2.0);
        report.judge("memory, kB", None, 40.0);
        report.tell("requests a second", Some(12_345.6));
        let table = report.table();
        let lines: Vec<Vec<&str>> = table
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        assert_eq!(lines[1], ["wait,", "ms", "25.0", "50.0", "0.50"]);
        assert_eq!(
            lines[2],
            ["restart,", "s", "2.00", "2.00", "1.00", "missed"]
        );
        assert_eq!(lines[3], ["memory,", "kB", "unknown", "40.0"]);
        assert_eq!(lines[4], ["requests", "a", "second", "12346"]);
    }
}
