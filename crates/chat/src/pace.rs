//! When to poll next, and how long to keep still after failures.

use core::time::Duration;

use crate::io::Visibility;
use crate::settings::PaceSettings;
use crate::time::Moment;

/// Longest `Retry-After` that is believed.
pub(crate) const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(3600);
/// Longest wait after failures while the page is shown: a server that is back is to be noticed within five seconds.
const LONGEST_RETRY_SHOWN: Duration = Duration::from_secs(4);
/// A retry never comes sooner than this, whatever the dice say.
const LEAST_RETRY: Duration = Duration::from_millis(100);

/// Seeded dice (SplitMix64): jitter needs to be spread, not secret.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Rolls a duration from nothing up to `most`, in whole milliseconds.
    fn up_to(&mut self, most: Duration) -> Duration {
        let millis = u64::try_from(most.as_millis()).unwrap_or(u64::MAX - 1);
        Duration::from_millis(self.roll() % (millis.saturating_add(1)))
    }
}

/// The rhythm of requests to one server.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    settings: PaceSettings,
    /// Whether the news come by themselves: then nothing is due but what is asked for.
    pushed: bool,
    dice: Dice,
    visibility: Visibility,
    active_until: Moment,
    interval: Duration,
    due: Moment,
    failures: u32,
    /// Failures since there was a reason to hope for the way to be free again.
    in_vain: u32,
    /// Whether the next request may well get no answer.
    is_doubtful: bool,
    /// When the first of the failures was noticed.
    out_since: Moment,
    /// Whether failures went on for longer than a server may have patience with a silent visitor.
    was_out: bool,
    retry_at: Moment,
    /// When a request was last answered properly: any of them is a sign of life.
    heard_at: Moment,
    /// Set by `Retry-After`, for requests that ask for news or for a chat: not even good news shortens this.
    not_before: Moment,
}

impl Pace {
    pub(crate) fn new(settings: PaceSettings, pushed: bool, seed: u64) -> Self {
        Self {
            settings,
            pushed,
            dice: Dice::new(seed),
            visibility: Visibility::Visible,
            active_until: Moment(0),
            interval: settings.active,
            due: Moment(0),
            failures: 0,
            in_vain: 0,
            is_doubtful: false,
            out_since: Moment(0),
            was_out: false,
            retry_at: Moment(0),
            heard_at: Moment(0),
            not_before: Moment(0),
        }
    }

    /// Polls often for a while: the visitor or somebody else did something.
    pub(crate) fn active(&mut self, now: Moment) {
        self.active_until = now + self.settings.active_for;
        self.interval = self.settings.active;
        if !self.pushed {
            self.due = self.due.min(now + self.settings.active);
        }
    }

    /// Makes a refresh due now.
    pub(crate) fn hurry(&mut self, now: Moment) {
        self.due = self.due.min(now);
    }

    pub(crate) fn visibility(&self) -> Visibility {
        self.visibility
    }

    /// Takes note that the page was hidden or shown. Being shown again makes a refresh due at once.
    pub(crate) fn set_visibility(&mut self, visibility: Visibility, now: Moment) {
        if visibility == Visibility::Visible && self.visibility == Visibility::Hidden {
            self.come_back(now);
        }
        self.visibility = visibility;
    }

    /// Ends the wait after failures: the way to the server may be free again. What the server asked for with
    /// `Retry-After` stays.
    pub(crate) fn come_back(&mut self, now: Moment) {
        self.retry_at = now;
        self.due = now;
        self.in_vain = 0;
    }

    /// Takes note that the next request may well get no answer: the last one got none, or the browser says that it
    /// is offline.
    pub(crate) fn doubt(&mut self) {
        self.is_doubtful = true;
    }

    /// Takes note that requests of another tab are answered.
    pub(crate) fn trust(&mut self) {
        self.is_doubtful = false;
    }

