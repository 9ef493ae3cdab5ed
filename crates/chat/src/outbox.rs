//! Messages on their way, in the visitor's order, and which of the transcript's messages are theirs.
//!
//! The wire has no idempotency key. One send is in flight at a time; when its outcome is unknown the
//! transcript settles it: the first unclaimed own message at or after the position before the send is
//! its echo. Only when a transcript that was asked for *after* the server's last chance shows none is
//! the message sent again.

use core::time::Duration;

use crate::model::{EventIndex, ReadFrom};
use crate::time::Moment;
use crate::timeline::EntryId;

/// How long a message that was given up and sent again may still turn up, as a multiple of the resend
/// window.
const GHOST_WINDOWS: u32 = 10;

/// A message that the transcript has not confirmed yet.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    /// Its line on the timeline.
    pub(crate) entry: EntryId,
    /// Its record: unique among the visitor's tabs.
    pub(crate) name: String,
    /// Its place in the visitor's order.
    pub(crate) order: u64,
    /// Its text, as typed.
    pub(crate) text: String,
    /// The position before its (latest) send: its echo cannot stand before this.
    pub(crate) from: ReadFrom,
    /// How far it got.
    pub(crate) state: SendState,
    /// How often the server has said "not now" to it since the visitor wanted it sent.
    pub(crate) turned_away: u32,
    /// It may not leave before.
    pub(crate) not_before: Moment,
}

/// The states of a message on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SendState {
    /// Waits its turn.
    Queued,
    /// On its way.
    InFlight {
        /// Since when.
        since: Moment,
    },
    /// It left, and nobody knows whether it arrived. A transcript asked for at or after this moment
    /// tells.
    Unsettled {
        /// From when on the transcript's silence counts.
        tells_from: Moment,
        /// Whether it left at all.
        left: Left,
    },
    /// The server took it; its event has not been seen. A transcript asked for at or after this moment
    /// should have shown it.
    Taken {
        /// When it was taken.
        at: Moment,
        /// Whether such a transcript has come, without it.
        overdue: bool,
    },
    /// Not taken; waits for the visitor.
    Failed,
}

/// The certainty that a message left, or that it was not turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// It did: position and order decide which event is its echo.
    Surely,
    /// It was waiting by the last record that could be stored, or was turned away: only an event of the same text
    /// is its echo.
    Perhaps,
}

impl SendState {
    /// Returns the state of a message that the server turned away for now. It may have processed it all the same: a
    /// transcript asked for at or after this moment tells, and then it leaves again.
    pub(crate) fn turned_away(tells_from: Moment) -> Self {
        Self::Unsettled {
            tells_from,
            left: Left::Perhaps,
        }
    }
}

impl Outgoing {
    /// Tells whether it waits because messages do, and not because nobody knows what became of it.
    pub(crate) fn is_held_back(&self) -> bool {
        match self.state {
            SendState::Queued => true,
            SendState::Unsettled { left, .. } => left == Left::Perhaps && self.turned_away > 0,
            _ => false,
        }
    }

    fn may_be(&self, index: EventIndex) -> bool {
        let waits = match self.state {
            // A server that answers "not now" may process the message all the same.
            SendState::Queued | SendState::Failed => self.turned_away == 0,
            _ => false,
        };
        self.from.0 <= index.0 && !waits
    }

    fn surely_left(&self) -> bool {
        !matches!(
            self.state,
            SendState::Queued
                | SendState::Failed
                | SendState::Unsettled {
                    left: Left::Perhaps,
                    ..
                }
        )
    }
}

/// A send that was given up, and may be processed late all the same.
#[derive(Clone, Debug)]
struct Ghost {
    text: String,
    until: Moment,
}

/// The visitor's tabs that send messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Senders {
    /// One at a time, which knows of each message.
    One,
    /// Any: what others say turns up in the transcript only.
    Any,
}

/// The owner of one of the visitor's messages in the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// The echo of this message, which is out of the box now: its row, and its record.
    Of(EntryId, String),
    /// Nobody's: said elsewhere, or a late copy of something sent again.
    Nobodys,
}

/// The messages on their way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox {
    waiting: Vec<Outgoing>,
    ghosts: Vec<Ghost>,
    is_unsaved: bool,
}

impl Outbox {
    /// Puts a message at its place in the visitor's order.
    pub(crate) fn push(&mut self, outgoing: Outgoing) {
        self.is_unsaved = true;
        let later = |other: &Outgoing| other.order > outgoing.order;
        let at = self.waiting.iter().position(later);
        self.waiting
            .insert(at.unwrap_or(self.waiting.len()), outgoing);
    }

