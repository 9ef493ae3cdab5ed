//! Runs every check the project has, and counts.

use std::env;
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;

use crate::browsers::{Engine, Installed};
use crate::e2e;
use crate::process::{self, record, seconds};
use crate::setup::{self, Need};
use crate::tally::{self, Tally};
use crate::tools::WASM_TARGET;
use crate::widget;
use crate::workspace::Workspace;

/// A part of the checks that can be run alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Suite {
    /// Formatting, clippy (native and WebAssembly), dependencies, documentation.
    Lint,
    /// The project's own commands, and packaging.
    Xtask,
    /// The chat core, with its simulation.
    Core,
    /// Tenants' configuration.
    Config,
    /// The emulator over real HTTP, with samples in other languages and behind nginx.
    Emulator,
    /// Components and driver, in headless Chromium.
    Widget,
    /// The loader, in every browser.
    Loader,
    /// The whole system, in every browser.
    E2e,
}

impl Suite {
    fn needs(self) -> &'static [Need] {
        match self {
            Self::Lint => &[Need::WasmTarget, Need::Linters, Need::CargoDeny, Need::Npm],
            Self::Xtask | Self::Core | Self::Config | Self::Emulator => &[],
            Self::Widget => &[Need::WasmTarget, Need::WasmBindgen, Need::Chromium],
            Self::Loader => &[Need::Npm, Need::Chromium],
            Self::E2e => &[
                Need::WasmTarget,
                Need::WasmBindgen,
                Need::Npm,
                Need::Chromium,
            ],
        }
    }

    /// The packages whose tests it runs.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Lint | Self::Loader => &[],
            Self::Xtask => &["parlour-packager", "parlour-cli", "xtask"],
            Self::Core => &["parlour-chat"],
            Self::Config => &["parlour-config"],
            Self::Emulator => &["parlour-emulator", "emulator-bench", "chat-samples"],
            Self::Widget => &["parlour"],
            Self::E2e => &["parlour-e2e"],
        }
    }

    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// Runs the suites named, or all, and prints the time of each step and, last, the sum.
/// Tells whether nothing failed.
pub(crate) fn run(workspace: &Workspace, only: &[Suite]) -> bool {
    let mut report = Report::default();
    let chosen = |suite: &&Suite| only.is_empty() || only.contains(suite);
    for suite in Suite::value_variants().iter().filter(chosen) {
        let ready = report.time(&format!("{}: set-up", suite.name()), || {
            setup::ensure(workspace, suite.needs())?;
            Ok(Tally::default())
        });
        if ready {
            steps(workspace, *suite, &mut report);
        } else {
            println!(
                "The suite `{}` did not run: its set-up failed.",
                suite.name()
            );
        }
    }
    report.close()
}

fn steps(workspace: &Workspace, suite: Suite, report: &mut Report) {
    let step = |arguments: &[&str]| -> Result<Command> {
        let mut command = workspace.cargo()?;
        command.args(arguments);
        Ok(command)
    };
    let test = |package: &str| step(&["test", "--no-fail-fast", "--package", package]);
    match suite {
        Suite::Lint => {
            lint(report, &step);
            report.checked("lint: types of the scripts", script_types(workspace));
        }
        Suite::Xtask | Suite::Core | Suite::Config | Suite::Emulator => {
            if suite == Suite::Emulator {
                other_programs(workspace, report);
            }
            for package in suite.packages() {
                report.counted(package, test(package).map(all_features));
            }
        }
        Suite::Widget => {
            report.counted("widget: browser", browser_tests(workspace, test("parlour")));
        }
        Suite::Loader => {
            for engine in engines(workspace, suite, report) {
                let tests = loader_tests(workspace, engine);
                report.counted(&format!("loader: {}", engine.name()), tests);
            }
        }
        Suite::E2e => end_to_end(workspace, report, test("parlour-e2e")),
    }
}

