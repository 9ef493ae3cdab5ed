use parlour_chat::{Command, Moment};
use parlour_json::digits;

use crate::components::Ui;
use crate::components::dom::{El, derived, el};
use crate::i18n::Text;

/// Asks whether the visitor is still there, with the time that is left to answer.
pub(super) fn idle_warning(ui: Ui) -> El {
    let warned = derived(move || ui.store().idle.get().is_some());
    el("div.idle-place role=alert").show(move || warned.get().then(|| warning(ui)))
}

fn warning(ui: Ui) -> El {
    let words = el("div.idle-words")
        .child(el("p.idle-title").say(ui, Text::IdleTitle))
        // Read out once; the numbers that follow each second are for the eye.
        .child(el("p.unseen").say(ui, Text::IdleSoon))
        .child(el("p.idle-text aria-hidden=true").live_text(move || time_left(ui)));
    el("div.idle data-state=idle").child(words).child(
        el("button.button.primary type=button data-action=stay")
            .click(move || ui.store().command(Command::StayAwake))
            .say(ui, Text::IdleStay),
    )
}

fn time_left(ui: Ui) -> String {
    let now = ui.store().now.get();
    match ui.store().idle.get().and_then(|idle| idle.closes_at) {
        Some(closes) => ui.fill(Text::IdleCountdown, &[("time", &clock(closes, now))]),
        None => ui.text(Text::IdleSoon),
    }
}

/// Writes what is left as minutes and seconds, rounded up: zero is the end, not before.
fn clock(closes: Moment, now: Moment) -> String {
    let seconds = closes.0.saturating_sub(now.0).div_ceil(1_000);
    let rest = seconds % 60;
    let pad = if rest < 10 { ":0" } else { ":" };
    [&*digits(seconds / 60), pad, &digits(rest)].concat()
}
