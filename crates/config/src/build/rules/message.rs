use crate::{Ask, Config, WhenClosed};

use super::address::{Address, wrong_link};
use super::judge::Judge;

pub(super) fn judge(config: &Config, judge: &mut Judge<'_>) {
    let closed = config.hours.as_ref().map(|hours| hours.closed);
    let Some(message) = &config.message else {
        if closed == Some(WhenClosed::Message) {
            judge.mistake("hours.closed", "\"message\" needs a [message] with a url");
        }
        return;
    };
    if let Some(message) = wrong_url(&message.url) {
        judge.mistake("message.url", message);
    }
    if message.email == Ask::None {
        judge.warning(
            "message.email",
            "leaves nobody to answer, unless the site knows the visitor",
        );
    }
}

fn wrong_url(url: &str) -> Option<String> {
    if wrong_link(url).is_some() {
        return Some(
            "expected a URL that begins with https://, or a path of the site that begins with one slash"
                .into(),
        );
    }
    if url.contains('#') {
        return Some("expected a URL without fragment".into());
    }
    match Address::parse(url)? {
        Err(message) => Some(message),
        Ok(address) if address.is_exposed() => {
            Some("expected https://: whoever is on the way could read the messages".into())
        }
        Ok(_) => None,
    }
}
