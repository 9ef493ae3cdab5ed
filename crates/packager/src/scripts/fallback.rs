//! The values in the script for where the module cannot run in the page.

use parlour_config::Contact;
use serde::Serialize;

use super::frame::FrameValues;
use super::texts::{self, Key, Texts};
use crate::tenant::Tenant;

/// The values that packaging puts into `public/loader/fallback.js`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FallbackValues {
    /// The frame, if the tenant wants one.
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<FrameValues>,
    /// Other ways of contact: an address, and the short name of its text.
    contacts: Vec<(String, &'static str)>,
    texts: Texts,
}

const UNSUPPORTED: Key<'_> = ("unsupported", "loader.unsupported");
const EMAIL: Key<'_> = ("email", "contact.email");
const PHONE: Key<'_> = ("phone", "contact.phone");
const PAGE: Key<'_> = ("page", "contact.url");

impl FallbackValues {
    /// Collects the values for a tenant.
    #[must_use]
    pub fn new(tenant: &Tenant) -> Self {
        let Contact { email, phone, url } = &tenant.config.contact;
        let mut contacts = Vec::new();
        let mut keys = vec![UNSUPPORTED];
        let mut add = |href: Option<String>, key: Key<'static>| {
            if let Some(href) = href {
                contacts.push((href, key.0));
                keys.push(key);
            }
        };
        add(email.as_ref().map(|email| format!("mailto:{email}")), EMAIL);
        add(
            phone
                .as_ref()
                .map(|phone| format!("tel:{}", dialled(phone))),
            PHONE,
        );
        add(url.clone(), PAGE);
        let texts = texts::collect(tenant, &keys, |name, words| {
            let (place, value) = match name {
                "email" => ("{address}", email),
                "phone" => ("{number}", phone),
                _ => return words.to_owned(),
            };
            words.replace(place, &isolated(value.as_deref().unwrap_or_default()))
        });
        Self {
            frame: FrameValues::new(tenant),
            contacts,
            texts,
        }
    }
}

/// Returns what is dialled of a telephone number that is written for people.
fn dialled(phone: &str) -> String {
    phone
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect()
}

/// Keeps an address or a number from left to right, whatever the words around it.
fn isolated(value: &str) -> String {
    format!("\u{2066}{value}\u{2069}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripts::tests::tenant;

    #[test]
    fn other_ways_of_contact_come_with_their_words_in_each_language() {
        let values = FallbackValues::new(&tenant(
            "[contact]\nphone = \"+44 20 7946 0000\"\nurl = \"/contact\"\n\
             [texts.de]\n\"contact.phone\" = \"Anruf: {number}\"\n",
        ));
        let contacts = [("tel:+442079460000", "phone"), ("/contact", "page")];
        assert_eq!(
            values.contacts,
            contacts.map(|(href, text)| (href.to_owned(), text))
        );
        assert_eq!(
            values.texts["de"]["phone"],
            "Anruf: \u{2066}+44 20 7946 0000\u{2069}"
        );
        assert_eq!(values.texts["en"]["page"], "Contact page");
        assert!(!values.texts["en"].contains_key("email"));
    }
}
