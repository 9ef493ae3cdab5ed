//! Bundles the style sheets that `style/index.css` and `style/extras.css` import. The widget includes the
//! bundles as text and hands them to a constructable style sheet.
//!
//! `cargo xtask` has esbuild make the bundles, minified, and names their folder in `WIDGET_STYLES`. Any other
//! build, such as `trunk serve` or a test, needs no Node.js: the sheets are joined as they are.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=WIDGET_STYLES");
    let minified = env::var_os("WIDGET_STYLES").map(PathBuf::from);
    let out = env::var_os("OUT_DIR").ok_or("cargo did not say where to write")?;
    for name in ["index.css", "extras.css"] {
        let bundle = match &minified {
            Some(folder) => read(&folder.join(name))?,
            None => join(&Path::new("style").join(name))?,
        };
        fs::write(Path::new(&out).join(name), bundle)?;
    }
    Ok(())
}

/// Joins the sheets that an index imports, in order.
fn join(index: &Path) -> Result<String, Box<dyn Error>> {
    let folder = index.parent().unwrap_or(Path::new("."));
    imports(&read(index)?)
        .map(|name| read(&folder.join(name)))
        .collect()
}

/// Lists what a sheet imports: the lines `@import "…";`.
fn imports(index: &str) -> impl Iterator<Item = PathBuf> {
    index
        .lines()
        .filter_map(|line| line.strip_prefix("@import \"")?.strip_suffix("\";"))
        .map(PathBuf::from)
}

fn read(path: &Path) -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", path.display());
    Ok(fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?)
}