    /// Tells whether to ask something harmless before anything leaves that must not be done twice.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.is_doubtful
    }

    /// Shortens a long wait after failures, because the visitor waits for something to get through; not if the
    /// server asked for it.
    pub(crate) fn shorten_wait(&mut self, now: Moment) {
        if self.failures > 0 {
            self.retry_at = self.retry_at.min(now + self.settings.retry_min);
            self.due = self.due.min(self.free_at());
        }
    }

    /// Takes note of an answered refresh: the next is due an interval from now.
    pub(crate) fn on_refreshed(&mut self, now: Moment) {
        if now >= self.active_until {
            let step = (self.settings.quiet.saturating_sub(self.settings.active)) / 4;
            self.interval = (self.interval + step)
                .min(self.settings.quiet)
                .max(self.settings.active);
        }
        if self.pushed {
            self.due = Moment::NEVER;
        } else {
            self.wait_an_interval(now);
        }
    }

    /// Makes another refresh due an interval from now, even where the news is pushed.
    pub(crate) fn refresh_again(&mut self, now: Moment) {
        self.on_refreshed(now);
        self.wait_an_interval(now);
    }

    fn wait_an_interval(&mut self, now: Moment) {
        let longest = self.settings.longest_silence();
        let interval = match self.visibility {
            Visibility::Visible => self.interval,
            Visibility::Hidden => self.settings.hidden,
        };
        self.due = now + self.jitter(interval).min(longest);
    }

    /// Tells whether the server may have dropped the visitor because requests failed for so long.
    pub(crate) fn was_out(&self) -> bool {
        self.was_out
    }

    /// Takes note that the chat goes on all the same.
    pub(crate) fn forget_outage(&mut self) {
        self.was_out = false;
    }

    /// Takes note of a proper reply: failures are forgotten.
    pub(crate) fn on_success(&mut self) {
        self.failures = 0;
        self.in_vain = 0;
        self.is_doubtful = false;
        self.retry_at = Moment(0);
    }

    /// Takes note of a sign of life that the server has answered.
    pub(crate) fn on_heard(&mut self, now: Moment) {
        self.heard_at = now;
    }

    /// Returns how much of a `Retry-After` is believed for the requests that are the visitor's sign of life: the
    /// server drops whoever is silent, by its own request, too.
    pub(crate) fn believed(&self, patience: Duration, now: Moment) -> Duration {
        let silence = self.settings.longest_silence();
        let until = (self.heard_at + silence).max(now + silence / 2);
        patience.min(until.since(now))
    }

    /// Begins a wait after a failure: nothing leaves before it is over. Where the server asked for more patience, it
    /// is not asked for news or for a chat before that is over.
    pub(crate) fn on_failure(&mut self, now: Moment, retry_after: Option<Duration>) {
        let longest = match self.visibility {
            Visibility::Visible => self.settings.retry_max.min(LONGEST_RETRY_SHOWN),
            Visibility::Hidden => self.settings.retry_max,
        };
        let wait = self.roll_wait(self.in_vain, longest);
        if self.failures == 0 {
            self.out_since = now;
        }
        self.was_out |= now.since(self.out_since) >= self.settings.longest_silence();
        self.failures = self.failures.saturating_add(1);
        self.in_vain = self.in_vain.saturating_add(1);
        self.retry_at = now + wait;
        if let Some(patience) = retry_after {
            self.not_before = now + patience.min(LONGEST_RETRY_AFTER);
        }
        if !self.pushed {
            self.due = self.due.min(self.free_at());
        }
    }

    /// Takes note that the failure was no silence: a server that answers, if not as it should, is not asked as often
    /// as one that is away.
    pub(crate) fn be_patient(&mut self, now: Moment) {
        self.retry_at = now + self.back_off(self.in_vain.saturating_sub(1));
    }

    /// Rolls how long to wait with what has failed so often before.
    pub(crate) fn back_off(&mut self, failures: u32) -> Duration {
        self.roll_wait(failures, self.settings.retry_max)
    }

    fn roll_wait(&mut self, failures: u32, longest: Duration) -> Duration {
        let doubled = self.settings.retry_min * 2u32.saturating_pow(failures.min(16));
        self.dice.up_to(doubled.min(longest)).max(LEAST_RETRY)
    }

    pub(crate) fn failures(&self) -> u32 {
        self.failures
    }

    /// Returns when requests may leave again.
    pub(crate) fn free_at(&self) -> Moment {
        self.retry_at
    }

    /// Returns when the server may be asked again for news, or for a chat.
    pub(crate) fn asks_at(&self) -> Moment {
        self.retry_at.max(self.not_before)
    }

    /// Returns when the patience ends that the server asked for; past if it asked for none.
    pub(crate) fn patience_until(&self) -> Moment {
        self.not_before
    }

    /// Returns when the next refresh should leave.
    pub(crate) fn refresh_at(&self) -> Moment {
        self.due.max(self.asks_at())
    }

    fn jitter(&mut self, wait: Duration) -> Duration {
        let span = wait * self.settings.jitter_percent.min(100) / 100;
        (wait + self.dice.up_to(span * 2)).saturating_sub(span)
    }
}

