//! A scenario that is played in one chat.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::actor::{Presence, any_agent, find, participant};
use super::scenario::{Action, Attachment, Scenario, Step, Who};
use super::stage::Stage;
use crate::model::{DeskError, Event, EventIndex, FileId, NewFile, ParticipantId, Role};

/// The progress of a scenario in one chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Play {
    scenario: u64,
    /// Up to where the visitor's doings were looked at.
    seen: EventIndex,
    story: Sequence,
    /// Whether the story waits for the visitor before its next step.
    waiting: bool,
    /// Answers of rules, one after the other: two would talk into each other's words.
    answers: VecDeque<Sequence>,
    /// How often rules have answered: rule, times. A list, because as JSON's keys numbers become strings, which a
    /// tagged enum around it does not read back.
    used: Vec<(usize, u32)>,
    /// Colleagues on their way after a transfer: person, time.
    arriving: Vec<(usize, i64)>,
}

/// The progress of one list of steps: the story's or a rule's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Sequence {
    /// The rule, or the story.
    rule: Option<usize>,
    /// What the visitor did to begin it, or to let it go on.
    heard: Option<EventIndex>,
    step: usize,
    /// When the step is due, once that is known.
    due_ms: Option<i64>,
    /// When the thread's last step was done, or its trigger met.
    since_ms: i64,
    /// Whether its person is typing already.
    typing: bool,
}

impl Sequence {
    fn new(rule: Option<usize>, since_ms: i64) -> Self {
        Self {
            rule,
            heard: None,
            step: 0,
            due_ms: None,
            since_ms,
            typing: false,
        }
    }

    fn advance(&mut self, now_ms: i64) {
        *self = Self {
            heard: self.heard,
            step: self.step + 1,
            ..Self::new(self.rule, now_ms)
        };
    }
}

/// The outcome of a step.
enum Progress {
    Done,
    /// Look again then.
    At(i64),
    /// Look again when something has happened.
    Blocked,
}

impl Play {
    /// Begins with a chat that started at `started_at_ms`.
    pub(super) fn new(scenario: &Scenario, started_at_ms: i64) -> Self {
        Self {
            scenario: scenario.fingerprint,
            seen: EventIndex(0),
            story: Sequence::new(None, started_at_ms),
            waiting: scenario
                .story
                .first()
                .is_some_and(|step| step.when.is_some()),
            answers: VecDeque::new(),
            used: Vec::new(),
            arriving: Vec::new(),
        }
    }

    /// Takes over a chat that another script began: the story is skipped, the rules hold from now on.
    pub(super) fn late(scenario: &Scenario, seen: EventIndex) -> Self {
        let mut play = Self::new(scenario, 0);
        play.seen = seen;
        play.story.step = scenario.story.len();
        play.waiting = false;
        play
    }

    pub(super) fn is_of(&self, scenario: &Scenario) -> bool {
        self.scenario == scenario.fingerprint
    }

    /// Does all that is due; returns when there is more to do.
    pub(super) fn tick(&mut self, scenario: &Scenario, stage: &mut Stage<'_>) -> Option<i64> {
        self.arrive(scenario, stage);
        self.note_visitor_events(scenario, stage);
        // The answers come last: one may wait for a person who arrives, or for the story to go on.
        let story = self.run_story(scenario, stage);
        let answer = self.run_answers(scenario, stage);
        let arriving = self.arriving.iter().map(|(_, at)| *at).min();
        [story, answer, arriving].into_iter().flatten().min()
    }

    fn arrive(&mut self, scenario: &Scenario, stage: &mut Stage<'_>) {
        let now_ms = stage.now_ms;
        let here: Vec<usize> = self
            .arriving
            .iter()
            .filter(|(_, at)| *at <= now_ms)
            .map(|(place, _)| *place)
            .collect();
        self.arriving.retain(|(_, at)| *at > now_ms);
        for place in here {
            let _ = join(stage, scenario, &Who::Person(place));
        }
    }

    /// Looks at what the visitor has done: the story comes first, then the first rule that matches.
    fn note_visitor_events(&mut self, scenario: &Scenario, stage: &Stage<'_>) {
        let Some(chat) = stage.record() else { return };
        for event in chat.events_from(self.seen.next()) {
            if !self.story_takes(scenario, event) {
                self.rules_take(scenario, event);
            }
            self.seen = event.index;
        }
    }

