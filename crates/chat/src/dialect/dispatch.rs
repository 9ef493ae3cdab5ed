//! Which dialect is spoken: the one place that knows them all.
//!
//! Each is a feature of the crate. What asks for a dialect that was left out gets no word from it; see
//! [`DialectKind::is_spoken`].

use super::json::Object;

#[cfg(feature = "gms-v1")]
use super::gms_v1;
#[cfg(feature = "gms-v1-cometd")]
use super::gms_v1_cometd;
#[cfg(any(feature = "gms-v2", feature = "gms-v2-cometd"))]
use super::gms_v2;
#[cfg(feature = "gms-v2-cometd")]
use super::gms_v2_cometd;
#[cfg(feature = "gws")]
use super::gws;
use super::{Abilities, Action, DecodeError, Encoded, Extras, Keys, Reply, ReplyKind};
use crate::io::Response;
use crate::model::EventIndex;
use crate::settings::{DialectKind, Settings};

const GMS_V2: bool = cfg!(feature = "gms-v2");
const GMS_V2_COMETD: bool = cfg!(feature = "gms-v2-cometd");
const GMS_V1: bool = cfg!(feature = "gms-v1");
const GMS_V1_COMETD: bool = cfg!(feature = "gms-v1-cometd");
const GWS: bool = cfg!(feature = "gws");

/// The dialect of a build that speaks one only: everything that others need goes with them.
const ONLY: Option<DialectKind> = match (GMS_V2, GMS_V2_COMETD, GMS_V1, GMS_V1_COMETD, GWS) {
    (true, false, false, false, false) => Some(DialectKind::GmsV2),
    (false, true, false, false, false) => Some(DialectKind::GmsV2Cometd),
    (false, false, true, false, false) => Some(DialectKind::GmsV1),
    (false, false, false, true, false) => Some(DialectKind::GmsV1Cometd),
    (false, false, false, false, true) => Some(DialectKind::Gws),
    _ => None,
};

/// Whether any dialect has chats to be joined, and links to be followed.
pub(crate) const JOINS: bool = GMS_V1 || GMS_V1_COMETD;
/// Whether any dialect has events without a time.
pub(crate) const TIMELESS: bool = GMS_V1 || GMS_V1_COMETD || GWS;
/// Whether any dialect has files.
pub(crate) const FILES: bool = GMS_V2 || GMS_V2_COMETD;
/// Whether any dialect has its news pushed.
pub(crate) const PUSHES: bool = GMS_V2_COMETD || GMS_V1_COMETD;
/// Whether any dialect has a transcript that cannot be read again.
pub(crate) const KEEPS: bool = GMS_V1_COMETD;

/// An action in words. A message holds the chat's keys: it is never printed.
pub(crate) enum Words {
    /// A request of its own.
    Request(Encoded),
    /// A message to publish: channel and data.
    Publish(String, Object),
}

impl DialectKind {
    /// Tells whether this build speaks the dialect.
    #[must_use]
    pub fn is_spoken(self) -> bool {
        match self {
            Self::GmsV2 => GMS_V2,
            Self::GmsV2Cometd => GMS_V2_COMETD,
            Self::GmsV1 => GMS_V1,
            Self::GmsV1Cometd => GMS_V1_COMETD,
            Self::Gws => GWS,
        }
    }

    /// Puts an action into words for a chat; `None` if the servers of this dialect have no word for it.
    pub(crate) fn encode(self, action: &Action, settings: &Settings, keys: &Keys) -> Option<Words> {
        let service = &settings.service;
        let request = match ONLY.unwrap_or(self) {
            #[cfg(feature = "gms-v2")]
            Self::GmsV2 => Some(gms_v2::encode(action, service, keys)),
            #[cfg(feature = "gms-v2-cometd")]
            Self::GmsV2Cometd => {
                if let Some(data) = gms_v2_cometd::message(action, keys) {
                    return Some(Words::Publish(gms_v2_cometd::channel(service), data));
                }
                gms_v2_cometd::file(action, keys)
            }
            #[cfg(feature = "gms-v1")]
            Self::GmsV1 => gms_v1::encode(action, service, keys),
            #[cfg(feature = "gms-v1-cometd")]
            Self::GmsV1Cometd => gms_v1_cometd::encode(action, service, keys),
            #[cfg(feature = "gws")]
            Self::Gws => gws::encode(action, &settings.gws, service, keys),
            #[allow(unreachable_patterns, reason = "not every build leaves one out")]
            _ => None,
        };
        request.map(Words::Request)
    }

