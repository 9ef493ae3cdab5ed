//! The emulator's command line.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use parlour_emulator::server::{Args, Level, StartError, start};
use tracing_subscriber::filter::LevelFilter;

fn main() -> ExitCode {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_max_level(level(args.log))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_target(false)
        .init();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not through the log: this is the command's own error message.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(args: &Args) -> Result<(), StartError> {
    let running = start(args).await?;
    // Before anybody hears of the emulator: whoever starts it may stop it at once.
    let stop = stop_signal();
    // Programs that start the emulator on port 0 read this line.
    let mut out = std::io::stdout();
    let _ = writeln!(
        out,
        "parlour-emulator listening on http://{}",
        running.address()
    );
    let _ = out.flush();
    stop.await;
    tracing::info!("stopping");
    running.stop().await;
    Ok(())
}

/// Catches Ctrl-C and SIGTERM from now on; the future returned waits for one of them.
#[cfg(unix)]
fn stop_signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    );
    async {
        // Where they cannot be caught, the system ends the program itself.
        let (Ok(mut terminate), Ok(mut interrupt)) = signals else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
async fn stop_signal() {
    let _ = tokio::signal::ctrl_c().await;
}

fn level(level: Level) -> LevelFilter {
    match level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
    }
}
