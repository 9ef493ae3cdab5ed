//! The words for each refusal: what happened, what is still there, what the visitor can do.

use parlour_chat::{Refusal, RefusalReason};

use super::keys::{Count, Text};
use super::texts::Texts;

/// The thing that was refused: the same reason may need other words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The start of a chat: the form keeps its answers.
    Start,
    /// A message: it stays where it is.
    Message,
    /// Anything else but a file.
    Other,
}

/// A file that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileSubject {
    /// One that was not attached: there is no trace of it.
    Choice,
    /// One to send: its row stays.
    Upload,
    /// One to fetch: it stays where it is.
    Download,
}

impl Texts {
    /// Puts a refusal into words.
    #[must_use]
    pub fn refusal(&self, refusal: &Refusal, subject: Subject) -> String {
        let said = match (refusal.reason, subject) {
            // Another try, which the form offers, would be refused as well.
            (RefusalReason::Refused, Subject::Start) => self.get(Text::REFUSAL_LATER),
            _ => self.reason(refusal),
        };
        match subject {
            Subject::Start => self.join(&said, Text::REFUSAL_ANSWERS_KEPT),
            Subject::Message => self.lead(Text::MESSAGE_FAILED, &said),
            Subject::Other => said,
        }
    }

    /// Puts a file's refusal into words. Apart from others, because nobody needs these words before there is a chat.
    #[must_use]
    pub fn file_refusal(&self, refusal: &Refusal, subject: FileSubject) -> String {
        let said = self.file_reason(refusal);
        match subject {
            FileSubject::Choice => said,
            FileSubject::Upload => self.lead(Text::FILE_FAILED, &said),
            FileSubject::Download => self.lead(Text::FILE_DOWNLOAD_FAILED, &said),
        }
    }

    fn join(&self, said: &str, then: Text) -> String {
        [said, " ", &self.get(then)].concat()
    }

    fn lead(&self, first: Text, said: &str) -> String {
        [&self.get(first), " ", said].concat()
    }

    fn reason(&self, refusal: &Refusal) -> String {
        let characters = |n| self.formats().number(n);
        match (refusal.reason, refusal.limit) {
            (RefusalReason::Unreachable, _) => self.get(Text::REFUSAL_UNREACHABLE),
            (RefusalReason::Busy, _) => self.get(Text::REFUSAL_BUSY),
            (RefusalReason::BadReply, _) => self.get(Text::REFUSAL_BAD_REPLY),
            (RefusalReason::FirstNameMissing, _) => self.get(Text::REFUSAL_FIRST_NAME),
            (RefusalReason::LastNameMissing, _) => self.get(Text::REFUSAL_LAST_NAME),
            (RefusalReason::NameInvalid, _) => self.get(Text::REFUSAL_NAME),
            (RefusalReason::EmailInvalid, _) => self.get(Text::REFUSAL_EMAIL),
            (RefusalReason::CannotStartNow, _) => self.get(Text::REFUSAL_LATER),
            (RefusalReason::UnknownService, _) => self.get(Text::REFUSAL_SERVICE),
            (RefusalReason::MessageTooLong, Some(limit)) => {
                self.fill(Text::REFUSAL_LONG, &[("limit", &characters(limit))])
            }
            (RefusalReason::MessageTooLong, None) => self.get(Text::REFUSAL_LONG_UNKNOWN),
            (RefusalReason::ChatEnded, _) => self.get(Text::REFUSAL_ENDED),
            _ => self.get(Text::REFUSAL_OTHER),
        }
    }

    fn file_reason(&self, refusal: &Refusal) -> String {
        let bytes = |n| self.formats().bytes(n);
        match (refusal.reason, refusal.limit) {
            (RefusalReason::TooManyFiles, Some(limit)) => self.count(Count::REFUSAL_FILES, limit),
            (RefusalReason::TooManyFiles, None) => self.get(Text::REFUSAL_FILES_UNKNOWN),
            (RefusalReason::FileTooLarge, Some(limit)) => {
                self.fill(Text::REFUSAL_FILE_SIZE, &[("size", &bytes(limit))])
            }
            (RefusalReason::FileTooLarge, None) => self.get(Text::REFUSAL_FILE_SIZE_UNKNOWN),
            (RefusalReason::FilesTooLarge, Some(limit)) => {
                self.fill(Text::REFUSAL_FILES_SIZE, &[("size", &bytes(limit))])
            }
            (RefusalReason::FilesTooLarge, None) => self.get(Text::REFUSAL_FILES_SIZE_UNKNOWN),
            (RefusalReason::FileTypeRefused, _) => self.get(Text::REFUSAL_FILE_TYPE),
            (RefusalReason::FileEmpty, _) => self.get(Text::REFUSAL_FILE_EMPTY),
            (RefusalReason::NeedsAgent, _) => self.get(Text::REFUSAL_AGENT),
            (RefusalReason::FileGone, _) => self.get(Text::REFUSAL_FILE_GONE),
            _ => self.reason(refusal),
        }
    }
}
