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

/// Whatever happens: a run that takes longer is given up.
const LONGEST: Duration = Duration::from_secs(240);

// One thread: the load generator leaves the other cores to the emulator.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    let everybody = LocalSet::new();
    let run = timeout(LONGEST, everybody.run_until(run(&args)));
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
    println!("{machine}, {cores} cores: {}", setting(args));
    if let Some(load) = load_before {
        println!("{}", company(load));
    }
    print!("\n{}", report.table());
    println!(
        "\nMemory is the process's resident set, shared among those who came: a chat, its connection that is kept open, and\n\
         what the allocator holds for both; not the kernel's buffers. Ratio: measured divided by aim."
    );
    Ok(())
}

async fn measure(args: &Args, report: &mut Report) -> Result<()> {
    let folder = Folder::new(&args.folder, "load")?;
    let cast: &[&str] = if args.agent { &[] } else { &["--no-agent"] };
    eprintln!("→ {} connections on which nothing happens", args.chats);
    let line = idle::measure(args, report).await?;
    let emulator = Emulator::start(&args.program, &folder, cast).await?;
    eprintln!("→ {}", setting(args));
    let mut crowd = load::measure(&emulator, args, line, report).await?;
    eprintln!("→ as many requests as {} connections can send", args.lines);
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

fn setting(args: &Args) -> String {
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

/// Returns whether others were at work.
fn company(load: f64) -> String {
    let verdict = if load > 0.3 {
        ": others were at work, so times are upper bounds"
    } else {
        ""
    };
    format!("Load of the machine in the minute before: {load:.2}{verdict}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_shares_the_machine_with_others_is_told() {
        assert!(company(2.5).contains("others"));
        assert!(!company(0.1).contains("others"));
    }
}
