//! The rules beyond keys and types: what a value must look like, and what goes together.
//!
//! Each file holds the rules of one section. They only tell; nothing stops at the first mistake.

mod address;
mod contact;
mod context;
mod contrast;
mod display;
mod domain;
mod embed;
mod features;
mod form;
mod hours;
mod judge;
mod kind;
mod launcher;
mod locale;
mod message;
mod missing;
mod pace;
mod pairs;
mod pictures;
mod server;
mod survey;
mod texts;
mod theme;

use crate::Config;

pub(super) use judge::Judge;
pub use missing::MissingTexts;
pub(super) use pictures::judge as judge_pictures;
pub(super) use theme::complete as complete_theme;

/// Applies every rule.
pub(super) fn judge(config: &Config, judge: &mut Judge<'_>) {
    crate::rules::check(config, &mut |path, message| judge.mistake(path, message));
    if !is_slug(&config.tenant) {
        judge.mistake(
            "tenant",
            "expected lower-case letters, digits and hyphens, 40 at most",
        );
    }
    if let Some(locale) = &config.locale {
        locale::check(locale, "locale", judge);
    }
    server::judge(&config.server, judge);
    form::judge(config, judge);
    theme::judge(&config.theme, judge);
    texts::judge(config, judge);
    pace::judge(&config.pace, judge);
    launcher::judge(config, judge);
    contact::judge(&config.contact, judge);
    survey::judge(&config.survey, judge);
    context::judge(config, judge);
    embed::judge(config, judge);
    display::judge(&config.rules, judge);
    hours::judge(config.hours.as_ref(), judge);
    message::judge(config, judge);
    features::judge(config, judge);
}

fn is_slug(name: &str) -> bool {
    name.len() <= 40
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-')
}
