use js_sys::Array;
use parlour_config::Theme;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleDeclaration, CssStyleRule, CssStyleSheet, ShadowRoot};

/// The style sheets of `style/index.css`, tokens first.
const SHEET: &str = include_str!(concat!(env!("OUT_DIR"), "/index.css"));

/// A tenant's own values, filled in by CSSOM: nothing in them can break out of its declaration.
/// The same specificity as the built-in schemes, and later: they win.
const THEME: &str = ".root[data-scheme]{}.root[data-scheme=light]{}.root[data-scheme=dark]{}";

/// The widget's style sheets, adopted by a shadow root for as long as it is kept.
pub(super) struct Styles {
    root: ShadowRoot,
    sheets: [CssStyleSheet; 2],
}

impl Styles {
    pub(super) fn adopt(root: &ShadowRoot, theme: &Theme) -> Result<Self, JsValue> {
        let base = CssStyleSheet::new()?;
        base.replace_sync(SHEET)?;
        let sheets = [base, theme_sheet(theme)?];
        let adopted = root.adopted_style_sheets();
        for sheet in &sheets {
            adopted.push(sheet);
        }
        root.set_adopted_style_sheets(&adopted);
        Ok(Self {
            root: root.clone(),
            sheets,
        })
    }

    /// Returns the style sheet that the extras' own are added to.
    pub(super) fn base(&self) -> Base {
        Base(self.sheets[0].clone())
    }
}

/// The style sheet of the widget itself.
pub(super) struct Base(CssStyleSheet);

impl Base {
    /// Adds the style sheets of the extras.
    pub(super) fn add(&self, styles: &str) {
        // The widget works with what it has, if ever the browser refuses them.
        _ = self.0.replace_sync(&[SHEET, styles].concat());
    }
}

impl Drop for Styles {
    fn drop(&mut self) {
        let kept: Array = self
            .root
            .adopted_style_sheets()
            .iter()
            .filter(|sheet| !self.sheets.iter().any(|own| JsValue::from(own) == *sheet))
            .collect();
        self.root.set_adopted_style_sheets(&kept);
    }
}

fn theme_sheet(theme: &Theme) -> Result<CssStyleSheet, JsValue> {
    let sheet = CssStyleSheet::new()?;
    sheet.replace_sync(THEME)?;
    let both = style(&sheet, 0)?;
    let named = [("radius", &theme.radius), ("font", &theme.font)];
    for (name, value) in named {
        if let Some(value) = value {
            set(&both, name, value);
        }
    }
    for (index, tokens) in [(0, &theme.tokens), (1, &theme.light), (2, &theme.dark)] {
        let style = style(&sheet, index)?;
        for (name, value) in tokens {
            set(&style, name, value);
        }
    }
    Ok(sheet)
}

fn style(sheet: &CssStyleSheet, index: u32) -> Result<CssStyleDeclaration, JsValue> {
    let rule = sheet.css_rules()?.item(index).ok_or(JsValue::NULL)?;
    Ok(rule.unchecked_into::<CssStyleRule>().style())
}

fn set(style: &CssStyleDeclaration, token: &str, value: &str) {
    // What is no value for a custom property is left out: the built-in one stays.
    _ = style.set_property(&["--", token].concat(), value);
}
