//! Which dialect is spoken: the one place that knows them all.

use super::{Abilities, Action, Asked, Encoded, Extras, Keys, Misread, Reply, gms_v1, gms_v2, gws};
use crate::io::Response;
use crate::model::EventIndex;
use crate::settings::{DialectKind, Settings};

impl DialectKind {
    /// Puts an action into words for a chat; `None` if the servers of this dialect have no word for it.
    pub(crate) fn encode(
        self,
        action: &Action,
        settings: &Settings,
        keys: &Keys,
    ) -> Option<Encoded> {
        let service = &settings.service;
        match self {
            Self::GmsV2 => Some(gms_v2::encode(action, service, keys)),
            Self::GmsV1 => gms_v1::encode(action, service, keys),
            Self::Gws => gws::encode(action, &settings.gws, service, keys),
        }
    }

    /// Reads a reply. `last` is the last event known.
    pub(crate) fn decode(
        self,
        asked: Asked,
        response: &Response,
        last: EventIndex,
    ) -> Result<Reply, Misread> {
        let Response { status, body, .. } = response;
        match self {
            Self::GmsV2 => gms_v2::decode(body),
            Self::GmsV1 => gms_v1::decode(asked, *status, body, last),
            Self::Gws => gws::decode(asked, *status, body),
        }
    }

    /// Tells whether these open a chat.
    pub(crate) fn can_use(self, keys: &Keys) -> bool {
        let secret = match self {
            Self::GmsV2 => !keys.secure.is_empty(),
            // Whoever knows its id is in.
            Self::GmsV1 | Self::Gws => true,
        };
        secret && keys.name_a_chat()
    }

    /// Tells whether a chat that was started is yet to be joined.
    pub(crate) fn joins(self) -> bool {
        self == Self::GmsV1
    }

    /// Tells whether the transcript is silent about the chat's end, so that its course must be asked for.
    pub(crate) fn asks_course(self) -> bool {
        self == Self::Gws
    }

    /// Tells what the servers of this dialect can do at all.
    pub(crate) fn abilities(self) -> Abilities {
        match self {
            Self::GmsV2 => Abilities {
                files: true,
                typing_preview: true,
                read_receipts: true,
                rename: true,
                extras: Extras::All,
            },
            Self::GmsV1 | Self::Gws => Abilities {
                files: false,
                typing_preview: false,
                read_receipts: false,
                rename: false,
                extras: match self {
                    Self::GmsV1 => Extras::Notices,
                    _ => Extras::None,
                },
            },
        }
    }
}
