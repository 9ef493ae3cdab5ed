//! Memory and processor time of a process, and the machine's name, read from Linux; unknown elsewhere.

use std::fs;
use std::time::Duration;

/// Reads the memory that a process has in use (resident set), in bytes. Buffers of its sockets are the kernel's and not
/// in it.
pub(crate) fn resident(process: u32) -> Option<u64> {
    resident_in(&fs::read_to_string(format!("/proc/{process}/status")).ok()?)
}

/// Reads the processor time that a process has used up to now, in its own code and in the kernel.
pub(crate) fn processor(process: u32) -> Option<Duration> {
    let ticks = ticks_in(&fs::read_to_string(format!("/proc/{process}/stat")).ok()?)?;
    Some(Duration::from_millis(
        ticks.saturating_mul(1000) / ticks_a_second(),
    ))
}

/// Reads how many programs wanted the processors in the last minute, on average.
pub(crate) fn load() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').next()?.parse().ok()
}

/// Returns the name of the machine.
pub(crate) fn machine() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname");
    name.map_or_else(|_| "this machine".to_owned(), |name| name.trim().to_owned())
}

/// Counts the processors that this process may use.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Lets this process and its children open as many files as the system allows: each connection is one.
#[cfg(unix)]
pub(crate) fn allow_many_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // If the limit stays too low, connecting will fail with an error.
    let _ = setrlimit(Resource::Nofile, limit);
}

#[cfg(not(unix))]
pub(crate) fn allow_many_files() {}

#[cfg(unix)]
fn ticks_a_second() -> u64 {
    rustix::param::clock_ticks_per_second().max(1)
}

#[cfg(not(unix))]
fn ticks_a_second() -> u64 {
    100
}

fn resident_in(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes = line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?;
    kilobytes.checked_mul(1024)
}

/// Adds up the fields `utime` and `stime`. The program's name, which may hold anything, ends with the last bracket.
fn ticks_in(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user = fields.next()?.parse::<u64>().ok()?;
    let system = fields.next()?.parse::<u64>().ok()?;
    user.checked_add(system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_bytes() {
        let status = "Name:\tx\nVmHWM:\t  999 kB\nVmRSS:\t  12 kB\nRssAnon:\t 5 kB\n";
        assert_eq!(resident_in(status), Some(12 * 1024));
        assert_eq!(resident_in("Name:\tx\n"), None);
    }

    #[test]
    fn processor_time_is_read_after_any_name() {
        let stat = "77 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 200 30 0 0 20 0";
        assert_eq!(ticks_in(stat), Some(230));
        assert_eq!(ticks_in("77 (a) S 1"), None);
    }
}