/// How long a server is left in peace that has ended two sessions in a row; twice as long each further time.
/// Also one that twice in a row had nothing to say and did not hold the poll this long.
const PEACE: Duration = Duration::from_secs(1);
/// How often that doubles.
const DOUBLINGS: u32 = 4;
/// Polls in a row that may be answered sooner because there is news. A server that always has some (it may say the
/// same again and again) is asked no more often than one that holds no poll.
const BUSY: u32 = 20;

/// The rhythm of polls on a line, beside what the server advises.
#[derive(Clone, Debug, Default)]
pub(crate) struct PollPace {
    /// Sessions in a row that the server ended before it had answered a poll on them.
    lost: u32,
    /// Polls in a row that brought nothing, and were not held.
    idle: u32,
    /// Polls in a row that were not held, whatever they brought.
    busy: u32,
}

impl PollPace {
    /// Tells whether a poll that was answered after this time counts as one that was not held.
    pub(crate) fn is_short(held: Duration) -> bool {
        held < PEACE
    }

    /// Takes note of a poll that was answered after this time. Returns how long to wait with the next: a
    /// server that holds no poll is not to be asked again and again without a pause.
    pub(crate) fn on_answered(&mut self, held: Duration, silent: bool) -> Duration {
        let next = |count: u32, is: bool| if is { count.saturating_add(1) } else { 0 };
        let short = Self::is_short(held);
        self.lost = 0;
        self.busy = next(self.busy, short);
        self.idle = next(self.idle, short && silent);
        if self.idle > 1 || self.busy > BUSY {
            PEACE
        } else {
            Duration::ZERO
        }
    }

    /// Takes note that the server ended a session. Returns how long to wait with the next: the page may have
    /// been asleep, but if it happens again and again, as it does behind a balancer that leads each request
    /// elsewhere, the next one must wait.
    pub(crate) fn on_ended(&mut self) -> Duration {
        let before = self.lost;
        self.lost = before.saturating_add(1);
        before.checked_sub(1).map_or(Duration::ZERO, |doublings| {
            PEACE * 2u32.pow(doublings.min(DOUBLINGS))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_000_000);

    fn waits(pace: &mut Pace, times: usize) -> Vec<u64> {
        let mut now = NOW;
        (0..times)
            .map(|_| {
                pace.on_refreshed(now);
                let wait = pace.refresh_at().0 - now.0;
                now = pace.refresh_at();
                wait
            })
            .collect()
    }

    #[test]
    fn grows_from_active_to_quiet() {
        let mut pace = Pace::new(
            PaceSettings {
                jitter_percent: 0,
                ..Default::default()
            },
            false,
            1,
        );
        pace.active(NOW);
        let waits = waits(&mut pace, 20);
        assert_eq!(waits.first(), Some(&3000));
        assert_eq!(waits.last(), Some(&5000));
        assert!(waits.is_sorted(), "{waits:?}");
    }

    #[test]
    fn varies_by_a_tenth_at_most() {
        let mut pace = Pace::new(PaceSettings::default(), false, 7);
        for wait in waits(&mut pace, 200) {
            assert!((2700..=5500).contains(&wait), "{wait}");
        }
    }

    #[test]
    fn stays_under_two_thirds_of_the_drop_time_when_hidden() {
        let settings = PaceSettings {
            hidden: Duration::from_secs(60),
            ..PaceSettings::default()
        };
        let mut pace = Pace::new(settings, false, 3);
        pace.set_visibility(Visibility::Hidden, NOW);
        for wait in waits(&mut pace, 50) {
            assert!(wait <= 30_000, "{wait}");
        }
    }

    #[test]
    fn backs_off_up_to_the_longest_wait_and_forgets_on_success() {
        let mut pace = Pace::new(PaceSettings::default(), false, 5);
        pace.set_visibility(Visibility::Hidden, NOW);
        let mut longest = 0;
        for _ in 0..200 {
            pace.on_failure(NOW, None);
            longest = longest.max(pace.free_at().0 - NOW.0);
        }
        assert!((20_000..=30_000).contains(&longest), "{longest}");
        pace.on_success();
        assert!(pace.free_at() <= NOW);
    }

    #[test]
    fn obeys_retry_after_even_when_coming_back() {
        let mut pace = Pace::new(PaceSettings::default(), false, 5);
        pace.on_failure(NOW, Some(Duration::from_secs(20)));
        pace.come_back(NOW);
        assert_eq!(pace.refresh_at().0 - NOW.0, 20_000);
        assert!(pace.free_at() <= NOW, "other requests may leave");
    }
}
