use crate::Pace;

use super::judge::Judge;

/// The vendor's advice for the least pause between two polls.
const ADVISED_MS: u32 = 3_000;

pub(super) fn judge(pace: &Pace, judge: &mut Judge<'_>) {
    let active = ("active_ms", pace.active_ms);
    let quiet = ("quiet_ms", pace.quiet_ms);
    let hidden = ("hidden_ms", pace.hidden_ms);
    ordered(judge, active, quiet);
    ordered(judge, quiet, hidden);
    ordered(
        judge,
        ("retry_min_ms", pace.retry_min_ms),
        ("retry_max_ms", pace.retry_max_ms),
    );
    // A request that may still be on its way must not be taken for lost.
    ordered(
        judge,
        ("request_timeout_ms", pace.request_timeout_ms),
        ("resend_window_ms", pace.resend_window_ms),
    );
    // One late poll must not cost the visitor the chat.
    under_the_drop(judge, hidden, pace.drop_after_ms);
    under_the_drop(
        judge,
        ("retry_max_ms", pace.retry_max_ms),
        pace.drop_after_ms,
    );

    if pace.active_ms < ADVISED_MS {
        judge.warning(
            "pace.active_ms",
            format!("asks more often than servers advise ({ADVISED_MS}): make sure yours bears it"),
        );
    }
}

/// Tells a pair in the wrong order, at whichever of the two the file sets.
fn ordered(judge: &mut Judge<'_>, (low_key, low): (&str, u32), (high_key, high): (&str, u32)) {
    let (low_path, high_path) = (format!("pace.{low_key}"), format!("pace.{high_key}"));
    if low <= high || judge.is_spoiled(&low_path) || judge.is_spoiled(&high_path) {
        return;
    }
    if judge.is_set(&high_path) {
        judge.mistake(
            &high_path,
            format!("expected at least {low_key} ({low}), found {high}"),
        );
    } else {
        judge.mistake(
            &low_path,
            format!("expected at most {high_key} ({high}), found {low}"),
        );
    }
}

fn under_the_drop(judge: &mut Judge<'_>, (key, value): (&str, u32), drop_after: u32) {
    let (path, drop_path) = (format!("pace.{key}"), "pace.drop_after_ms");
    let limit = u64::from(drop_after) * 2 / 3;
    if u64::from(value) <= limit || judge.is_spoiled(&path) || judge.is_spoiled(drop_path) {
        return;
    }
    if judge.is_set(&path) {
        let message =
            format!("expected at most two thirds of drop_after_ms ({limit}), found {value}");
        judge.mistake(&path, message);
    } else {
        let least = (u64::from(value) * 3).div_ceil(2);
        let message =
            format!("expected at least half more than {key} ({least}), found {drop_after}");
        judge.mistake(drop_path, message);
    }
}
