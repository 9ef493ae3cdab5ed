use leptos::prelude::document;
use wasm_bindgen::prelude::*;
use web_sys::CssStyleSheet;

/// A style sheet that the page's document has for as long as it is kept. The page's elements stay as they are.
pub(crate) struct PageSheet(CssStyleSheet);

impl PageSheet {
    /// Returns `None` where the browser refuses the sheet.
    pub(crate) fn adopt(rules: &str) -> Option<Self> {
        let sheet = CssStyleSheet::new().ok()?;
        sheet.replace_sync(rules).ok()?;
        page_sheets().push(&sheet);
        Some(Self(sheet))
    }
}

impl Drop for PageSheet {
    fn drop(&mut self) {
        let sheets = page_sheets();
        let at = sheets.index_of(&self.0);
        // The page may have taken it away.
        if at >= 0 {
            sheets.splice(at, 1);
        }
    }
}

#[wasm_bindgen]
extern "C" {
    /// A document's adopted style sheets, which can be changed in place.
    type SheetList;

    #[wasm_bindgen(method)]
    fn push(this: &SheetList, sheet: &CssStyleSheet);

    #[wasm_bindgen(method, js_name = indexOf)]
    fn index_of(this: &SheetList, sheet: &CssStyleSheet) -> i32;

    #[wasm_bindgen(method)]
    fn splice(this: &SheetList, start: i32, count: u32);
}

fn page_sheets() -> SheetList {
    document().adopted_style_sheets().unchecked_into()
}
