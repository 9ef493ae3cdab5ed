//! The timers: what time alone will change, and when.

use super::Session;
use super::flights::Job;
use super::lifecycle::Lifecycle;
use crate::model::TabRole;
use crate::time::Moment;

/// The names of the timers.
#[derive(Clone, Copy)]
enum Timer {
    /// A request is given up.
    Deadline,
    /// Another's typing is believed no longer.
    OthersTyping,
    /// The visitor counts as no longer typing.
    OwnSilence,
    /// The latest typing preview is sent where no refresh takes it along.
    Preview,
    /// A chat is asked for, or asked for again.
    Start,
    /// The transcript is read, or the chat joined.
    Refresh,
    /// The wait after a failure is over.
    BackOff,
    /// A message that was turned away may be sent again.
    HeldMessage,
    /// Small requests may leave again.
    HeldErrands,
    /// Waiting for what is on its way at the end of a chat is over.
    Patience,
    /// The push session is polled.
    Poll,
    /// The leader is asked whether it is there, or this tab begins to lead.
    Tabs,
}

const ALL: [Timer; 12] = [
    Timer::Deadline,
    Timer::OthersTyping,
    Timer::OwnSilence,
    Timer::Preview,
    Timer::Start,
    Timer::Refresh,
    Timer::BackOff,
    Timer::HeldMessage,
    Timer::HeldErrands,
    Timer::Patience,
    Timer::Poll,
    Timer::Tabs,
];

impl Session {
    /// Returns when the next timer is due. Whatever was due has been done, so that lies ahead.
    pub(super) fn next_wake(&self) -> Option<Moment> {
        let due = ALL.iter().filter_map(|timer| self.due_at(*timer));
        let next = due.filter(|at| *at != Moment::NEVER).min();
        next.map(|at| at.max(Moment(self.now.moment.0 + 1)))
    }

    fn due_at(&self, timer: Timer) -> Option<Moment> {
        let now = self.now.moment;
        let free = self.pace.free_at();
        // A following tab makes no requests, nor does one that is yet to read what another has sent.
        let acts = self.role == TabRole::Leads && !self.tabs.is_reading();
        let lifecycle = Some(&self.lifecycle).filter(|_| acts);
        let starting = lifecycle.is_some_and(Lifecycle::is_starting);
        let leaving = self.flights.any(|job| matches!(job, Job::End));
        let chat = lifecycle.and_then(Lifecycle::chat).filter(|_| !leaving);
        let at = match timer {
            Timer::Tabs => return self.tabs_due_at(),
            Timer::Deadline => return self.flights.next_deadline(),
            Timer::OthersTyping => return self.others_typing.next_at(),
            Timer::OwnSilence => return self.own_typing.silent_at(&self.settings.pace),
            Timer::Preview if self.is_pushed() => self.preview_at(),
            Timer::Preview => None,
            Timer::Start => {
                let asked = self.flights.any(|job| matches!(job, Job::Start));
                (starting && !asked).then(|| self.pace.asks_at())
            }
            Timer::Refresh => {
                let flying = |job: &Job| matches!(job, Job::Refresh | Job::Join);
                let asked = self.flights.any(flying);
                (chat.is_some() && !asked).then(|| self.refresh_at())
            }
            Timer::BackOff => {
                let ends = [free, self.pace.patience_until()].into_iter();
                ends.filter(|at| chat.is_some() && *at > now).min()
            }
            Timer::HeldMessage => {
                let next = chat.and_then(|_| self.outbox.next_to_send());
                next.map(|next| next.not_before).filter(|at| *at > now)
            }
            Timer::HeldErrands => {
                let held = chat.is_some() && !self.errands.is_empty();
                held.then_some(self.errands_at).filter(|at| *at > now)
            }
            Timer::Patience => {
                // A chat that is over but for its last words needs no disconnect.
                let open = chat.filter(|chat| chat.closing().is_none());
                open.and_then(|chat| chat.ending()).map(|ending| {
                    // By then the disconnect has left, or is given up.
                    let held = self.disconnect_held_until(ending);
                    let given_up = held > ending.patience_until.max(now);
                    let leaves_at = if given_up { Moment(0) } else { free.max(held) };
                    ending.patience_until.max(leaves_at)
                })
            }
            Timer::Poll => lifecycle.and_then(|_| self.poll_at()),
        };
        // What is due already waits for the push session, whose replies wake the core.
        at.filter(|at| !self.is_pushed() || *at > now)
    }
}
