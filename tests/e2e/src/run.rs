//! Runs tests as cargo's own harness does, and keeps a picture of what failed.

use std::any::Any;
use std::fs;
use std::io::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::OnceLock;

use anyhow::{Result, anyhow};
use libtest_mimic::{Arguments, Failed, Trial};
use parlour_config::Dialect;

use crate::browser::Engine;
use crate::guard;
use crate::setting::Setting;
use crate::stage::Stage;

/// A list of tests to run.
#[derive(Debug)]
pub struct Tests {
    arguments: Arguments,
    trials: Vec<Trial>,
    skipped: Vec<String>,
}

static SETTING: OnceLock<Result<Setting>> = OnceLock::new();

impl Tests {
    /// Reads the command line; first of all in `main`. Returns a code to end with if this process
    /// is none that runs tests.
    ///
    /// # Errors
    ///
    /// See above.
    pub fn begin() -> Result<Self, ExitCode> {
        if let Some(code) = guard::serve_if_asked() {
            return Err(code);
        }
        let mut arguments = Arguments::from_args();
        // A browser needs about one core: more at once only wait for each other.
        arguments.test_threads.get_or_insert(2);
        Ok(Self {
            arguments,
            trials: Vec::new(),
            skipped: Vec::new(),
        })
    }

    /// Adds a test that runs in each of these engines, with the default dialect. `flags` are the
    /// emulator's.
    pub fn add<F>(
        &mut self,
        name: &'static str,
        engines: &[Engine],
        flags: &'static [&'static str],
        body: F,
    ) where
        F: AsyncFn(&mut Stage) -> Result<()> + Clone + Send + 'static,
    {
        self.add_named(name, Dialect::default(), engines, flags, body);
    }

    /// Adds a test that runs with one dialect in each of these engines.
    pub fn add_for<F>(
        &mut self,
        name: &str,
        dialect: Dialect,
        engines: &[Engine],
        flags: &'static [&'static str],
        body: F,
    ) where
        F: AsyncFn(&mut Stage) -> Result<()> + Clone + Send + 'static,
    {
        let name = format!("{name}_{}", dialect.name());
        self.add_named(&name, dialect, engines, flags, body);
    }

    fn add_named<F>(
        &mut self,
        name: &str,
        dialect: Dialect,
        engines: &[Engine],
        flags: &'static [&'static str],
        body: F,
    ) where
        F: AsyncFn(&mut Stage) -> Result<()> + Clone + Send + 'static,
    {
        for &engine in engines {
            let full = format!("{}::{name}", engine.name());
            let installed = self.arguments.list
                || setting().map_or(true, |setting| setting.browser(engine).is_some());
            if !installed {
                self.skipped.push(full.clone());
            }
            let (name, body) = (name.to_owned(), body.clone());
            let trial = Trial::test(full, move || run(&name, engine, dialect, flags, &body));
            self.trials.push(trial.with_ignored_flag(!installed));
        }
    }

    /// Adds a test of what was built, which needs no browser.
    pub fn add_without_browser(
        &mut self,
        name: String,
        body: impl FnOnce(&Setting) -> Result<()> + Send + 'static,
    ) {
        self.trials.push(Trial::test(name, move || {
            let done = setting().and_then(body);
            done.map_err(|error| Failed::from(format!("{error:#}")))
        }));
    }

    /// Runs them all and prints what came of it.
    #[must_use]
    pub fn run(self) -> ExitCode {
        if !self.skipped.is_empty() {
            // cargo's format has no room for a reason.
            let _ = writeln!(
                io::stdout(),
                "SKIPPED, the browser or its driver is not installed: {}",
                self.skipped.join(", ")
            );
        }
        libtest_mimic::run(&self.arguments, self.trials).exit_code()
    }
}

fn setting() -> Result<&'static Setting> {
    SETTING
        .get_or_init(Setting::find)
        .as_ref()
        .map_err(|error| anyhow!("{error:#}"))
}

fn run<F>(
    name: &str,
    engine: Engine,
    dialect: Dialect,
    flags: &[&str],
    body: &F,
) -> Result<(), Failed>
where
    F: AsyncFn(&mut Stage) -> Result<()>,
{
    let setting = setting().map_err(|error| format!("{error:#}"))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let folder = setting.out.join(format!("{}-{name}", engine.name()));
    let mut stage = runtime
        .block_on(Stage::set(setting, engine, dialect, &folder, flags))
        .map_err(|error| format!("the stage was not set: {error:#}"))?;
    let outcome = catch_unwind(AssertUnwindSafe(|| runtime.block_on(body(&mut stage))))
        .unwrap_or_else(|panic| Err(anyhow!("{}", words(&*panic))));
    let step = stage.last_step();
    if outcome.is_err() {
        runtime.block_on(stage.keep_traces());
    }
    runtime.block_on(stage.strike());
    match outcome {
        Ok(()) => {
            // Only what failed is of interest.
            let _ = fs::remove_dir_all(&folder);
            Ok(())
        }
        Err(error) => Err(format!(
            "{}, at the step \"{step}\": {error:#}\nSee {}",
            engine.name(),
            folder.display()
        )
        .into()),
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("it panicked")
}
