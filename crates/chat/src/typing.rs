//! Who is typing: what the visitor's keys mean to the agent, and how long others are believed.

use core::time::Duration;

use crate::model::Participant;
use crate::settings::{FeatureSet, PaceSettings};
use crate::time::Moment;

/// How long no preview is made after the server found one too long: with it, it refuses to be read.
const AFTER_TOO_LONG: Duration = Duration::from_secs(10);

/// A typing notification for the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TypingNews {
    /// Typing began; with the text so far where the tenant allows a preview.
    Started(Option<String>),
    /// Typing stopped.
    Stopped,
}

/// The visitor's own typing.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnTyping {
    announced: bool,
    last_key: Moment,
    /// When the last preview was made, and of what; blank once that was sent or thrown away.
    previewed: Option<(Moment, String)>,
    /// No preview is made before.
    not_before: Moment,
}

impl OwnTyping {
    /// Takes note of the composer's new text. Returns what the server should be told.
    pub(crate) fn key(
        &mut self,
        text: &str,
        allowed: FeatureSet,
        pace: &PaceSettings,
        now: Moment,
    ) -> Option<TypingNews> {
        if text.is_empty() {
            return self.stop();
        }
        self.last_key = now;
        if self.announced || !allowed.typing {
            return None;
        }
        self.announced = true;
        Some(TypingNews::Started(self.preview(text, allowed, pace, now)))
    }

    /// Takes note that the text was sent or thrown away. Returns what the server should be told.
    pub(crate) fn stop(&mut self) -> Option<TypingNews> {
        if let Some((_, shown)) = &mut self.previewed {
            shown.clear();
        }
        core::mem::take(&mut self.announced).then_some(TypingNews::Stopped)
    }

    /// Lets time pass. Returns what the server should be told.
    pub(crate) fn tick(&mut self, pace: &PaceSettings, now: Moment) -> Option<TypingNews> {
        let silent = self.silent_at(pace).is_some_and(|at| now >= at);
        (silent && core::mem::take(&mut self.announced)).then_some(TypingNews::Stopped)
    }

    /// Returns when the visitor counts as no longer typing.
    pub(crate) fn silent_at(&self, pace: &PaceSettings) -> Option<Moment> {
        self.announced.then(|| self.last_key + pace.typing_silence)
    }

    /// Returns the text to show the agent along with what leaves now: only if it changed, and not too often.
    pub(crate) fn preview(
        &mut self,
        text: &str,
        allowed: FeatureSet,
        pace: &PaceSettings,
        now: Moment,
    ) -> Option<String> {
        // The agent's desktop shows a preview as typing, which could not be taken back where typing must not
        // be told.
        if !(allowed.typing && allowed.typing_preview) || text.is_empty() {
            return None;
        }
        if let Some((at, shown)) = &self.previewed
            && (shown == text || now < (*at + pace.typing_pause()).max(self.not_before))
        {
            return None;
        }
        self.previewed = Some((now, text.to_owned()));
        // A preview tells the agent that typing began, whatever was said before.
        self.announced = true;
        Some(text.to_owned())
    }

    /// Returns when a preview of this text is to be made, if there is one to make: at a pause in the typing, and from
    /// time to time while it goes on.
    pub(crate) fn preview_at(
        &self,
        text: &str,
        allowed: FeatureSet,
        pace: &PaceSettings,
    ) -> Option<Moment> {
        let (at, shown) = self.previewed.as_ref()?;
        let wanted = allowed.typing && allowed.typing_preview && self.announced;
        let pause = pace.typing_pause();
        let due = (self.last_key + pause).min(*at + pace.preview_every);
        let due = due.max(*at + pause).max(self.not_before);
        (wanted && !text.is_empty() && shown != text).then_some(due)
    }

    /// Takes note that the server found a preview too long.
    pub(crate) fn on_too_long(&mut self, now: Moment) {
        self.not_before = now + AFTER_TOO_LONG;
    }

    /// Tells whether a preview was made at that moment.
    pub(crate) fn previewed_at(&self, moment: Moment) -> bool {
        self.previewed.as_ref().is_some_and(|(at, _)| *at == moment)
    }
}

/// Others' typing: each believed until told otherwise, or until it gets stale.
#[derive(Clone, Debug, Default)]
pub(crate) struct OthersTyping(Vec<(Participant, Moment)>);

impl OthersTyping {
    pub(crate) fn add(&mut self, who: &Participant, now: Moment, believed: Duration) {
        self.remove(who);
        self.0.push((who.clone(), now + believed));
    }

    pub(crate) fn remove(&mut self, who: &Participant) {
        self.0.retain(|(typing, _)| typing.id != who.id);
    }

    pub(crate) fn tick(&mut self, now: Moment) {
        self.0.retain(|(_, until)| *until > now);
    }

    pub(crate) fn next_at(&self) -> Option<Moment> {
        self.0.iter().map(|(_, until)| *until).min()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn names(&self) -> Vec<Participant> {
        self.0.iter().map(|(who, _)| who.clone()).collect()
    }
}
