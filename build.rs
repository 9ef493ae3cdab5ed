//! Bundles the widget's style sheets: `style/tokens.css` first, the others by name, made small.
//! The widget includes the result as text and hands it to a constructable style sheet.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

// The command that packages the widget has the same need, and the tests.
#[path = "crates/xtask/src/css.rs"]
mod css;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=style");
    println!("cargo::rerun-if-changed=crates/xtask/src/css.rs");
    let out = env::var_os("OUT_DIR").ok_or("cargo did not say where to write")?;
    let mut bundle = String::new();
    for sheet in sheets(Path::new("style"))? {
        let text =
            fs::read_to_string(&sheet).map_err(|error| format!("{}: {error}", sheet.display()))?;
        bundle.push_str(&css::minify(&text));
    }
    fs::write(Path::new(&out).join("widget.css"), bundle)?;
    Ok(())
}

/// Lists the style sheets of a folder in the order in which they apply.
fn sheets(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "css") {
            found.push(path);
        }
    }
    // Tokens come first: everything else refers to them.
    found.sort_by_key(|path| {
        (
            path.file_name().is_none_or(|name| name != "tokens.css"),
            path.clone(),
        )
    });
    Ok(found)
}