    /// Reads a reply. `last` is the last event known.
    pub(crate) fn decode(
        self,
        reply_kind: ReplyKind,
        response: &Response,
        last: EventIndex,
    ) -> Result<Reply, DecodeError> {
        let Response { status, body, .. } = response;
        // Not every dialect looks at all of it.
        let _ = (reply_kind, status, last);
        match ONLY.unwrap_or(self) {
            #[cfg(any(feature = "gms-v2", feature = "gms-v2-cometd"))]
            Self::GmsV2 | Self::GmsV2Cometd => gms_v2::decode(body),
            #[cfg(feature = "gms-v1")]
            Self::GmsV1 => gms_v1::decode(reply_kind, *status, body, last),
            #[cfg(feature = "gms-v1-cometd")]
            Self::GmsV1Cometd => gms_v1_cometd::decode(reply_kind, *status, body),
            #[cfg(feature = "gws")]
            Self::Gws => gws::decode(reply_kind, *status, body),
            #[allow(unreachable_patterns, reason = "not every build leaves one out")]
            _ => Err(DecodeError),
        }
    }

    /// Reads what was pushed. `last` is the last event known.
    pub(crate) fn decode_push(self, data: &Object, last: EventIndex) -> Result<Reply, DecodeError> {
        // Not every build has a dialect that looks at them.
        let _ = (data, last);
        match ONLY.unwrap_or(self) {
            #[cfg(feature = "gms-v2-cometd")]
            Self::GmsV2Cometd => gms_v2::read(data),
            #[cfg(feature = "gms-v1-cometd")]
            Self::GmsV1Cometd => gms_v1_cometd::read(data, last),
            #[allow(unreachable_patterns, reason = "not every build leaves one out")]
            _ => Err(DecodeError),
        }
    }

    /// Names the channel to subscribe to, where the line brings the news of that only.
    pub(crate) fn subscription(self) -> Option<&'static str> {
        #[cfg(feature = "gms-v1-cometd")]
        if self.is(Self::GmsV1Cometd) {
            return Some(gms_v1_cometd::CHANNEL);
        }
        None
    }

    /// Tells whether these open a chat.
    pub(crate) fn can_use(self, keys: &Keys) -> bool {
        // In other dialects the chat's id is enough.
        let secret = !self.is_gms_v2() || !keys.secure.is_empty();
        secret && keys.name_a_chat()
    }

    /// Tells whether a chat that was started is yet to be joined.
    pub(crate) fn joins(self) -> bool {
        self.is_gms_v1()
    }

    /// Tells whether the transcript is silent about the chat's end, so that its course must be asked for.
    pub(crate) fn asks_status(self) -> bool {
        self.is(Self::Gws)
    }

    /// Tells whether the server brings the news by itself, on a line that is kept up.
    pub(crate) fn pushes(self) -> bool {
        self.is(Self::GmsV2Cometd) || self.is(Self::GmsV1Cometd)
    }

    /// Tells whether what the visitor does is a message on that line, too, and not a request of its own.
    pub(crate) fn publishes(self) -> bool {
        self.is(Self::GmsV2Cometd)
    }

    /// Names the header by which the server is to know the visitor, on every request.
    pub(crate) fn user_header(self) -> Option<&'static str> {
        #[cfg(feature = "gms-v1-cometd")]
        if self.is(Self::GmsV1Cometd) {
            return Some(gms_v1_cometd::USER);
        }
        None
    }

    /// Tells whether the server shows its transcript only once, so that it must be kept.
    pub(crate) fn keeps_transcript(self) -> bool {
        self.is(Self::GmsV1Cometd)
    }

    /// Tells what the servers of this dialect can do at all.
    pub(crate) fn abilities(self) -> Abilities {
        let all = self.is_gms_v2();
        Abilities {
            files: all,
            typing_preview: all,
            read_receipts: all,
            rename: all,
            extras: if all {
                Extras::All
            } else if self.is_gms_v1() {
                Extras::Notices
            } else {
                Extras::None
            },
        }
    }

    fn is_gms_v2(self) -> bool {
        self.is(Self::GmsV2) || self.is(Self::GmsV2Cometd)
    }

    fn is_gms_v1(self) -> bool {
        self.is(Self::GmsV1) || self.is(Self::GmsV1Cometd)
    }

    /// Compares; where the build leaves no choice the compiler knows the answer.
    fn is(self, other: Self) -> bool {
        other.is_spoken() && (ONLY.is_some() || self == other)
    }
}
