use std::fmt;

use js_sys::{Array, Object, Reflect};
use parlour_chat::WallTime;
use wasm_bindgen::prelude::*;

// js-sys' own bindings do not catch the `RangeError` of a malformed tag, and a page may well say
// `lang="en_US"`.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type PluralRules;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str) -> Result<PluralRules, JsValue>;
    #[wasm_bindgen(method)]
    fn select(this: &PluralRules, number: f64) -> String;

    #[wasm_bindgen(js_namespace = Intl)]
    type NumberFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str, options: &Object) -> Result<NumberFormat, JsValue>;
    #[wasm_bindgen(method)]
    fn format(this: &NumberFormat, number: f64) -> String;

    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str, options: &Object) -> Result<DateTimeFormat, JsValue>;
    #[wasm_bindgen(method)]
    fn format(this: &DateTimeFormat, millis: f64) -> String;

    #[wasm_bindgen(js_namespace = Intl)]
    type ListFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str) -> Result<ListFormat, JsValue>;
    #[wasm_bindgen(method)]
    fn format(this: &ListFormat, items: &Array) -> String;

    #[wasm_bindgen(js_namespace = Intl, js_name = getCanonicalLocales, catch)]
    fn canonical_locales(tag: &str) -> Result<JsValue, JsValue>;
}

/// Tells whether a language tag is well formed.
pub(super) fn is_well_formed(tag: &str) -> bool {
    canonical_locales(tag).is_ok()
}

/// The formats of numbers, sizes and times in one language.
///
/// What the browser cannot format falls back to plain digits.
pub(crate) struct Formats {
    plural: Option<PluralRules>,
    number: Option<NumberFormat>,
    percent: Option<NumberFormat>,
    sizes: [Option<NumberFormat>; 3],
    time: Option<DateTimeFormat>,
    day: Option<DateTimeFormat>,
    list: Option<ListFormat>,
}

impl Formats {
    pub(super) fn new(locale: &str) -> Self {
        let number = |options: &[(&str, &str)]| NumberFormat::new(locale, &object(options)).ok();
        let date = |options: &[(&str, &str)]| DateTimeFormat::new(locale, &object(options)).ok();
        // "1 byte", "2 bytes": the short form knows no plural. The others are short in every form.
        let size = |unit, display, digits| {
            number(&[
                ("style", "unit"),
                ("unit", unit),
                ("unitDisplay", display),
                ("maximumFractionDigits", digits),
            ])
        };
        Self {
            plural: PluralRules::new(locale).ok(),
            number: number(&[]),
            percent: number(&[("style", "percent")]),
            sizes: [
                size("byte", "long", "0"),
                size("kilobyte", "short", "0"),
                size("megabyte", "short", "1"),
            ],
            time: date(&[("timeStyle", "short")]),
            day: date(&[("weekday", "long"), ("day", "numeric"), ("month", "long")]),
            list: ListFormat::new(locale).ok(),
        }
    }

    /// Returns the plural category of a number: `one`, `few`, `other`, …
    pub(super) fn plural(&self, number: u64) -> String {
        let select = |rules: &PluralRules| rules.select(number as f64);
        self.plural
            .as_ref()
            .map_or_else(|| String::from("other"), select)
    }

    pub(crate) fn number(&self, number: u64) -> String {
        format_number(self.number.as_ref(), number as f64)
    }

    /// Formats a share as a percentage.
    pub(crate) fn percent(&self, done: u64, total: u64) -> String {
        let share = if total == 0 {
            0.0
        } else {
            done as f64 / total as f64
        };
        format_number(self.percent.as_ref(), share)
    }

    /// Formats a number of bytes in the largest fitting unit, counted in steps of 1 024 as file
    /// limits are.
    pub(crate) fn bytes(&self, bytes: u64) -> String {
        let mut value = bytes as f64;
        let mut unit = 0;
        while value >= 1024.0 && unit < 2 {
            value /= 1024.0;
            unit += 1;
        }
        format_number(self.sizes.get(unit).and_then(Option::as_ref), value)
    }

    /// Joins names as one says them: "Ada, Ben and Cem".
    pub(crate) fn list(&self, items: &[String]) -> String {
        match &self.list {
            Some(list) => list.format(&items.iter().map(|item| JsValue::from_str(item)).collect()),
            None => items.join(", "),
        }
    }

    /// Formats a time of day in the visitor's zone, without seconds.
    pub(crate) fn time(&self, at: WallTime) -> String {
        self.time
            .as_ref()
            .map(|time| time.format(at.0 as f64))
            .unwrap_or_default()
    }

    /// Formats a day in the visitor's zone.
    pub(crate) fn day(&self, at: WallTime) -> String {
        self.day
            .as_ref()
            .map(|day| day.format(at.0 as f64))
            .unwrap_or_default()
    }
}

impl fmt::Debug for Formats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Formats").finish_non_exhaustive()
    }
}

/// Formats the day of a time with its year.
pub(super) fn date(locale: &str, at: WallTime) -> String {
    date_in_style(locale, "full", at)
}

/// Writes the day of a time in digits that sort, `2026-11-20`, as Swedes do.
pub(super) fn day_in_digits(at: WallTime) -> String {
    date_in_style("sv", "short", at)
}

fn date_in_style(locale: &str, style: &str, at: WallTime) -> String {
    let format = DateTimeFormat::new(locale, &object(&[("dateStyle", style)]));
    format.map_or_else(|_| String::new(), |format| format.format(at.0 as f64))
}

fn format_number(format: Option<&NumberFormat>, number: f64) -> String {
    // Without `Intl`, through JavaScript all the same: Rust's own float formatting is large.
    format.map_or_else(
        || String::from(js_sys::Number::from(number).to_locale_string("en")),
        |format| format.format(number),
    )
}

fn object(entries: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        // Setting a key of a fresh object cannot fail.
        _ = Reflect::set(&object, &JsValue::from_str(key), &JsValue::from_str(value));
    }
    object
}
