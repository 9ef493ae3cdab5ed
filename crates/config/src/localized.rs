use serde::{Deserialize, Serialize};

use crate::Table;

/// Words by locale: `{ en = "Order number", de = "Bestellnummer" }`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Localized(pub Table<String>);

impl Localized {
    /// Returns the words for a locale: its own, then those of the language without the region,
    /// then English, then whichever there are. `None` only if there are no words at all.
    #[must_use]
    pub fn pick(&self, locale: &str) -> Option<&str> {
        // `zh-Hant-TW`, `zh-Hant`, `zh`.
        std::iter::successors(Some(locale), |tag| Some(tag.rsplit_once('-')?.0))
            .find_map(|tag| self.0.get(tag))
            .or_else(|| self.0.get("en"))
            .or_else(|| self.0.values().next())
            .map(String::as_str)
    }
}