    /// Tells whether a message may have changed since the last call.
    pub(crate) fn take_unsaved(&mut self) -> bool {
        core::mem::take(&mut self.is_unsaved)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Outgoing> {
        self.waiting.iter()
    }

    pub(crate) fn find(&self, entry: EntryId) -> Option<&Outgoing> {
        self.waiting.iter().find(|outgoing| outgoing.entry == entry)
    }

    pub(crate) fn find_mut(&mut self, entry: EntryId) -> Option<&mut Outgoing> {
        self.is_unsaved = true;
        self.waiting
            .iter_mut()
            .find(|outgoing| outgoing.entry == entry)
    }

    /// Finds a message by its record.
    pub(crate) fn entry_of(&self, name: &str) -> Option<EntryId> {
        let mut waiting = self.waiting.iter();
        let found = waiting.find(|outgoing| outgoing.name == name);
        found.map(|outgoing| outgoing.entry)
    }

    /// Removes a message, whatever its stage.
    pub(crate) fn remove(&mut self, entry: EntryId) -> Option<Outgoing> {
        let at = self
            .waiting
            .iter()
            .position(|outgoing| outgoing.entry == entry)?;
        Some(self.waiting.remove(at))
    }

    /// Moves a failed message to the end of the queue. One that was turned away waits for a transcript asked for then,
    /// if any. Tells whether there was one.
    pub(crate) fn requeue(
        &mut self,
        entry: EntryId,
        order: u64,
        tells_from: Option<Moment>,
    ) -> bool {
        let failed = |outgoing: &&Outgoing| outgoing.state == SendState::Failed;
        if self.find(entry).filter(failed).is_none() {
            return false;
        }
        let Some(mut outgoing) = self.remove(entry) else {
            return false;
        };
        outgoing.state = tells_from
            .filter(|_| outgoing.turned_away > 0)
            .map_or(SendState::Queued, SendState::turned_away);
        outgoing.not_before = Moment(0);
        // It may have got in although it was turned away.
        outgoing.turned_away = outgoing.turned_away.min(1);
        outgoing.order = order;
        self.push(outgoing);
        true
    }

    /// Corrects the positions before the sends of what was sent when a position behind `end`, the transcript's end,
    /// was taken for true: it was after `last` at least.
    pub(crate) fn bring_forward(&mut self, end: ReadFrom, last: ReadFrom) {
        let behind = self
            .waiting
            .iter_mut()
            .filter(|outgoing| outgoing.from > end);
        for outgoing in behind {
            outgoing.from = last;
        }
    }

    /// Empties the box.
    pub(crate) fn drain(&mut self) -> Vec<Outgoing> {
        self.ghosts.clear();
        core::mem::take(&mut self.waiting)
    }

    /// Tells which message is to leave next: the first that waits, if nothing before it is undecided.
    pub(crate) fn next_to_send(&self) -> Option<&Outgoing> {
        for outgoing in &self.waiting {
            match outgoing.state {
                SendState::Queued => return Some(outgoing),
                SendState::Failed | SendState::Taken { overdue: true, .. } => {}
                SendState::InFlight { .. }
                | SendState::Unsettled { .. }
                | SendState::Taken { .. } => {
                    return None;
                }
            }
        }
        None
    }

    /// Tells whether a message was taken whose event should come, and has not.
    pub(crate) fn awaits_echo(&self) -> bool {
        let taken =
            |outgoing: &Outgoing| matches!(outgoing.state, SendState::Taken { overdue: false, .. });
        self.waiting.iter().any(taken)
    }

    /// Tells whether anything still moves by itself.
    pub(crate) fn is_busy(&self) -> bool {
        self.waiting.iter().any(|outgoing| match outgoing.state {
            SendState::Queued | SendState::InFlight { .. } | SendState::Unsettled { .. } => true,
            SendState::Taken { .. } | SendState::Failed => false,
        })
    }

    /// Returns when the transcript should be read on behalf of a message, if it must be. One that the server has may be
    /// patient for so long.
    pub(crate) fn wants_transcript_at(&self, patience: Duration) -> Option<Moment> {
        self.waiting
            .iter()
            .filter_map(|outgoing| match outgoing.state {
                SendState::Unsettled { tells_from, .. } => Some(tells_from),
                SendState::Taken { at, overdue: false } => Some(at + patience),
                _ => None,
            })
            .min()
    }

    /// Decides whose echo an own message of the transcript is. What an earlier page has read already
    /// (`old`) is nobody's late copy. Own messages must be shown to it in their order, each once.
    pub(crate) fn claim(
        &mut self,
        index: EventIndex,
        text: &str,
        old: bool,
        senders: Senders,
    ) -> Claim {
        let at = self.judge(index, text, old, senders);
        if at.is_none() && senders == Senders::Any {
            // Pushed events overtake each other: the echo of what has left may still come.
            return Claim::Nobodys;
        }
        self.assign(index, at)
    }

    /// Takes over another tab's decision whose echo an own message of the transcript is: of the message with this
    /// record, or nobody's.
    pub(crate) fn claim_for(&mut self, index: EventIndex, name: Option<&str>) -> Claim {
        let mut waiting = self.waiting.iter();
        let at = waiting.position(|outgoing| Some(&*outgoing.name) == name);
        self.assign(index, at)
    }

    fn assign(&mut self, index: EventIndex, at: Option<usize>) -> Claim {
        self.is_unsaved = true;
        let claim = match at.map(|at| self.waiting.remove(at)) {
            Some(outgoing) => Claim::Of(outgoing.entry, outgoing.name),
            None => Claim::Nobodys,
        };
        // The event is assigned: it is no other message's echo, not even after a reload.
        for outgoing in &mut self.waiting {
            outgoing.from = outgoing.from.max(ReadFrom::after(index));
        }
        claim
    }

    fn judge(
        &mut self,
        index: EventIndex,
        text: &str,
        old: bool,
        senders: Senders,
    ) -> Option<usize> {
        let same = |one: &str| squeeze(one).eq(squeeze(text));
        let place = |is: &dyn Fn(&Outgoing) -> bool| {
            self.waiting
                .iter()
                .position(|out| out.may_be(index) && is(out))
        };
        if let Some(exact) = place(&|out| same(&out.text)) {
            return Some(exact);
        }
        let late_copy = self
            .ghosts
            .iter()
            .position(|ghost| !old && same(&ghost.text));
        if let Some(at) = late_copy {
            self.ghosts.remove(at);
            return None;
        }
        let first = place(&|out| {
            let is_known = matches!(out.state, SendState::Taken { .. }) || senders == Senders::One;
            out.surely_left() && (is_known || may_be_altered(&out.text, text))
        })?;
        let candidate = self.waiting.get(first)?;
        if matches!(candidate.state, SendState::Taken { .. }) {
            return Some(first);
        }
        // A late copy of a message that was sent again may turn up here, changed by the server. Where
        // it is as like as the candidate, the candidate is not taken for arrived: it may double, it
        // must not be lost.
        let others = self
            .ghosts
            .iter()
            .filter(|ghost| ghost.text != candidate.text);
        let ghostly = others.map(|ghost| likeness(&ghost.text, text)).max();
        let doubtful = ghostly.is_some_and(|ghostly| ghostly >= likeness(&candidate.text, text));
        (!doubtful).then_some(first)
    }

    /// Takes note that a transcript asked for at `asked` has been read to its end: what it did not show is
    /// known to be missing, and will be sent again.
    pub(crate) fn transcript_read(&mut self, asked: Moment, now: Moment, window: Duration) {
        self.ghosts.retain(|ghost| ghost.until > now);
        self.is_unsaved = true;
        for outgoing in &mut self.waiting {
            match outgoing.state {
                SendState::Unsettled { tells_from, left } if asked >= tells_from => {
                    outgoing.state = SendState::Queued;
                    if left == Left::Surely {
                        let until = now + window * GHOST_WINDOWS;
                        self.ghosts.push(Ghost {
                            text: outgoing.text.clone(),
                            until,
                        });
                    }
                }
                SendState::Taken { at, overdue: false } if asked >= at => {
                    outgoing.state = SendState::Taken { at, overdue: true };
                }
                _ => {}
            }
        }
    }

    /// Finds a message that was turned away and that a transcript asked for then would have told of.
    pub(crate) fn turned_away_before(&self, asked: Moment) -> Option<EntryId> {
        let waits = |outgoing: &&Outgoing| {
            outgoing.is_held_back()
                && matches!(outgoing.state, SendState::Unsettled { tells_from, .. } if asked >= tells_from)
        };
        self.waiting
            .iter()
            .find(waits)
            .map(|outgoing| outgoing.entry)
    }

    /// Reads the texts that may turn up late.
    pub(crate) fn ghosts(&self) -> impl Iterator<Item = &str> {
        self.ghosts.iter().map(|ghost| ghost.text.as_str())
    }

    /// Takes over texts that may turn up late from an earlier page.
    pub(crate) fn haunt(&mut self, texts: Vec<String>, now: Moment, window: Duration) {
        let until = now + window * GHOST_WINDOWS;
        self.ghosts = texts
            .into_iter()
            .map(|text| Ghost { text, until })
            .collect();
    }
}

/// Strips white space for a comparison: servers change it.
fn squeeze(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace())
}

/// Tells whether a server may have made one text of another: where they first differ stands what it masks or escapes
/// with. Other words may have been said in another tab.
fn may_be_altered(text: &str, recorded: &str) -> bool {
    let mut text = squeeze(text);
    let differs = squeeze(recorded).find(|c| text.next() != Some(*c));
    differs.is_some_and(|c| matches!(c, '*' | '#' | '&' | '['))
}

/// Counts the characters that two texts share place by place: a masked text keeps the rest of its
/// original.
fn likeness(one: &str, other: &str) -> usize {
    squeeze(one)
        .zip(squeeze(other))
        .filter(|(one, other)| one == other)
        .count()
}
