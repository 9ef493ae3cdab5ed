//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

/// Loads an emulator of its own with chats, on this machine only, and prints times and memory
#[derive(Debug, Clone, Parser)]
#[command(name = "cargo xtask bench emulator")]
pub(crate) struct Args {
    /// The emulator's program
    #[arg(long, value_name = "FILE")]
    pub(crate) program: PathBuf,
    /// Where the emulators keep their data during the run; the speed of its disk counts
    #[arg(long, value_name = "DIR", default_value_os_t = std::env::temp_dir())]
    pub(crate) folder: PathBuf,
    /// Visitors that poll (GMS version 2), each on a connection that is kept open
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub(crate) chats: u32,
    /// Seconds between two polls of a visitor
    #[arg(long, value_name = "SECS", default_value = "4", value_parser = span)]
    pub(crate) pace: Duration,
    /// Every Nth request of a visitor is a message instead of a poll; 0 = none
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub(crate) talk_every: u32,
    /// Visitors that wait in a CometD long poll, each with a chat in which nothing happens
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(0..=20_000))]
    pub(crate) polls: u32,
    /// Seconds for which times and processor time are measured
    #[arg(long, value_name = "SECS", default_value = "30", value_parser = span)]
    pub(crate) seconds: Duration,
    /// Connections that send one request after the other at saturation
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) connections: u32,
    /// Seconds of saturation
    #[arg(long, value_name = "SECS", default_value = "8", value_parser = span)]
    pub(crate) saturation: Duration,
    /// Let the automatic agent answer; long polls have news every few seconds then
    #[arg(long)]
    pub(crate) agent: bool,
    /// Messages that are stored when the emulator restarts; 0 = measure no restart
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub(crate) messages: u32,
}

/// Reads seconds, a minute at most.
fn span(text: &str) -> Result<Duration, String> {
    let secs = text.parse::<f64>().ok();
    secs.filter(|secs| (0.1..=60.0).contains(secs))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "expected seconds, 0.1 to 60".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_aims() {
        let args = Args::try_parse_from(["bench", "--program", "emulator"]).unwrap();
        assert_eq!(
            (args.chats, args.polls, args.messages),
            (2000, 1000, 100_000)
        );
        assert_eq!(args.pace, Duration::from_secs(4));
    }

    #[test]
    fn a_phase_without_an_end_is_refused() {
        for wrong in ["0", "61", "inf", "NaN", "-1", "soon"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }
}
