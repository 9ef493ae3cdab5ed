//! Saturation: requests a second, and the time of a restart with a long journal.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use crate::args::Args;
use crate::emulator::{Emulator, Folder};
use crate::load::rate;
use crate::report::{Report, millis};
use crate::spread::Spread;
use crate::usage;
use crate::visitor::Visitor;

/// The messages of each chat in the journal that is read back.
const MESSAGES_A_CHAT: u32 = 100;
const FILLED_WITHIN: Duration = Duration::from_secs(45);
const RESTART_AIM_S: f64 = 2.0;
/// How long a reply may take at saturation.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends requests on each connection, the next one as soon as the reply to the one before is there.
pub(crate) async fn saturate(emulator: &Emulator, args: &Args, report: &mut Report) -> Result<()> {
    let mut visitors = Vec::new();
    for nth in 0..args.connections {
        let mut visitor = Visitor::arrive(emulator.address).await?;
        visitor.skip(nth);
        visitors.push(visitor);
    }
    let before = usage::processor(emulator.process);
    let started = Instant::now();
    let end = started + args.saturation;
    let mut lines = JoinSet::new();
    for mut visitor in visitors {
        let talk_every = args.talk_every;
        lines.spawn_local(async move {
            let mut spread = Spread::default();
            while Instant::now() < end {
                let sent = Instant::now();
                let turn = timeout(PATIENCE, visitor.turn(talk_every));
                turn.await.context("no reply for a long time")??;
                spread.note(sent.elapsed());
            }
            anyhow::Ok(spread)
        });
    }
    let mut all = Spread::default();
    while let Some(line) = lines.join_next().await {
        all.add(line??);
    }
    let took = started.elapsed();
    let after = usage::processor(emulator.process);
    let label = "at saturation: requests a second";
    report.tell(label, Some(rate(all.count(), took)));
    let percentile = |percent| all.percentile(percent).map(millis);
    report.tell("at saturation: reply, p50, ms", percentile(50));
    report.tell("at saturation: reply, p99, ms", percentile(99));
    let used = before.zip(after).map(|(before, after)| after - before);
    let each = used.map(|used| millis(used) * 1000.0 / rate(all.count(), Duration::from_secs(1)));
    report.tell("  processor time a request, µs", each);
    Ok(())
}

/// Stores messages over the chat API, kills the emulator, and measures its restart.
pub(crate) async fn restart(args: &Args, report: &mut Report) -> Result<()> {
    let folder = Folder::new(&args.folder, "journal")?;
    let never = ["--no-agent", "--drop-after", "0"];
    let emulator = Emulator::start(&args.program, &folder, &never).await?;
    let stored = fill(&emulator, args).await?;
    emulator.cut().await?;

    let started = Instant::now();
    let emulator = Emulator::start(&args.program, &folder, &never).await?;
    let took = started.elapsed();
    let chats = emulator.health().await?["chats"].as_u64();
    if chats.is_none_or(|chats| chats < u64::from(stored.div_ceil(MESSAGES_A_CHAT))) {
        bail!("only {chats:?} chats are there after the restart");
    }
    let label = format!("restart with {stored} messages, s");
    report.judge(label, Some(took.as_secs_f64()), RESTART_AIM_S);
    let memory = usage::resident(emulator.process);
    let megabytes = memory.and_then(|bytes| u32::try_from(bytes >> 20).ok());
    report.tell("  memory afterwards, MB", megabytes.map(f64::from));
    emulator.cut().await
}

/// Returns how many messages have been stored: all, unless that takes too long.
async fn fill(emulator: &Emulator, args: &Args) -> Result<u32> {
    let left = Rc::new(Cell::new(args.messages));
    let stored = Rc::new(Cell::new(0));
    let end = Instant::now() + FILLED_WITHIN;
    let mut lines = JoinSet::new();
    for _ in 0..args.connections {
        let (left, stored) = (Rc::clone(&left), Rc::clone(&stored));
        let address = emulator.address;
        lines.spawn_local(async move {
            let mut visitor = Visitor::arrive(address).await?;
            loop {
                let batch = left.get().min(MESSAGES_A_CHAT);
                left.set(left.get() - batch);
                for _ in 0..batch {
                    timeout(PATIENCE, visitor.say())
                        .await
                        .context("no reply for a long time")??;
                    stored.set(stored.get() + 1);
                }
                if left.get() == 0 || Instant::now() > end {
                    return anyhow::Ok(());
                }
                visitor = visitor.again().await?;
            }
        });
    }
    while let Some(line) = lines.join_next().await {
        line??;
    }
    Ok(stored.get())
}
