//! The values in the script for where the module cannot run in the page.

use serde::Serialize;

use super::contacts::{self, Ways};
use super::frame::FrameValues;
use super::texts::{self, ByLocale, Key, Texts};
use crate::tenant::Tenant;

/// The values that packaging puts into `public/loader/fallback.js`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FallbackValues {
    /// The frame, if the tenant wants one.
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<FrameValues>,
    /// Other ways of contact: an address, and the short name of its text.
    contacts: Vec<(String, &'static str)>,
    texts: ByLocale,
}

const UNSUPPORTED: Key<'_> = ("unsupported", "loader.unsupported");

impl FallbackValues {
    /// Collects the values for a tenant.
    #[must_use]
    pub fn new(tenant: &Tenant) -> Self {
        Self {
            frame: FrameValues::new(tenant),
            contacts: Ways::of(&tenant.config.contact).links,
            texts: texts::in_script(words_in(tenant, "en")),
        }
    }
}

/// Collects the script's words in a language.
pub(super) fn words_in(tenant: &Tenant, locale: &str) -> Texts {
    let contact = &tenant.config.contact;
    let keys = [&[UNSUPPORTED][..], &Ways::of(contact).keys].concat();
    let fill = |name: &str, words: &str| contacts::fill(contact, name, words);
    texts::collect(tenant, locale, &keys, fill)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripts::tests::tenant;

    #[test]
    fn other_ways_of_contact_come_with_their_words_in_each_language() {
        let tenant = tenant(
            "[contact]\nphone = \"+44 20 7946 0000\"\nurl = \"/contact\"\n\
             [texts.de]\n\"contact.phone\" = \"Anruf: {number}\"\n",
        );
        let values = FallbackValues::new(&tenant);
        let contacts = [
            ("tel:+442079460000", "contactPhone"),
            ("/contact", "contactPage"),
        ];
        assert_eq!(
            values.contacts,
            contacts.map(|(href, text)| (href.to_owned(), text))
        );
        assert_eq!(
            words_in(&tenant, "de")["contactPhone"],
            "Anruf: \u{2066}+44 20 7946 0000\u{2069}"
        );
        assert_eq!(values.texts["en"]["contactPage"], "Contact page");
        assert!(!values.texts["en"].contains_key("contactEmail"));
    }
}