fn lint(report: &mut Report, step: &dyn Fn(&[&str]) -> Result<Command>) {
    report.checked("lint: format", step(&["fmt", "--all", "--check"]));
    let native = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "-Dwarnings",
    ];
    report.checked("lint: clippy, native", step(&native));
    let target = format!("--target={WASM_TARGET}");
    let wasm = [
        "clippy",
        "--package=parlour",
        "--all-targets",
        &target,
        "--",
        "-Dwarnings",
    ];
    report.checked("lint: clippy, WebAssembly", step(&wasm));
    let deny = [
        "deny",
        "--log-level=error",
        "check",
        "bans",
        "licenses",
        "sources",
    ];
    report.checked("lint: dependencies", step(&deny));
    let doc = step(&["doc", "--workspace", "--no-deps", "--all-features"]);
    report.checked(
        "lint: documentation",
        doc.map(|mut command| {
            command.env("RUSTDOCFLAGS", "-Dwarnings");
            command
        }),
    );
}

/// Checks the types that stand in the comments of `public/loader`.
fn script_types(workspace: &Workspace) -> Result<Command> {
    let mut command = workspace.command(workspace.npm_program("tsc"))?;
    command.args(["--project", "public/loader"]);
    Ok(command)
}

fn all_features(mut command: Command) -> Command {
    command.arg("--all-features");
    command
}

fn browser_tests(workspace: &Workspace, command: Result<Command>) -> Result<Command> {
    let mut command = command?;
    command.args(["--lib", "--tests", "--target", WASM_TARGET]);
    command.env("CHROMEDRIVER", Engine::Chromium.locate(workspace)?.driver);
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "180");
    Ok(command)
}

fn loader_tests(workspace: &Workspace, engine: Engine) -> Result<Command> {
    let folder = workspace.root().join("tests/loader");
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        bail!("no tests in {}", folder.display());
    }
    let scripts = workspace.target().join("scripts");
    widget::write_scripts(workspace, &scripts)?;
    let Installed { browser, driver } = engine.locate(workspace)?;
    let mut command = workspace.command("node")?;
    command.args(["--test", "--test-reporter=spec"]).args(files);
    command
        .env("SCRIPTS", scripts)
        .env("NPM", workspace.npm().join("node_modules"))
        .env("ENGINE", engine.name())
        .env("BROWSER", browser)
        .env("DRIVER", driver);
    Ok(command)
}

/// Builds what the end-to-end tests drive, weighs it, and runs them in every browser there is.
fn end_to_end(workspace: &Workspace, report: &mut Report, tests: Result<Command>) {
    let made = report.time("e2e: package", || {
        e2e::package(workspace).map(|()| Tally::PASSED)
    });
    let built = report.time("e2e: emulator", || {
        e2e::emulator(workspace).map(|()| Tally::PASSED)
    });
    if !(made && built) {
        println!(
            "The end-to-end tests did not run: the package or the emulator could not be built."
        );
        return;
    }
    let engines = engines(workspace, Suite::E2e, report);
    let tests = tests.map(|mut command| {
        command.envs(e2e::variables(workspace, &engines));
        command
    });
    report.counted("e2e", tests);
}

/// Lists the engines that can be used: Chromium, which the suite's set-up has installed, and the others
/// where they are or can be installed.
fn engines(workspace: &Workspace, suite: Suite, report: &mut Report) -> Vec<Engine> {
    match setup::ensure(workspace, &[Need::OtherBrowsers]) {
        Ok(()) => Engine::ALL.to_vec(),
        Err(error) => {
            let name = format!("{}: Firefox and WebKit", suite.name());
            println!("SKIPPED {name}: {error:#}");
            // In CI nobody reads what was skipped.
            let tally = if env::var_os("CI").is_some() {
                Tally::FAILED
            } else {
                Tally::SKIPPED
            };
            report.note(&name, tally, Duration::ZERO);
            vec![Engine::Chromium]
        }
    }
}

/// Installs the programs that the emulator is tried with. Tests whose program is missing count as skipped.
fn other_programs(workspace: &Workspace, report: &mut Report) {
    if let Err(error) = setup::ensure(workspace, &[Need::OtherPrograms]) {
        println!(
            "Going on without some of the programs that the emulator is tried with: {error:#}"
        );
        // In CI nobody reads what was skipped.
        if env::var_os("CI").is_some() {
            report.note("emulator: other programs", Tally::FAILED, Duration::ZERO);
        }
    }
}

/// The outcome of each step.
#[derive(Debug, Default)]
struct Report {
    steps: Vec<(String, Tally, Duration)>,
    /// What the runners said of the tests that failed, in lines.
    failures: Vec<String>,
}

