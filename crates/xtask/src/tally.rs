//! Test counts, read from what test runners print.

use std::fmt;
use std::ops::AddAssign;

/// The counts of a test run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// The tests that passed.
    pub(crate) passed: u64,
    /// The tests that failed or could not run.
    pub(crate) failed: u64,
    /// The tests that were skipped.
    pub(crate) skipped: u64,
}

impl Tally {
    /// One step that passed.
    pub(crate) const PASSED: Self = Self {
        passed: 1,
        failed: 0,
        skipped: 0,
    };
    /// One step that failed.
    pub(crate) const FAILED: Self = Self {
        passed: 0,
        failed: 1,
        skipped: 0,
    };
    /// One step that was skipped.
    pub(crate) const SKIPPED: Self = Self {
        passed: 0,
        failed: 0,
        skipped: 1,
    };

    /// Adds up what a runner printed. A run that failed without naming a test, or that ran no test,
    /// counts as a failure.
    pub(crate) fn of_run(output: &str, success: bool) -> Self {
        let mut tally = Self::default();
        for line in output.lines() {
            tally += cargo_line(line)
                .or_else(|| node_line(line))
                .unwrap_or_default();
        }
        let ran_nothing = tally == Self::default();
        if tally.failed == 0 && (!success || ran_nothing) {
            tally += Self::FAILED;
        }
        tally
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// Picks out what a runner says of each test that failed: libtest's blocks below `---- NAME ----`, and
/// those of `node --test` below `✖ failing tests:`, which begin with `test at FILE`. A block is cut after
/// 20 lines; the calls of a stack are left out.
pub(crate) fn failures(output: &str) -> Vec<&str> {
    let mut failures = Vec::new();
    let mut is_node = false;
    let mut left = 0;
    for line in output.lines() {
        is_node |= line == "✖ failing tests:";
        let is_first = if is_node {
            line.starts_with("test at ")
        } else {
            line.starts_with("---- ") && line.ends_with(" ----")
        };
        if is_first {
            left = 20;
        } else if line == "failures:" {
            left = 0;
        }
        if left > 0 && !line.is_empty() && !line.trim_start().starts_with("at ") {
            left -= 1;
            failures.push(line);
        }
    }
    failures
}

/// Reads the closing line of `cargo test`, of one binary or of doc tests; the browser runner of
/// wasm-bindgen writes the same: `test result: ok. 5 passed; 0 failed; 1 ignored; …`.
fn cargo_line(line: &str) -> Option<Tally> {
    let counts = line
        .trim()
        .strip_prefix("test result: ")?
        .split_once(". ")?
        .1;
    let mut tally = Tally::default();
    for count in counts.split(';') {
        let mut words = count.split_whitespace();
        let (number, what) = (words.next()?.parse(), words.next()?);
        match (number, what) {
            (Ok(number), "passed") => tally.passed = number,
            (Ok(number), "failed") => tally.failed = number,
            (Ok(number), "ignored") => tally.skipped = number,
            _ => {}
        }
    }
    Some(tally)
}

/// Reads one of the closing lines of `node --test`: `# pass 5`, or `ℹ pass 5` for people.
fn node_line(line: &str) -> Option<Tally> {
    let (what, number) = line
        .strip_prefix("# ")
        .or_else(|| line.strip_prefix("ℹ "))?
        .split_once(' ')?;
    let number = number.parse().ok()?;
    let tally = Tally::default();
    match what {
        "pass" => Some(Tally {
            passed: number,
            ..tally
        }),
        "fail" | "cancelled" => Some(Tally {
            failed: number,
            ..tally
        }),
        "skipped" | "todo" => Some(Tally {
            skipped: number,
            ..tally
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_binaries_and_doc_tests_add_up() {
        let output = "\nrunning 2 tests\ntest a ... ok\n\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: ok. 1 passed; 0 failed; 0 ignored; 0 filtered out; finished in 1.2s\n";
        let tally = Tally::of_run(output, true);
        assert_eq!(
            tally,
            Tally {
                passed: 3,
                failed: 0,
                skipped: 1
            }
        );
        assert_eq!(tally.to_string(), "3 passed, 0 failed, 1 skipped");
    }

    #[test]
    fn failures_are_counted_once() {
        let output = "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured\n";
        assert_eq!(
            Tally::of_run(output, false),
            Tally {
                passed: 3,
                failed: 2,
                skipped: 0
            }
        );
    }

    #[test]
    fn what_failed_is_picked_out() {
        let output = "test a ... FAILED\n\nfailures:\n\n---- a ----\nthe chat is not back\n\n\nfailures:\n    a\n\n\
            test result: FAILED. 0 passed; 1 failed\n";
        assert_eq!(failures(output), ["---- a ----", "the chat is not back"]);
        let output = "▶ group\n  ✖ b (9 ms)\n    Error: no\n✖ group (9 ms)\n\n✖ failing tests:\n\n\
            test at b.mjs:2:3\n✖ b (9 ms)\n  Error: no\n      at Test (b.mjs:2:4)\n";
        assert_eq!(
            failures(output),
            ["test at b.mjs:2:3", "✖ b (9 ms)", "  Error: no"]
        );
        assert!(failures("test a ... ok\n").is_empty());
    }

    #[test]
    fn nodes_closing_lines_are_read_in_both_styles() {
        for mark in ["#", "ℹ"] {
            let output = format!(
                "ok 1 - name\n{mark} tests 9\n{mark} pass 5\n{mark} fail 1\n{mark} cancelled 1\n\
                 {mark} skipped 2\n{mark} duration_ms 12.5\n"
            );
            let tally = Tally::of_run(&output, false);
            assert_eq!(
                tally,
                Tally {
                    passed: 5,
                    failed: 2,
                    skipped: 2
                }
            );
        }
    }

    #[test]
    fn a_run_that_failed_without_a_test_or_ran_none_is_no_success() {
        let broken_build = Tally::of_run("error: could not compile\n", false);
        assert_eq!(broken_build, Tally::FAILED);
        let later_binary = "test result: ok. 4 passed; 0 failed; 0 ignored\n";
        assert_eq!(
            Tally::of_run(later_binary, false),
            Tally {
                passed: 4,
                failed: 1,
                skipped: 0
            }
        );
        assert_eq!(Tally::of_run("", true), Tally::FAILED);
        let empty = "test result: ok. 0 passed; 0 failed; 0 ignored\n";
        assert_eq!(Tally::of_run(empty, true), Tally::FAILED);
    }

    #[test]
    fn what_a_test_prints_is_not_taken_for_a_count() {
        let output = "# heading 3\ntest result: none\n# pass many\n\
            test result: ok. 1 passed; 0 failed; 0 ignored\n";
        assert_eq!(Tally::of_run(output, true), Tally::PASSED);
    }
}
