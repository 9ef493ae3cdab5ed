//! Findings about APIs, and what follows for the dialects.

use parlour_config::Dialect;

use super::reply::Reply;

/// Whether a server has an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// The API replies.
    Present,
    /// The API is not there.
    Absent,
    /// The reply fits both.
    Unclear,
}

/// A remark on a dialect besides the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remark {
    /// The API is there, but does not know the tenant's service.
    UnknownService,
    /// The API is there, but refuses the headers that were sent.
    RefusedHeaders,
    /// The request is redirected.
    Redirected,
}

/// The result for one dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The dialect.
    pub(crate) dialect: Dialect,
    /// Whether its API is there.
    pub(crate) presence: Presence,
    /// What the server replied, for people.
    pub(crate) evidence: String,
    /// A remark besides the evidence.
    pub(crate) remark: Option<Remark>,
}

/// The result of one API's request.
pub(super) struct Finding {
    pub(super) presence: Presence,
    pub(super) evidence: String,
    pub(super) remark: Option<Remark>,
}

impl Finding {
    pub(super) fn new(presence: Presence, evidence: impl Into<String>) -> Self {
        Self {
            presence,
            evidence: evidence.into(),
            remark: None,
        }
    }

    pub(super) fn present(evidence: impl Into<String>) -> Self {
        Self::new(Presence::Present, evidence)
    }

    pub(super) fn with(mut self, remark: Remark) -> Self {
        self.remark = Some(remark);
        self
    }

    pub(super) fn for_dialect(self, dialect: Dialect) -> Row {
        Row {
            dialect,
            presence: self.presence,
            evidence: self.evidence,
            remark: self.remark,
        }
    }
}

/// The server's reply for a path that no API has.
pub(super) struct NoApi<'a>(pub(super) Option<&'a Reply>);

impl NoApi<'_> {
    /// Returns whether a reply is known to be different.
    pub(super) fn differs_from(&self, reply: &Reply) -> bool {
        self.0.is_some_and(|no_api| !no_api.is_like(reply))
    }

    /// Returns whether a reply is known to be the same.
    pub(super) fn is_like(&self, reply: &Reply) -> bool {
        self.0.is_some_and(|no_api| no_api.is_like(reply))
    }
}

/// Returns the HTTP status as the beginning of evidence.
pub(super) fn status(reply: &Reply) -> String {
    format!("HTTP {}", reply.status)
}
