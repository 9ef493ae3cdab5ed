//! The values in the form for messages.

use parlour_config::{Ask, BeforeChat, Config, FieldKind, Mask, Scheme};
use serde::Serialize;

use super::contacts::{self, Ways};
use super::launcher;
use super::texts::{self, ByLocale, Key, Texts};
use crate::tenant::Tenant;

/// The values that packaging puts into `public/loader/message.js`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageValues {
    /// Where messages are posted: a URL, or a path of the page's site.
    url: String,
    fields: Vec<FieldValues>,
    /// Whether what is typed outlives a reload.
    keeps: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    mask: Option<Mask>,
    /// Other ways of contact: an address, and the short name of its text.
    contacts: Vec<(String, &'static str)>,
    /// CSS declarations of the panel's place and size.
    place: String,
    /// CSS declarations of its tokens.
    light: String,
    /// CSS declarations of the tokens that differ in the dark scheme.
    dark: String,
    scheme: Scheme,
    texts: ByLocale,
}

/// A field of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct FieldValues {
    name: &'static str,
    required: bool,
}

const TEXTS: [Key<'_>; 14] = [
    ("title", "leave.title"),
    ("intro", "leave.intro"),
    ("name", "leave.name"),
    ("email", "leave.email"),
    ("message", "leave.text"),
    ("submit", "leave.submit"),
    ("sending", "leave.sending"),
    ("sent", "leave.sent"),
    ("failed", "leave.failed"),
    ("again", "loader.again"),
    ("close", "panel.close"),
    ("optional", "form.optional"),
    ("required", "form.error.required"),
    ("wrongEmail", "form.error.email"),
];

/// The key of what says that numbers are masked.
const MASKED: Key<'_> = ("masked", "composer.masked");

/// The key of the form's name, by which it is offered.
pub(super) const TITLE: Key<'_> = TEXTS[0];

impl MessageValues {
    /// Collects the values, if the tenant's file has the form.
    #[must_use]
    pub fn new(tenant: &Tenant) -> Option<Self> {
        let config = &tenant.config;
        let message = config.message.as_ref()?;
        let asks = [
            ("name", message.name),
            ("email", message.email),
            ("message", Ask::Required),
        ];
        let fields = asks.into_iter().filter(|(_, ask)| *ask != Ask::None);
        let fields = fields.map(|(name, ask)| FieldValues {
            name,
            required: ask == Ask::Required,
        });
        let mask = Some(config.privacy.mask.clone()).filter(|mask| !mask.is_empty());
        let (light, dark) = launcher::panel_schemes(tenant);
        Some(Self {
            url: message.url.clone(),
            fields: fields.collect(),
            keeps: config.privacy.before_chat == BeforeChat::Session && !asks_agreement(config),
            mask,
            contacts: Ways::of(&config.contact).links,
            place: launcher::panel_place(tenant),
            light,
            dark,
            scheme: config.theme.scheme,
            texts: texts::in_script(words_in(tenant, "en")),
        })
    }
}

/// Collects the script's words in a language.
pub(super) fn words_in(tenant: &Tenant, locale: &str) -> Texts {
    let contact = &tenant.config.contact;
    let mask_key = (!tenant.config.privacy.mask.is_empty()).then_some(MASKED);
    let keys = [&TEXTS[..], mask_key.as_slice(), &Ways::of(contact).keys].concat();
    let fill = |name: &str, words: &str| contacts::fill(contact, name, words);
    texts::collect(tenant, locale, &keys, fill)
}

/// Tells whether a visitor has to agree to something before a chat: nothing is stored before.
fn asks_agreement(config: &Config) -> bool {
    let mut fields = config.form.fields.iter();
    fields.any(|field| field.kind == FieldKind::Consent && field.required)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripts::tests::tenant;

    #[test]
    fn a_tenant_without_the_form_has_no_such_script() {
        assert_eq!(MessageValues::new(&tenant("")), None);
    }

    #[test]
    fn nothing_is_kept_where_a_visitor_has_to_agree_first() {
        let keeps = |more: &str| {
            let file = format!("[message]\nurl = \"/messages\"\n{more}");
            MessageValues::new(&tenant(&file)).unwrap().keeps
        };
        let fields = "[[form.fields]]\nname = \"nickname\"\nrole = \"nickname\"\nrequired = true\n\
                      [[form.fields]]\nname = \"terms\"\nrole.user_data = \"Terms\"\nkind = \"consent\"\n\
                      label.en = \"Yes\"\n";
        assert!(keeps(""));
        assert!(keeps(fields));
        assert!(!keeps(&format!("{fields}required = true\n")));
        assert!(!keeps("[privacy]\nbefore_chat = \"memory\"\n"));
    }

    #[test]
    fn the_script_masks_what_the_tenant_wants_masked() {
        let written = |more: &str| {
            let file = format!("[message]\nurl = \"/messages\"\n{more}");
            serde_json::to_string(&MessageValues::new(&tenant(&file))).unwrap()
        };
        let cards = written("[privacy.mask]\ncards = true\n");
        assert!(
            cards.contains(r#""mask":{"cards":true,"ibans":false}"#),
            "{cards}"
        );
        assert!(cards.contains(r#""masked":"Card"#), "{cards}");
        let none = written("");
        assert!(!none.contains("mask"), "{none}");
    }

    #[test]
    fn the_page_may_choose_the_other_scheme() {
        let values = |scheme: &str| {
            let file = format!("[message]\nurl = \"/m\"\n[theme]\nscheme = \"{scheme}\"\n");
            MessageValues::new(&tenant(&file)).unwrap()
        };
        let light = values("light");
        assert!(light.dark.contains("--surface:"), "{}", light.dark);
        assert_ne!(light, values("dark"));
        assert_eq!(light.light, values("dark").light);
        assert_eq!(light.dark, values("auto").dark);
    }

    #[test]
    fn tokens_follow_what_the_page_changes() {
        let file = "[message]\nurl = \"/m\"\n[theme.light]\nfield-line = \"var(--mine)\"\n";
        let values = MessageValues::new(&tenant(file)).unwrap();
        for token in [
            "--accent-line:var(--accent);",
            "--field-line:var(--mine);",
            "--mine:var(--accent)",
        ] {
            assert!(values.light.contains(token), "{token}: {}", values.light);
        }
        assert!(!values.dark.contains("accent-line"), "{}", values.dark);
    }

    #[test]
    fn the_form_has_the_tenants_fields_look_and_words() {
        let tenant = tenant(
            "[message]\nurl = \"/messages\"\nname = \"none\"\n[theme.tokens]\npanel-width = \"300px\"\n\
             [privacy]\nbefore_chat = \"memory\"\n[contact]\nphone = \"112\"\n\
             [texts.de]\n\"leave.title\" = \"Schreiben Sie uns\"\n",
        );
        let values = MessageValues::new(&tenant).unwrap();
        let fields: Vec<_> = values.fields.iter().map(|one| one.name).collect();
        assert_eq!(fields, ["email", "message"]);
        assert!(values.fields.iter().all(|one| one.required));
        assert!(!values.keeps);
        assert!(
            values.light.contains("--panel-width:300px"),
            "{}",
            values.light
        );
        assert_eq!(values.contacts, [("tel:112".to_owned(), "contactPhone")]);
        assert_eq!(words_in(&tenant, "de")["title"], "Schreiben Sie uns");
        assert_eq!(
            values.texts["en"]["contactPhone"],
            "Phone: \u{2066}112\u{2069}"
        );
    }
}
