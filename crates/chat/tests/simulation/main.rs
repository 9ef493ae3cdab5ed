//! Storms: the core against the server's own model, over the real bytes of both, on virtual time.
//!
//! Everything follows from a `u64`: connections cut before or after processing, delays, doubled
//! replies, broken replies, servers that restart, fail over or want patience, pages that freeze, jump
//! in time, go offline, lose their storage, crash and reload, one to three tabs that begin and cease to lead.
//! A storm that ends badly prints the line
//! that replays it, with a log.
//!
//! `PARLOUR_SEEDS=20000 cargo test --release -p parlour-chat --test simulation` looks further.

#![expect(unreachable_pub, reason = "a test binary has no outside")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a storm that ends badly fails its test, with a log that replays it"
)]

mod browser;
mod check;
mod dice;
mod network;
mod page;
mod storm;

use std::panic::{AssertUnwindSafe, catch_unwind};

use parlour_chat::DialectKind;
use storm::{Family, Storm, Tally};

fn seeds(default: u64) -> std::ops::Range<u64> {
    let count = std::env::var("PARLOUR_SEEDS")
        .ok()
        .and_then(|count| count.parse().ok());
    0..count.unwrap_or(default)
}

fn weather_all(dialect: DialectKind, family: Family, default: u64) {
    if let Some(seed) = std::env::var("PARLOUR_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
    {
        Storm::new(seed, dialect, family, true).run();
        return;
    }
    let mut failed = Vec::new();
    let mut sum = Tally::default();
    let seeds = seeds(default);
    let count = seeds.end;
    for seed in seeds {
        let storm = AssertUnwindSafe(|| Storm::new(seed, dialect, family, false).run());
        match catch_unwind(storm) {
            Ok(tally) => sum.add(&tally),
            Err(_) => failed.push(seed),
        }
    }
    println!("{dialect:?}, {family:?}: {count} storms: {sum}");
    assert!(
        sum.is_stormy(),
        "the weather was too fair to prove anything: {sum}"
    );
    let replay: Vec<String> = failed
        .iter()
        .take(5)
        .map(|seed| {
            format!(
                "PARLOUR_SEED={seed} cargo test -p parlour-chat --test simulation {} -- --nocapture",
                test(dialect, family)
            )
        })
        .collect();
    assert!(
        failed.is_empty(),
        "{} storms ended badly; replay:\n{}",
        failed.len(),
        replay.join("\n")
    );
}

/// Names the test of a dialect and a family.
fn test(dialect: DialectKind, family: Family) -> String {
    let dialect = match dialect {
        DialectKind::GmsV1 => "gms_v1",
        DialectKind::GmsV1Cometd => "gms_v1_cometd",
        DialectKind::Gws => "gws",
        DialectKind::GmsV2Cometd => "gms_v2_cometd",
        _ => "gms_v2",
    };
    format!("{dialect}::{}", family.test())
}

mod gms_v2 {
    use super::*;

    #[test]
    fn within_the_window_nothing_is_lost_or_doubled() {
        weather_all(DialectKind::GmsV2, Family::WithinTheWindow, 600);
    }

    #[test]
    fn beyond_the_window_nothing_is_lost() {
        weather_all(DialectKind::GmsV2, Family::BeyondTheWindow, 300);
    }
}

mod gms_v2_cometd {
    use super::*;

    #[test]
    fn within_the_window_nothing_is_lost_or_doubled() {
        weather_all(DialectKind::GmsV2Cometd, Family::WithinTheWindow, 400);
    }

    #[test]
    fn beyond_the_window_nothing_is_lost() {
        weather_all(DialectKind::GmsV2Cometd, Family::BeyondTheWindow, 400);
    }
}

mod gms_v1 {
    use super::*;

    #[test]
    fn within_the_window_nothing_is_lost_or_doubled() {
        weather_all(DialectKind::GmsV1, Family::WithinTheWindow, 400);
    }

    #[test]
    fn beyond_the_window_nothing_is_lost() {
        weather_all(DialectKind::GmsV1, Family::BeyondTheWindow, 200);
    }
}

mod gms_v1_cometd {
    use super::*;

    #[test]
    fn within_the_window_nothing_is_lost_or_doubled() {
        weather_all(DialectKind::GmsV1Cometd, Family::WithinTheWindow, 400);
    }

    #[test]
    fn beyond_the_window_nothing_is_lost() {
        weather_all(DialectKind::GmsV1Cometd, Family::BeyondTheWindow, 300);
    }
}

mod gws {
    use super::*;

    #[test]
    fn within_the_window_nothing_is_lost_or_doubled() {
        weather_all(DialectKind::Gws, Family::WithinTheWindow, 400);
    }

    #[test]
    fn beyond_the_window_nothing_is_lost() {
        weather_all(DialectKind::Gws, Family::BeyondTheWindow, 200);
    }
}
