//! Other ways of contact, as the scripts show them.

use parlour_config::Contact;

use super::texts::Key;

const EMAIL: Key<'_> = ("contactEmail", "contact.email");
const PHONE: Key<'_> = ("contactPhone", "contact.phone");
const PAGE: Key<'_> = ("contactPage", "contact.url");

/// Other ways of contact: their addresses with the short names of their texts, and these texts' keys.
pub(super) struct Ways {
    pub(super) links: Vec<(String, &'static str)>,
    pub(super) keys: Vec<Key<'static>>,
}

impl Ways {
    /// Lists those that the tenant has.
    pub(super) fn of(contact: &Contact) -> Self {
        let Contact { email, phone, url } = contact;
        let email = email.as_ref().map(|email| format!("mailto:{email}"));
        let phone = phone.as_ref();
        let phone = phone.map(|phone| format!("tel:{}", number_to_dial(phone)));
        let all = [(email, EMAIL), (phone, PHONE), (url.clone(), PAGE)];
        let (links, keys) = all
            .into_iter()
            .filter_map(|(href, key)| Some(((href?, key.0), key)))
            .unzip();
        Self { links, keys }
    }
}

/// Completes the words for a way of contact, which a script knows by a short name; other words stay as they are.
pub(super) fn fill(contact: &Contact, name: &str, words: &str) -> String {
    let (place, value) = match name {
        "contactEmail" => ("{address}", &contact.email),
        "contactPhone" => ("{number}", &contact.phone),
        _ => return words.to_owned(),
    };
    words.replace(place, &isolate(value.as_deref().unwrap_or_default()))
}

/// Returns what is dialled of a telephone number that is written for people.
fn number_to_dial(phone: &str) -> String {
    phone
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect()
}

/// Keeps an address or a number from left to right, whatever the words around it.
fn isolate(value: &str) -> String {
    format!("\u{2066}{value}\u{2069}")
}
