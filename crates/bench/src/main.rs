//! Loads an emulator with chats and measures what that costs: `cargo xtask bench emulator`.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    reason = "a command line program answers on its standard output"
)]

mod args;
mod connection;
mod emulator;
mod full;
mod idle;
mod load;
mod report;
mod spread;
mod usage;
mod visitor;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Parser as _;
use tokio::task::LocalSet;
use tokio::time::timeout;

use args::Args;
use emulator::{Emulator, Folder};
use report::Report;

/// A run that takes longer is given up.
const LONGEST: Duration = Duration::from_secs(240);

// One thread: the load generator leaves the other cores to the emulator.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    let tasks = LocalSet::new();
    let run = timeout(LONGEST, tasks.run_until(run(&args)));
    let result = run.await.context("it took too long");
    match result.and_then(|done| done) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: &Args) -> Result<()> {
    usage::allow_many_files();
    let load_before = usage::load();
    let mut report = Report::default();
    measure(args, &mut report).await?;
    let (machine, cores) = (usage::machine(), usage::cores());
    println!("{machine}, {cores} cores: {}", describe_run(args));
    if let Some(load) = load_before {
        println!("{}", describe_load(load));
    }
    print!("\n{}", report.table());
    println!(
        "\nMemory is the process's resident set: a chat with its open connection, and what the allocator holds for both; not\n\
         the kernel's buffers. Ratio: measured divided by aim."
    );
    Ok(())
}

async fn measure(args: &Args, report: &mut Report) -> Result<()> {
    let folder = Folder::new(&args.folder, "load")?;
    let cast: &[&str] = if args.agent { &[] } else { &["--no-agent"] };
    eprintln!("→ {} idle connections", args.chats);
    let line = idle::measure(args, report).await?;
    let emulator = Emulator::start(&args.program, &folder, cast).await?;
    eprintln!("→ {}", describe_run(args));
    let mut crowd = load::measure(&emulator, args, line, report).await?;
    eprintln!("→ saturation with {} connections", args.connections);
    full::saturate(&emulator, args, report).await?;
    crowd.check()?;
    drop(crowd);
    emulator.cut().await?;
    if args.messages > 0 {
        eprintln!("→ a restart with {} stored messages", args.messages);
        full::restart(args, report).await?;
    }
    Ok(())
}

fn describe_run(args: &Args) -> String {
    let (polls, answers) = if args.agent {
        ("long polls", "the automatic agent")
    } else {
        ("idle long polls", "no agent")
    };
    format!(
        "{} chats that poll every {} s, {} {polls}, {answers}, for {} s",
        args.chats,
        args.pace.as_secs_f64(),
        args.polls,
        args.seconds.as_secs_f64()
    )
}

/// Describes the load of the machine before the run.
fn describe_load(load: f64) -> String {
    let verdict = if load > 0.3 {
        ": other programs were busy, so times are upper bounds"
    } else {
        ""
    };
    format!("Load of the machine in the minute before: {load:.2}{verdict}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_programs_at_work_are_mentioned() {
        assert!(describe_load(2.5).contains("other programs"));
        assert!(!describe_load(0.1).contains("other programs"));
    }
}
