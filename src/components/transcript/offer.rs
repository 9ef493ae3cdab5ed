use parlour_chat::{Author, Entry};

use super::row::{beside, from, meta};
use super::words::words;
use crate::components::Ui;
use crate::components::dom::{El, el, link};
use crate::components::icon::Icon;
use crate::components::links::Link;
use crate::i18n::Text;

/// Offers a page that somebody suggests. It is never opened by itself, and shows where it leads.
pub(super) fn offer(ui: Ui, entry: &Entry, author: &Author, url: &str) -> El {
    let title = match author {
        Author::Me => ui.text(Text::LinkYours),
        Author::Other(other) => ui.about(Text::LinkOffer, other),
    };
    let card = el("div.card part=message data-kind=link")
        .fixed("data-from", from(author))
        .child(el("p.card-title").text(title));
    let card = match Link::parse_page(url) {
        Some(target) => page(ui, card, target),
        // What may not be followed is shown as the words it is.
        None => card.child(words(el("p.card-name"), url)),
    };
    beside(entry, author).child(card).child_if(meta(ui, entry))
}

fn page(ui: Ui, card: El, target: Link) -> El {
    // Addresses read from left to right, and stand where everything else does.
    let address = |text: String| el("bdi dir=ltr").text(text);
    let name = el("p.card-name")
        .child(el("strong.card-host").child(address(target.host)))
        .child(el("span.card-path").child(address(target.path)));
    let open = link("a.button.wide", target.href)
        .say(ui, Text::LinkOpen)
        .icon(Icon::OPEN)
        .child(el("span.unseen").say(ui, Text::LinkNewTab));
    let row = el("div.card-row")
        .child(el("span.card-icon").icon(Icon::PAGE))
        .child(name);
    card.child(row).child(open)
}
