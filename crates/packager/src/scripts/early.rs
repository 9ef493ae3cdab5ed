//! The values in the script that runs before anything is painted.

use std::collections::BTreeMap;

use parlour_config::{Hours, OpenAs, Rules, Span, WhenClosed};
use serde::Serialize;

use super::FileRef;
use super::frame::Cookie;
use super::message::TITLE;
use super::texts::{self, ByLocale, Key, Texts};
use crate::tenant::Tenant;

/// The values that packaging puts into `public/loader/early.js`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EarlyValues {
    /// The cookie that marks that a chat goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    cookie: Option<Cookie>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Rules>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<HoursValues>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Form>,
    /// What invites to a chat, if the rules want that.
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation: Option<ByLocale>,
}

/// The form for messages, as the script offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Form {
    file: FileRef,
    texts: ByLocale,
}

/// Business hours as the script reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct HoursValues {
    zone: String,
    closed: WhenClosed,
    /// The openings of each weekday, Sunday first.
    week: Vec<Vec<Minutes>>,
    holidays: BTreeMap<String, Vec<Minutes>>,
    texts: ByLocale,
}

/// Begin and end of an opening, in minutes since midnight.
type Minutes = [u16; 2];

const CLOSED: [Key<'_>; 2] = [
    ("closed", "hours.closed"),
    ("closedUntil", "hours.closedUntil"),
];

const INVITATION: [Key<'_>; 2] = [("text", "invite.text"), ("dismiss", "news.dismiss")];

impl EarlyValues {
    /// Collects the values, if the tenant's file asks for something that has to be done so early. `message` is the
    /// form for messages.
    #[must_use]
    pub fn new(tenant: &Tenant, message: Option<FileRef>) -> Option<Self> {
        let config = &tenant.config;
        let rules = Some(config.rules.clone()).filter(|rules| *rules != Rules::default());
        let hours = config.hours.as_ref();
        let hours = hours.map(|hours| HoursValues::new(tenant, hours));
        let message = message.map(|file| Form {
            file,
            texts: texts::in_script(texts::collect_as_is(tenant, "en", &[TITLE])),
        });
        let invites = config.rules.open_as == OpenAs::Invitation;
        let invitation = invites.then(|| texts::in_script(invitation_in(tenant, "en")));
        let cookie = Cookie::of(tenant);
        let is_needed = cookie.is_some() || rules.is_some() || hours.is_some() || message.is_some();
        is_needed.then_some(Self {
            cookie,
            rules,
            hours,
            message,
            invitation,
        })
    }
}

impl HoursValues {
    fn new(tenant: &Tenant, hours: &Hours) -> Self {
        let holidays = hours.holidays.iter();
        Self {
            zone: hours.zone.clone(),
            closed: hours.closed,
            week: hours.week().map(|(_, texts)| openings(texts)).to_vec(),
            holidays: holidays
                .map(|(date, texts)| (date.clone(), openings(texts)))
                .collect(),
            texts: texts::in_script(words_in(tenant, "en")),
        }
    }
}

/// Collects the words of an invitation in a language.
pub(super) fn invitation_in(tenant: &Tenant, locale: &str) -> Texts {
    texts::collect_as_is(tenant, locale, &INVITATION)
}

/// Collects the script's words in a language.
pub(super) fn words_in(tenant: &Tenant, locale: &str) -> Texts {
    texts::collect_as_is(tenant, locale, &CLOSED)
}

/// Reads the openings of a day, in their order.
fn openings(texts: &[String]) -> Vec<Minutes> {
    let mut spans: Vec<_> = texts.iter().filter_map(|text| Span::parse(text)).collect();
    spans.sort();
    spans.iter().map(|span| [span.from, span.to]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripts::tests::tenant;

    #[test]
    fn a_tenant_without_rules_has_no_such_script() {
        assert_eq!(EarlyValues::new(&tenant(""), None), None);
        let values = EarlyValues::new(&tenant("[rules]\nhide_on = [\"/checkout/*\"]\n"), None);
        assert_eq!(
            serde_json::to_string(&values.unwrap()).unwrap(),
            r#"{"rules":{"show_on":[],"hide_on":["/checkout/*"],"open_on_exit":false,"open_as":"panel","open_once":"visitor"}}"#
        );
    }

    #[test]
    fn hours_are_in_minutes_in_their_order_and_sunday_comes_first() {
        let values = EarlyValues::new(
            &tenant(
                "[hours]\nzone = \"UTC\"\nmonday = [\"13:00-17:00\", \"09:00-12:00\"]\nsunday = [\"22:00-02:00\"]\n\
             holidays = { 12-25 = [] }\n",
            ),
            None,
        );
        let hours = values.unwrap().hours.unwrap();
        assert_eq!(
            hours.week[..2],
            [vec![[1320, 1560]], vec![[540, 720], [780, 1020]]]
        );
        assert_eq!(hours.holidays["12-25"], Vec::<Minutes>::new());
        assert!(hours.texts["en"]["closedUntil"].contains("{time}"));
    }
}
