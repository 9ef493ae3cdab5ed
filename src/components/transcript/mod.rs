//! What was said and what happened, in order.

mod bubble;
mod file;
mod offer;
mod row;
mod scroll;
mod system;
mod typing;
mod words;

use std::rc::Rc;

use super::Ui;
use super::dom::{El, el};
use super::icon::Icon;
use crate::i18n::Text;
use crate::store::Block;

use row::row;
use scroll::Scroll;
use typing::typing;

/// Shows the timeline.
pub(super) fn transcript(ui: Ui) -> El {
    let scroll = Rc::new(Scroll::new(ui));
    scroll::keep_end_in_view(ui, &scroll);
    let lines = el("div.lines")
        .each(
            move || ui.store().blocks.get(),
            |block| block.id,
            move |it| block(ui, it),
        )
        .child(typing(ui));
    let scrolled = Rc::clone(&scroll);
    el("div.transcript")
        .child(
            el("div.scroll part=transcript role=log tabindex=0")
                .attr("aria-label", ui.text(Text::TranscriptLabel))
                .on("scroll", move |_| scrolled.scrolled())
                .child(lines),
        )
        .show(move || (!scroll.at_end.get()).then(|| jump(ui, &scroll)))
}

fn block(ui: Ui, block: &Rc<Block>) -> El {
    let block = Rc::clone(block);
    el("div.block").each(
        move || block.rows.get(),
        |row| row.id.0,
        move |it| row(ui, it),
    )
}

/// Shows the way back to the latest line, and whether something new is there.
fn jump(ui: Ui, scroll: &Rc<Scroll>) -> El {
    let (clicked, scroll) = (Rc::clone(scroll), Rc::clone(scroll));
    let news = Rc::clone(&scroll);
    el("button.jump type=button data-action=jump")
        .attr("aria-label", ui.text(Text::TranscriptJump))
        .live("data-state", move || {
            Some(if news.news.get() { "new" } else { "old" }.into())
        })
        .click(move || clicked.to_end())
        .show(move || {
            scroll
                .news
                .get()
                .then(|| el("span.jump-words").say(ui, Text::TranscriptNew))
        })
        .icon(Icon::DOWN)
}
