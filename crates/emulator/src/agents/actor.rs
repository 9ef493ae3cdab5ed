//! Finding the participant who acts.

use super::scenario::{Scenario, Who};
use super::stage::Stage;
use crate::model::{Chat, Participant, ParticipantId, Role};

/// Whether somebody can act now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Here(ParticipantId),
    /// Not here, but expected back.
    Away,
    /// Not here, and nobody knows when.
    Gone,
}

/// Finds who is meant.
pub(super) fn find(stage: &Stage<'_>, scenario: &Scenario, who: &Who) -> Presence {
    let Some(chat) = stage.record() else {
        return Presence::Gone;
    };
    match who {
        Who::AnyAgent => match any_agent(chat) {
            Some(agent) => Presence::Here(agent.id),
            // A scenario will let somebody join.
            None => Presence::Away,
        },
        Who::Person(place) => match participant(chat, scenario, *place) {
            Some(p) if p.present => Presence::Here(p.id),
            Some(p) if p.on_hold => Presence::Away,
            _ => Presence::Gone,
        },
    }
}

/// Finds a person of the scenario among the participants; a visitor of the same name is somebody else.
pub(super) fn participant<'a>(
    chat: &'a Chat,
    scenario: &Scenario,
    place: usize,
) -> Option<&'a Participant> {
    let person = scenario.people.get(place)?;
    let same = |p: &&Participant| p.nickname == person.nickname && p.role == person.role;
    chat.participants().iter().rev().find(same)
}

/// Finds whoever answers now: the latest to join of the agents, or else of the bots.
pub(crate) fn any_agent(chat: &Chat) -> Option<&Participant> {
    let of = |role| {
        chat.participants()
            .iter()
            .rev()
            .find(move |p| p.present && p.role == role)
    };
    of(Role::Agent).or_else(|| of(Role::Bot))
}
