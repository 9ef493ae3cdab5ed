//! Numbers without gaps, for dialects that count only the events that they show.

use super::{Dialect, Event, EventIndex, EventKind};

impl Dialect {
    /// Returns whether this dialect has a word for such an event: what it has none for its visitors never see.
    pub(crate) fn shows(self, kind: &EventKind) -> bool {
        match kind {
            EventKind::Joined
            | EventKind::Left { .. }
            | EventKind::Message { .. }
            | EventKind::TypingStarted
            | EventKind::TypingStopped
            | EventKind::PushUrl { .. }
            | EventKind::Notice { .. } => true,
            EventKind::CustomNotice { .. } => self != Self::Gws,
            EventKind::NicknameUpdated
            | EventKind::FileUploaded { .. }
            | EventKind::FileDeleted { .. }
            | EventKind::IdleAlert { .. }
            | EventKind::IdleClose => self == Self::GmsV2,
            EventKind::Preview { .. } | EventKind::Read { .. } | EventKind::Hidden => false,
        }
    }

    /// Returns whether events go by numbers of their own rather than by their index, hidden ones counted.
    fn counts_what_it_shows(self) -> bool {
        self != Self::GmsV2
    }
}

/// The events that have a number: the first of them has 1. A log only grows, so a number never changes.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbering(Vec<EventIndex>);

impl Numbering {
    /// Gives an event the next number if the chat's dialect shows it.
    pub(super) fn count(&mut self, dialect: Dialect, event: &Event) {
        if dialect.counts_what_it_shows() && dialect.shows(&event.kind) {
            self.0.push(event.index);
        }
    }

    /// Lists the numbers above `number` with their events; 0 = all.
    pub(super) fn after(&self, number: u32) -> impl Iterator<Item = (u32, EventIndex)> {
        let known = usize::try_from(number).unwrap_or(usize::MAX);
        let rest = self.0.get(known..).unwrap_or_default();
        let numbers = number.saturating_add(1)..=u32::MAX;
        numbers.zip(rest.iter().copied())
    }

    /// Returns the number of the last event that has one; 0 of none.
    pub(super) fn last(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// Returns the number of the last event up to `index` that has one; 0 of none.
    pub(super) fn up_to(&self, index: EventIndex) -> u32 {
        let count = self.0.partition_point(|known| *known <= index);
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

/// Lists an event of each kind, for tests of what dialects make of them.
#[cfg(test)]
pub(crate) fn every_kind() -> Vec<EventKind> {
    use super::{FileId, LeaveReason};
    let (text, file) = (String::new, || FileId::new("F"));
    vec![
        EventKind::Joined,
        EventKind::Left {
            reason: LeaveReason::Left,
        },
        EventKind::Message {
            text: text(),
            message_type: None,
        },
        EventKind::TypingStarted,
        EventKind::TypingStopped,
        EventKind::NicknameUpdated,
        EventKind::PushUrl { url: text() },
        EventKind::FileUploaded { file: file() },
        EventKind::FileDeleted { file: file() },
        EventKind::CustomNotice { text: None },
        EventKind::Notice { text: text() },
        EventKind::IdleAlert { close_in_secs: 1 },
        EventKind::IdleClose,
        EventKind::Preview { text: text() },
        EventKind::Read {
            up_to: EventIndex::FIRST,
        },
        EventKind::Hidden,
    ]
}

#[cfg(test)]
mod tests {
    use super::super::{NewChat, Options, ParticipantId, Role, World};
    use super::*;

    #[test]
    fn events_that_are_not_shown_have_no_number_and_leave_no_gap() {
        for dialect in [Dialect::GmsV1, Dialect::Gws] {
            let by = NewChat {
                dialect,
                ..NewChat::default()
            };
            let mut world = World::new(1, Options::default());
            let id = world.start_chat(by, 0);
            let agent = world.join(&id, "Mia", Role::Agent, 0).unwrap();
            for round in 0..10 {
                world.hidden(&id, 0).unwrap();
                world.say(&id, agent, &round.to_string(), 0).unwrap();
                world.custom_notice(&id, agent, None, None, 0).unwrap();
                world.preview(&id, "so far", 0).unwrap();
                world.rename(&id, ParticipantId::VISITOR, "x", 0).unwrap();
            }
            let replayed = World::replay(1, Options::default(), world.take_changes());
            for chat in [world.chat(&id).unwrap(), replayed.chat(&id).unwrap()] {
                let shown = chat.events().iter().filter(|e| dialect.shows(&e.kind));
                let all: Vec<(u32, &Event)> = (1..).zip(shown).collect();
                assert!(all.len() < chat.events().len());
                assert_eq!(usize::try_from(chat.last_number()).unwrap(), all.len());
                for after in 0..=all.len() + 1 {
                    let known = u32::try_from(after).unwrap();
                    let rest = all.get(after..).unwrap_or_default();
                    let found: Vec<(u32, &Event)> = chat.numbered_after(known).collect();
                    assert_eq!(found, rest, "after {after}");
                }
                assert_eq!(chat.numbered_after(u32::MAX).count(), 0);
                for index in 0..=chat.next_index().0 {
                    let index = EventIndex(index);
                    let mut up_to = all.iter().rev().filter(|(_, event)| event.index <= index);
                    let up_to = up_to.next().map_or(0, |(number, _)| *number);
                    assert_eq!(chat.number_up_to(index), up_to, "up to {index:?}");
                }
            }
        }
    }
}
