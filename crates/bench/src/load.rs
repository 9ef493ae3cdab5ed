//! The load: visitors that poll at their pace, and visitors that wait in long polls.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Error, Result, bail};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::args::Args;
use crate::emulator::Emulator;
use crate::report::{Report, millis};
use crate::spread::Spread;
use crate::usage;
use crate::visitor::{Follower, Visitor};

/// All visitors must have arrived within this time, or the emulator cannot bear the load.
const ARRIVAL_WITHIN: Duration = Duration::from_secs(30);
const LATENCY_AIM_MS: f64 = 50.0;
const MEMORY_AIM_KB: f64 = 40.0;

/// The measurements that all visitors share.
#[derive(Debug, Default)]
struct Log {
    measuring: Cell<bool>,
    /// From sending a request until its reply was read.
    answered: RefCell<Spread>,
    /// From when a request was due until its reply was read: this includes the delays of the load generator.
    due: RefCell<Spread>,
    arrived: Cell<u32>,
    failed: RefCell<Option<Error>>,
}

/// A visitor to come, and how long after the first one.
#[derive(Debug, Clone, Copy)]
struct Arrival {
    nth: u32,
    offset: Duration,
}

/// All visitors that are there; when dropped, they leave without a word.
#[derive(Debug)]
pub(crate) struct Crowd(JoinSet<()>);

/// Lets all visitors arrive, and measures times and memory. They stay afterwards, without polling, so that the next phase
/// meets a server with chats. `connection_kb` is the memory of a connection alone, in kilobytes.
pub(crate) async fn measure(
    emulator: &Emulator,
    args: &Args,
    connection_kb: Option<f64>,
    report: &mut Report,
) -> Result<Crowd> {
    let log = Rc::new(Log::default());
    let empty = usage::resident(emulator.process);
    let mut pollers = JoinSet::new();
    for nth in 0..args.chats {
        // Spread evenly: visitors who arrive at once would also poll at once.
        let offset = args.pace.mul_f64(f64::from(nth) / f64::from(args.chats));
        let visitor = Arrival { nth, offset };
        let visit = poll(emulator.address, visitor, args.clone(), Rc::clone(&log));
        spawn(&mut pollers, visit, &log);
    }
    log.all_arrived(args.chats).await?;
    // Two rounds of polls, so that every connection has had an ordinary reply.
    sleep(args.pace.mul_f64(2.0)).await;
    let with_chats = usage::resident(emulator.process);

    let mut waiters = JoinSet::new();
    for nth in 0..args.polls {
        let offset = args.pace.mul_f64(f64::from(nth) / f64::from(args.polls));
        let visit = wait(emulator.address, offset, Rc::clone(&log));
        spawn(&mut waiters, visit, &log);
    }
    log.all_arrived(args.chats + args.polls).await?;
    sleep(args.pace).await;
    let with_all = usage::resident(emulator.process);

    let (before, started) = (usage::processor(emulator.process), Instant::now());
    let own_before = usage::processor(std::process::id());
    log.measuring.set(true);
    sleep(args.seconds).await;
    log.measuring.set(false);
    let after = usage::processor(emulator.process);
    let own_after = usage::processor(std::process::id());
    let took = started.elapsed();
    log.check()?;
    all_held(emulator, args.polls).await?;
    pollers.abort_all();

    let answered = log.answered.borrow();
    let due = log.due.borrow();
    if answered.count() == 0 {
        bail!("no request was answered within {took:?}");
    }
    let percentile = |spread: &Spread, percent| spread.percentile(percent).map(millis);
    let rate = rate(answered.count(), took);
    report.tell("under load: requests a second", Some(rate));
    report.tell("under load: reply, p50, ms", percentile(&answered, 50));
    let worst = percentile(&answered, 99);
    report.judge("under load: reply, p99, ms", worst, LATENCY_AIM_MS);
    let worst = percentile(&due, 99);
    report.tell("  p99 counted from when it was due, ms", worst);
    report.tell("  slowest, ms", percentile(&answered, 100));
    let share = |before, after| share(before, after, took);
    report.tell("under load: processor, % of one core", share(before, after));
    report.tell("  of the load generator, %", share(own_before, own_after));
    let own = |whole: Option<f64>| {
        whole
            .zip(connection_kb)
            .map(|(whole, connection_kb)| whole - connection_kb)
    };
    let kilobytes = each(empty, with_chats, args.chats);
    report.judge("memory of a polling chat, kB", kilobytes, MEMORY_AIM_KB);
    report.tell("  without its connection", own(kilobytes));
    let kilobytes = each(with_chats, with_all, args.polls);
    let label = "memory of a long poll and its chat, kB";
    report.judge(label, kilobytes, MEMORY_AIM_KB);
    report.tell("  without an idle connection", own(kilobytes));
    let megabytes = |bytes: Option<u64>| each(Some(0), bytes, 1024);
    report.tell("memory without chats, MB", megabytes(empty));
    report.tell("memory with all of them, MB", megabytes(with_all));
    Ok(Crowd(waiters))
}

