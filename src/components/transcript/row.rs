use std::rc::Rc;

use parlour_chat::{Author, Entry, Group, Item, ParticipantKind, WallTime};

use super::{bubble, file, offer, system};
use crate::components::Ui;
use crate::components::dom::{El, el};
use crate::i18n::Text;
use crate::store::Row;

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Shows one line of the timeline, and the day above it if one begins.
pub(super) fn row(ui: Ui, row: &Rc<Row>) -> El {
    let (first, row) = (Rc::clone(row), Rc::clone(row));
    el("div.row")
        .show(move || {
            first
                .entry
                .with(|entry| entry.new_day.then(|| divider(ui, entry.at)))
        })
        .show(move || row.entry.with(|entry| line(ui, entry)))
}

fn line(ui: Ui, entry: &Entry) -> Option<El> {
    match &entry.item {
        Item::Message {
            from, text, state, ..
        } if !is_system(from) => Some(bubble::message(ui, entry, from, text, state)),
        Item::Message { text, .. } | Item::Notice { text, .. } => system::notice(text),
        Item::Link { from, url } => Some(offer::offer(ui, entry, from, url)),
        Item::File { from, file } => Some(file::file(ui, entry, from, file)),
        event => system::event(ui, event),
    }
}

/// Says which day begins.
fn divider(ui: Ui, at: WallTime) -> El {
    el("div.day").child(el("span").live_text(move || {
        let today = ui.store().today.get();
        let day = |at| ui.texts(|texts| texts.formats().day(at));
        let date = day(at);
        if date == day(today) {
            ui.text(Text::TranscriptToday)
        } else if date == day(WallTime(today.0 - DAY)) {
            ui.text(Text::TranscriptYesterday)
        } else {
            date
        }
    }))
}

fn is_system(author: &Author) -> bool {
    matches!(author, Author::Other(other) if other.kind == ParticipantKind::System)
}

/// Begins a line of somebody's: whose it is, and how it stands to its neighbours.
pub(super) fn said(ui: Ui, entry: &Entry, author: &Author) -> El {
    beside(entry, author).child(byline(ui, entry, author))
}

/// Begins a line of somebody's that names them by itself.
pub(super) fn beside(entry: &Entry, author: &Author) -> El {
    let group = match entry.group {
        Group::Alone => "alone",
        Group::First => "first",
        Group::Middle => "middle",
        Group::Last => "last",
    };
    el("div.line")
        .fixed("data-from", from(author))
        .fixed("data-group", group)
}

/// Names whose a line is, for style sheets and tests.
pub(super) fn from(author: &Author) -> &'static str {
    match author {
        Author::Me => "me",
        Author::Other(_) => "agent",
    }
}

/// Says whose a line is: visibly at the head of a group, otherwise to screen readers alone.
fn byline(ui: Ui, entry: &Entry, author: &Author) -> El {
    let begins = matches!(entry.group, Group::Alone | Group::First);
    let (name, kind) = match author {
        Author::Me => (ui.text(Text::NameYou), None),
        Author::Other(other) => {
            let kind = match other.kind {
                ParticipantKind::Bot => Some(Text::KindBot),
                ParticipantKind::Supervisor => Some(Text::KindSupervisor),
                _ => None,
            };
            (ui.name(other), kind.filter(|_| begins))
        }
    };
    let visible = begins && *author != Author::Me;
    el(if visible {
        "span.byline"
    } else {
        "span.unseen"
    })
    .child(el("bdi").text(name))
    .child_if(kind.map(|kind| el("span.kind").say(ui, kind)))
}

/// Makes the small print below a line: when it was said, at the end of a group.
pub(super) fn meta(ui: Ui, entry: &Entry) -> Option<El> {
    let ends = matches!(entry.group, Group::Alone | Group::Last);
    ends.then(|| el("p.meta").child(el("span.time").text(ui.time(entry.at))))
}