    fn story_takes(&mut self, scenario: &Scenario, event: &Event) -> bool {
        let trigger = scenario
            .story
            .get(self.story.step)
            .and_then(|step| step.when.as_ref());
        let takes = self.waiting && trigger.is_some_and(|trigger| trigger.meets(event));
        if takes {
            self.waiting = false;
            self.story.since_ms = event.at_ms;
            self.story.heard = Some(event.index);
        }
        takes
    }

    fn rules_take(&mut self, scenario: &Scenario, event: &Event) {
        let used = &self.used;
        let fresh = |place: usize, times: Option<u32>| {
            let answered = used.iter().find(|(rule, _)| *rule == place);
            times.is_none_or(|times| answered.map_or(0, |(_, times)| *times) < times)
        };
        let found = scenario
            .rules
            .iter()
            .enumerate()
            .find(|(place, rule)| rule.when.meets(event) && fresh(*place, rule.times));
        if let Some((place, _)) = found {
            match self.used.iter_mut().find(|(rule, _)| *rule == place) {
                Some((_, times)) => *times += 1,
                None => self.used.push((place, 1)),
            }
            self.answers.push_back(Sequence {
                heard: Some(event.index),
                ..Sequence::new(Some(place), event.at_ms)
            });
        }
    }

    fn run_story(&mut self, scenario: &Scenario, stage: &mut Stage<'_>) -> Option<i64> {
        while !self.waiting {
            let step = scenario.story.get(self.story.step)?;
            let mut thread = self.story.clone();
            let progress = self.run_step(scenario, step, &mut thread, stage);
            self.story = thread;
            match progress {
                Progress::At(at) => return Some(at),
                Progress::Blocked => return None,
                Progress::Done => {
                    self.story.advance(stage.now_ms);
                    let next = scenario.story.get(self.story.step);
                    self.waiting = next.is_some_and(|step| step.when.is_some());
                }
            }
        }
        None
    }

    fn run_answers(&mut self, scenario: &Scenario, stage: &mut Stage<'_>) -> Option<i64> {
        while let Some(mut thread) = self.answers.pop_front() {
            let rule = thread.rule.and_then(|place| scenario.rules.get(place));
            while let Some(step) = rule.and_then(|rule| rule.steps.get(thread.step)) {
                let progress = self.run_step(scenario, step, &mut thread, stage);
                let next = match progress {
                    Progress::Done => {
                        thread.advance(stage.now_ms);
                        continue;
                    }
                    Progress::At(at) => Some(at),
                    Progress::Blocked => None,
                };
                self.answers.push_front(thread);
                return next;
            }
        }
        None
    }

    fn run_step(
        &mut self,
        scenario: &Scenario,
        step: &Step,
        thread: &mut Sequence,
        stage: &mut Stage<'_>,
    ) -> Progress {
        let due_ms = *thread
            .due_ms
            .get_or_insert(stage.pace.after(thread.since_ms, step.after_ms));
        if due_ms > stage.now_ms {
            return Progress::At(due_ms);
        }
        let actor = match step.action.actor().map(|who| find(stage, scenario, who)) {
            Some(Presence::Here(id)) => id,
            Some(Presence::Away) => return Progress::Blocked,
            // Steps of somebody who has left for good are skipped.
            Some(Presence::Gone) => return Progress::Done,
            None => ParticipantId::SERVER,
        };
        let typing_ms = match &step.action {
            Action::Say { typing_ms, .. } => *typing_ms,
            Action::Type { for_ms, .. } => *for_ms,
            _ => 0,
        };
        if typing_ms > 0 && !thread.typing {
            thread.typing = true;
            let _ = stage.world.typing(stage.chat, actor, true, stage.now_ms);
            let until = stage.due_in(typing_ms);
            thread.due_ms = Some(until);
            if until > stage.now_ms {
                return Progress::At(until);
            }
        }
        // An error means that the chat has ended or the scenario asks for what cannot be: there is nothing to wait for.
        let _ = self.act(scenario, &step.action, actor, thread.heard, stage);
        Progress::Done
    }

