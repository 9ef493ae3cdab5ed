//! What an answer shows of an API, and what that says of a dialect.

use parlour_config::Dialect;

use super::reply::Reply;

/// Tells whether a dialect can be spoken there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Yes: its API answers.
    Answers,
    /// No.
    DoesNot,
    /// The answer fits both.
    CannotTell,
}

/// What is to be said of a dialect besides the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remark {
    /// The API is there, and has no service of the tenant's name.
    UnknownService,
    /// The API is there, and does not take the headers that were sent.
    RefusedHeaders,
    /// The request is sent elsewhere.
    Redirected,
}

/// What is known of a dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Which one.
    pub(crate) dialect: Dialect,
    /// Whether it is there.
    pub(crate) verdict: Verdict,
    /// What was seen, in plain words.
    pub(crate) evidence: String,
    /// What else to say.
    pub(crate) remark: Option<Remark>,
}

/// What an API's own request shows.
pub(super) struct Finding {
    pub(super) verdict: Verdict,
    pub(super) evidence: String,
    pub(super) remark: Option<Remark>,
}

impl Finding {
    pub(super) fn new(verdict: Verdict, evidence: impl Into<String>) -> Self {
        Self {
            verdict,
            evidence: evidence.into(),
            remark: None,
        }
    }

    pub(super) fn answers(evidence: impl Into<String>) -> Self {
        Self::new(Verdict::Answers, evidence)
    }

    pub(super) fn with(mut self, remark: Remark) -> Self {
        self.remark = Some(remark);
        self
    }

    pub(super) fn of(self, dialect: Dialect) -> Row {
        Row {
            dialect,
            verdict: self.verdict,
            evidence: self.evidence,
            remark: self.remark,
        }
    }
}

/// What the server answers where nothing is.
pub(super) struct Nowhere<'a>(pub(super) Option<&'a Reply>);

impl Nowhere<'_> {
    /// Tells whether a reply is known to be no such answer.
    pub(super) fn differs_from(&self, reply: &Reply) -> bool {
        self.0.is_some_and(|nowhere| !nowhere.is_like(reply))
    }

    /// Tells whether a reply is known to be such an answer.
    pub(super) fn is_like(&self, reply: &Reply) -> bool {
        self.0.is_some_and(|nowhere| nowhere.is_like(reply))
    }
}

/// Names the HTTP status, as evidence begins with it.
pub(super) fn status(reply: &Reply) -> String {
    format!("HTTP {}", reply.status)
}