impl Report {
    /// Runs a command that only succeeds or fails.
    fn checked(&mut self, name: &str, command: Result<Command>) {
        self.time(name, || {
            process::run(name, &mut command?)?;
            Ok(Tally::PASSED)
        });
    }

    /// Runs a command that prints how many tests passed.
    fn counted(&mut self, name: &str, command: Result<Command>) {
        let mut failures = Vec::new();
        self.time(name, || {
            println!("→ {name}");
            let mut command = command?;
            let run = record(&mut command)?;
            let tally = Tally::of_run(&run.stdout, run.success);
            println!("  {name}: {tally}, {}", seconds(run.took));
            failures = tally::failures(&run.stdout)
                .into_iter()
                .map(str::to_owned)
                .collect();
            Ok(tally)
        });
        self.failures.append(&mut failures);
    }

    /// Runs a step; an error counts as a failure. Tells whether nothing failed.
    fn time(&mut self, name: &str, step: impl FnOnce() -> Result<Tally>) -> bool {
        let started = Instant::now();
        let tally = step().unwrap_or_else(|error| {
            println!("FAILED {name}: {error:#}");
            Tally::FAILED
        });
        self.note(name, tally, started.elapsed());
        tally.failed == 0
    }

    fn note(&mut self, name: &str, tally: Tally, took: Duration) {
        self.steps.push((name.to_owned(), tally, took));
    }

    /// Prints again why tests failed, every step with its time and, last, the sum. Tells whether nothing
    /// failed.
    fn close(&self) -> bool {
        let (lines, sum) = self.summary();
        if !self.failures.is_empty() {
            println!("\nfailures:\n{}", self.failures.join("\n"));
        }
        println!("\n{}\n{sum}", lines.join("\n"));
        sum.failed == 0
    }

    fn summary(&self) -> (Vec<String>, Tally) {
        let mut sum = Tally::default();
        let mut lines = Vec::new();
        for (name, tally, took) in &self.steps {
            sum += *tally;
            lines.push(format!("{name:28} {:>14}  {tally}", seconds(*took)));
        }
        if self.steps.is_empty() {
            sum += Tally::FAILED;
        }
        (lines, sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_cannot_start_counts_as_failed() {
        let mut report = Report::default();
        report.checked("lint", Ok(Command::new("no-such-program")));
        report.counted("core", Err(anyhow::anyhow!("no cargo")));
        assert_eq!(report.summary().1.failed, 2);
    }

    #[cfg(unix)]
    #[test]
    fn counts_are_read_and_steps_listed_with_their_times() {
        let mut report = Report::default();
        let mut shell = Command::new("sh");
        shell.args([
            "-c",
            "echo 'test result: ok. 5 passed; 0 failed; 1 ignored'",
        ]);
        report.counted("core", Ok(shell));
        report.checked("lint", Ok(Command::new("true")));
        let (lines, sum) = report.summary();
        assert_eq!(
            sum,
            Tally {
                passed: 6,
                failed: 0,
                skipped: 1
            }
        );
        assert!(
            lines[0].starts_with("core ") && lines[0].contains(" s  5 passed"),
            "{}",
            lines[0]
        );
    }

    #[test]
    fn nothing_run_is_no_success() {
        assert!(!Report::default().close());
    }

    #[test]
    fn every_package_of_the_workspace_is_tested() {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut metadata = Command::new(cargo);
        metadata.args(["metadata", "--no-deps", "--format-version=1", "--offline"]);
        let metadata: serde_json::Value =
            serde_json::from_slice(&process::capture(&mut metadata).unwrap()).unwrap();
        let packages = metadata["packages"].as_array().unwrap();
        let mut names: Vec<_> = packages
            .iter()
            .map(|package| package["name"].as_str().unwrap())
            .collect();
        let suites = Suite::value_variants();
        let mut tested: Vec<_> = suites
            .iter()
            .flat_map(|suite| suite.packages())
            .copied()
            .collect();
        names.sort_unstable();
        tested.sort_unstable();
        assert_eq!(tested, names);
    }

    #[test]
    fn every_suite_can_be_named() {
        let names: Vec<_> = Suite::value_variants()
            .iter()
            .map(|suite| suite.name())
            .collect();
        assert_eq!(
            names,
            [
                "lint", "xtask", "core", "config", "emulator", "widget", "loader", "e2e"
            ]
        );
    }
}
