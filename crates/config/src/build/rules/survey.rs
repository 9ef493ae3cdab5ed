use crate::Survey;

use super::address::Address;
use super::judge::Judge;

const PATH: &str = "survey.url";

/// What is filled in when the link is shown.
const PLACES: [&str; 2] = ["{chat}", "{locale}"];

pub(super) fn judge(survey: &Survey, judge: &mut Judge<'_>) {
    let Some(url) = &survey.url else { return };
    // As it will be, with any values.
    let filled = PLACES
        .iter()
        .fold(url.clone(), |url, place| url.replace(place, "x"));
    match Address::parse(&filled) {
        Some(Err(message)) => judge.mistake(PATH, message),
        Some(Ok(address)) if address.scheme == "https" => {
            if has_place_in_host(url) {
                judge.mistake(PATH, "expected a host without placeholders");
            } else if filled.contains(['{', '}']) {
                let message = format!("expected no placeholders but {}", PLACES.join(" and "));
                judge.mistake(PATH, message);
            }
        }
        _ => {
            let message = format!("expected a URL that begins with https://, found \"{url}\"");
            judge.mistake(PATH, message);
        }
    }
}

/// Tells whether a placeholder stands where the host does: nothing that comes from a server may choose it.
fn has_place_in_host(url: &str) -> bool {
    let rest = url.strip_prefix("https://").unwrap_or(url);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.contains('{')
}