/// Waits until every long poll is held: those that have just had news connect again.
async fn all_held(emulator: &Emulator, polls: u32) -> Result<()> {
    const LOOKS: u32 = 200;
    let mut held = None;
    for _ in 0..LOOKS {
        held = emulator.health().await?["polls"].as_u64();
        if held == Some(u64::from(polls)) {
            return Ok(());
        }
        sleep(Duration::from_millis(10)).await;
    }
    bail!("{held:?} of {polls} long polls are held")
}

/// Returns a rate in events a second.
pub(crate) fn rate(count: usize, took: Duration) -> f64 {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    f64::from(count) / took.as_secs_f64()
}

impl Crowd {
    /// Fails if a visitor has gone.
    pub(crate) fn check(&mut self) -> Result<()> {
        if self.0.try_join_next().is_some() {
            bail!("a visitor in a long poll has gone");
        }
        Ok(())
    }
}

impl Log {
    async fn all_arrived(&self, count: u32) -> Result<()> {
        let all = async {
            while self.arrived.get() < count && self.failed.borrow().is_none() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        if timeout(ARRIVAL_WITHIN, all).await.is_err() {
            let arrived = self.arrived.get();
            bail!("{arrived} of {count} visitors have arrived within {ARRIVAL_WITHIN:?}");
        }
        self.check()
    }

    fn note(&self, due: Instant, sent: Instant) {
        if self.measuring.get() {
            self.answered.borrow_mut().note(sent.elapsed());
            self.due.borrow_mut().note(due.elapsed());
        }
    }

    /// Fails if a visitor has failed: the figures would mean nothing.
    fn check(&self) -> Result<()> {
        self.failed.borrow_mut().take().map_or(Ok(()), Err)
    }
}

fn spawn(set: &mut JoinSet<()>, visit: impl Future<Output = Result<()>> + 'static, log: &Rc<Log>) {
    let log = Rc::clone(log);
    set.spawn_local(async move {
        if let Err(error) = visit.await {
            log.failed.borrow_mut().get_or_insert(error);
        }
    });
}

async fn poll(address: SocketAddr, arrival: Arrival, args: Args, log: Rc<Log>) -> Result<()> {
    let mut due = Instant::now() + arrival.offset;
    sleep_until(due).await;
    let mut visitor = Visitor::arrive(address).await?;
    log.arrived.set(log.arrived.get() + 1);
    visitor.skip(arrival.nth);
    loop {
        due += args.pace;
        sleep_until(due).await;
        let sent = Instant::now();
        visitor.turn(args.talk_every).await?;
        log.note(due, sent);
    }
}

async fn wait(address: SocketAddr, offset: Duration, log: Rc<Log>) -> Result<()> {
    sleep(offset).await;
    let mut follower = Follower::arrive(address).await?;
    log.arrived.set(log.arrived.get() + 1);
    loop {
        follower.wait().await?;
    }
}

/// Returns the growth between two readings for each of `count`, in kilobytes.
pub(crate) fn each(before: Option<u64>, after: Option<u64>, count: u32) -> Option<f64> {
    let added = u32::try_from(after?.saturating_sub(before?) / 1024).ok()?;
    (count > 0).then(|| f64::from(added) / f64::from(count))
}

/// Returns the share of one core that was used, in percent.
fn share(before: Option<Duration>, after: Option<Duration>, took: Duration) -> Option<f64> {
    let used = after?.saturating_sub(before?);
    Some(used.as_secs_f64() / took.as_secs_f64() * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_divided_among_the_visitors() {
        assert_eq!(each(Some(1 << 20), Some(3 << 20), 100), Some(20.48));
        // Memory may also have been given back: the figure is never negative.
        assert_eq!(each(Some(2), Some(1), 10), Some(0.0));
        assert_eq!(each(None, Some(1), 10), None);
        assert_eq!(each(Some(1), Some(2), 0), None);
    }

    #[test]
    fn two_busy_cores_are_two_hundred_percent() {
        let second = Duration::from_secs(1);
        assert_eq!(
            share(Some(second), Some(second * 9), second * 4),
            Some(200.0)
        );
        assert_eq!(share(None, Some(second), second), None);
        assert!((rate(500, second * 2) - 250.0).abs() < f64::EPSILON);
    }
}
