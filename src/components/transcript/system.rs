use parlour_chat::{Author, EndReason, Item, LeaveReason, Participant, ParticipantKind};

use super::words::words;
use crate::components::Ui;
use crate::components::dom::{El, el};
use crate::i18n::Text;

/// Shows a notice of the server.
pub(super) fn notice(text: &str) -> Option<El> {
    let empty = text.trim().is_empty();
    // The server's words, in whatever language: everything else here is in the widget's.
    (!empty).then(|| words(line("notice").fixed("dir", "auto"), text))
}

/// Says what happened, each thing in its own words.
pub(super) fn event(ui: Ui, item: &Item) -> Option<El> {
    let (state, text, who) = match item {
        Item::Joined(who) => ("joined", Text::EventJoined, Some(who)),
        Item::Left(who, LeaveReason::Hold) => ("hold", Text::EventHold, Some(who)),
        Item::Left(who, LeaveReason::Transfer) => ("transfer", Text::EventTransfer, Some(who)),
        Item::Left(who, LeaveReason::Left | LeaveReason::Other(_)) => {
            ("left", Text::EventLeft, Some(who))
        }
        Item::Renamed(Author::Me) => ("renamed", Text::EventRenamedYou, None),
        Item::Renamed(Author::Other(who)) => ("renamed", Text::EventRenamed, Some(who)),
        Item::Ended(EndReason::ByVisitor) => ("ended", Text::EndedVisitor, None),
        Item::Ended(EndReason::ByServer) => ("ended", Text::EndedServer, None),
        Item::Ended(EndReason::Gone) => ("ended", Text::EndedGone, None),
        // Shown as bubbles, cards or notices.
        Item::Message { .. } | Item::Link { .. } | Item::File { .. } | Item::Notice { .. } => {
            return None;
        }
    };
    match who {
        Some(who) if !is_person(who) => None,
        Some(who) => Some(line(state).text(ui.about(text, who))),
        None => Some(line(state).say(ui, text)),
    }
}

/// The comings and goings of the visitor and of machinery are no news.
fn is_person(who: &Participant) -> bool {
    !matches!(who.kind, ParticipantKind::Visitor | ParticipantKind::System)
}

fn line(state: &'static str) -> El {
    el("p.system part=system").fixed("data-state", state)
}
