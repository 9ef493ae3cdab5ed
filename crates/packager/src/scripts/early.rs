//! The values in the script that runs before anything is painted.

use std::collections::BTreeMap;

use parlour_config::{Hours, Rules, Span, WhenClosed};
use serde::Serialize;

use super::texts::{self, Key, Texts};
use crate::tenant::Tenant;

/// The values that packaging puts into `public/loader/early.js`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EarlyValues {
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Rules>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<HoursValues>,
}

/// Business hours as the script reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct HoursValues {
    zone: String,
    closed: WhenClosed,
    /// The openings of each weekday, Sunday first.
    week: Vec<Vec<Minutes>>,
    holidays: BTreeMap<String, Vec<Minutes>>,
    texts: Texts,
}

/// Begin and end of an opening, in minutes since midnight.
type Minutes = [u16; 2];

const CLOSED: [Key<'_>; 2] = [
    ("closed", "hours.closed"),
    ("closedUntil", "hours.closedUntil"),
];

impl EarlyValues {
    /// Collects the values, if the tenant's file asks for something that has to be done so early.
    #[must_use]
    pub fn new(tenant: &Tenant) -> Option<Self> {
        let config = &tenant.config;
        let rules = Some(config.rules.clone()).filter(|rules| *rules != Rules::default());
        let hours = config.hours.as_ref();
        let hours = hours.map(|hours| HoursValues::new(tenant, hours));
        (rules.is_some() || hours.is_some()).then_some(Self { rules, hours })
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
            texts: texts::collect(tenant, &CLOSED, |_, words| words.to_owned()),
        }
    }
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
        assert_eq!(EarlyValues::new(&tenant("")), None);
        let values = EarlyValues::new(&tenant("[rules]\nhide_on = [\"/checkout/*\"]\n"));
        assert_eq!(
            serde_json::to_string(&values.unwrap()).unwrap(),
            r#"{"rules":{"show_on":[],"hide_on":["/checkout/*"],"open_on_exit":false,"open_once":"visitor"}}"#
        );
    }

    #[test]
    fn hours_are_in_minutes_in_their_order_and_sunday_comes_first() {
        let values = EarlyValues::new(&tenant(
            "[hours]\nzone = \"UTC\"\nmonday = [\"13:00-17:00\", \"09:00-12:00\"]\nsunday = [\"22:00-02:00\"]\n\
             holidays = { 12-25 = [] }\n[texts.de]\n\"hours.closed\" = \"Zu.\"\n",
        ));
        let hours = values.unwrap().hours.unwrap();
        assert_eq!(
            hours.week[..2],
            [vec![[1320, 1560]], vec![[540, 720], [780, 1020]]]
        );
        assert_eq!(hours.holidays["12-25"], Vec::<Minutes>::new());
        assert_eq!(hours.texts["de"]["closed"], "Zu.");
        assert!(hours.texts["en"]["closedUntil"].contains("{time}"));
    }
}