    fn act(
        &mut self,
        scenario: &Scenario,
        action: &Action,
        actor: ParticipantId,
        heard: Option<EventIndex>,
        stage: &mut Stage<'_>,
    ) -> Result<(), DeskError> {
        let (chat, now_ms) = (stage.chat, stage.now_ms);
        match action {
            Action::Join(who) => join(stage, scenario, who)?,
            Action::Say { text, .. } => {
                let text = fill_in(text, heard, stage);
                stage.world.say(chat, actor, &text, now_ms)?;
            }
            Action::Type { .. } => stage.world.typing(chat, actor, false, now_ms)?,
            Action::Hold(_) => stage.world.hold(chat, actor, now_ms)?,
            Action::Return(who) => come_back(stage, scenario, who)?,
            Action::Transfer {
                to, joins_after_ms, ..
            } => {
                let reason = crate::model::LeaveReason::Transfer;
                stage.world.leave_because(chat, actor, reason, now_ms)?;
                if let Who::Person(place) = to {
                    self.arriving.push((*place, stage.due_in(*joins_after_ms)));
                    self.arrive(scenario, stage);
                }
            }
            Action::PushUrl { url, .. } => {
                stage.world.push_url(chat, actor, url, now_ms)?;
            }
            Action::SendFile { file, .. } => send_file(stage, actor, file),
            Action::Notice { text, .. } => {
                let text = fill_in(text, heard, stage);
                stage.world.notice(chat, actor, &text, now_ms)?;
            }
            Action::IdleAlert { close_after_ms } => {
                let secs = stage.pace.scale(*close_after_ms).saturating_add(999) / 1000;
                stage
                    .world
                    .idle_alert(chat, u32::try_from(secs).unwrap_or(u32::MAX), now_ms)?;
            }
            Action::Leave(_) => stage.world.leave(chat, actor, now_ms)?,
            Action::End => stage.world.end(chat, now_ms)?,
        }
        Ok(())
    }
}

/// Fills in names and what the visitor said.
fn fill_in(text: &str, heard: Option<EventIndex>, stage: &Stage<'_>) -> String {
    if !text.contains('{') {
        return text.to_owned();
    }
    let Some(chat) = stage.record() else {
        return text.to_owned();
    };
    let visitor = chat.visitor().map_or("", |p| p.nickname.as_str());
    let agent = any_agent(chat).map_or("", |p| p.nickname.as_str());
    let heard = heard.and_then(|index| chat.events_from(index).first());
    let message = heard.and_then(Event::message).unwrap_or_default();
    // `{message}` comes last: braces in the visitor's own words are not filled in.
    text.replace("{agent}", agent)
        .replace("{visitor}", visitor)
        .replace("{message}", message)
}

fn join(stage: &mut Stage<'_>, scenario: &Scenario, who: &Who) -> Result<(), DeskError> {
    let Who::Person(place) = who else {
        return Ok(());
    };
    if let (Some(person), false) = (
        scenario.people.get(*place),
        matches!(find(stage, scenario, who), Presence::Here(_)),
    ) {
        stage
            .world
            .join(stage.chat, &person.nickname, person.role, stage.now_ms)?;
    }
    Ok(())
}

fn come_back(stage: &mut Stage<'_>, scenario: &Scenario, who: &Who) -> Result<(), DeskError> {
    let Some(chat) = stage.record() else {
        return Err(DeskError::UnknownChat);
    };
    let held = match who {
        Who::AnyAgent => chat
            .participants()
            .iter()
            .rev()
            .find(|p| p.on_hold && p.role == Role::Agent),
        Who::Person(place) => participant(chat, scenario, *place),
    };
    let held = held.map(|p| p.id).ok_or(DeskError::NotOnHold)?;
    stage.world.return_from_hold(stage.chat, held, stage.now_ms)
}

fn send_file(stage: &mut Stage<'_>, actor: ParticipantId, file: &Attachment) {
    let mut new = NewFile {
        name: file.name.clone(),
        size: file.bytes.len() as u64,
        content_type: Some(file.content_type.clone()),
        ..NewFile::default()
    };
    if let Some(text) = &file.description {
        new.user_data
            .insert("file-description".to_owned(), text.clone());
    }
    let keep = |id: &FileId| stage.blobs.put(id, &file.bytes);
    // A file that cannot be kept is not announced: the story goes on without it.
    let _ = stage
        .world
        .send_file(stage.chat, actor, new, keep, stage.now_ms);
}
