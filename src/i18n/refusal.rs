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
    /// A file to send: its row stays.
    File,
    /// A file to fetch: it stays where it is.
    Download,
    /// Anything else.
    Other,
}

impl Texts {
    /// Puts a refusal into words.
    #[must_use]
    pub fn refusal(&self, refusal: &Refusal, subject: Subject) -> String {
        let said = match (refusal.reason, subject) {
            // Another try, which the form offers, would be refused as well.
            (RefusalReason::Refused, Subject::Start) => self.get(Text::RefusalLater),
            _ => self.reason(refusal),
        };
        match subject {
            Subject::Start => self.join(&said, Text::RefusalAnswersKept),
            Subject::Message => self.lead(Text::MessageFailed, &said),
            Subject::File => self.lead(Text::FileFailed, &said),
            Subject::Download => self.lead(Text::FileDownloadFailed, &said),
            Subject::Other => said,
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
        let bytes = |n| self.formats().bytes(n);
        match (refusal.reason, refusal.limit) {
            (RefusalReason::Unreachable, _) => self.get(Text::RefusalUnreachable),
            (RefusalReason::Busy, _) => self.get(Text::RefusalBusy),
            (RefusalReason::BadReply, _) => self.get(Text::RefusalBadReply),
            (RefusalReason::FirstNameMissing, _) => self.get(Text::RefusalFirstName),
            (RefusalReason::LastNameMissing, _) => self.get(Text::RefusalLastName),
            (RefusalReason::NameInvalid, _) => self.get(Text::RefusalName),
            (RefusalReason::EmailInvalid, _) => self.get(Text::RefusalEmail),
            (RefusalReason::CannotStartNow, _) => self.get(Text::RefusalLater),
            (RefusalReason::UnknownService, _) => self.get(Text::RefusalService),
            (RefusalReason::MessageTooLong, Some(limit)) => {
                self.fill(Text::RefusalLong, &[("limit", &characters(limit))])
            }
            (RefusalReason::MessageTooLong, None) => self.get(Text::RefusalLongUnknown),
            (RefusalReason::TooManyFiles, Some(limit)) => self.count(Count::RefusalFiles, limit),
            (RefusalReason::TooManyFiles, None) => self.get(Text::RefusalFilesUnknown),
            (RefusalReason::FileTooLarge, Some(limit)) => {
                self.fill(Text::RefusalFileSize, &[("size", &bytes(limit))])
            }
            (RefusalReason::FileTooLarge, None) => self.get(Text::RefusalFileSizeUnknown),
            (RefusalReason::FilesTooLarge, Some(limit)) => {
                self.fill(Text::RefusalFilesSize, &[("size", &bytes(limit))])
            }
            (RefusalReason::FilesTooLarge, None) => self.get(Text::RefusalFilesSizeUnknown),
            (RefusalReason::FileTypeRefused, _) => self.get(Text::RefusalFileType),
            (RefusalReason::FileEmpty, _) => self.get(Text::RefusalFileEmpty),
            (RefusalReason::NeedsAgent, _) => self.get(Text::RefusalAgent),
            (RefusalReason::FileGone, _) => self.get(Text::RefusalFileGone),
            (RefusalReason::ChatEnded, _) => self.get(Text::RefusalEnded),
            (RefusalReason::Refused | RefusalReason::NotOffered, _) => self.get(Text::RefusalOther),
        }
    }
}
