//! Makes constants of the English texts, and bundles the style sheets that `style/index.css` and
//! `style/extras.css` import. The widget includes the bundles as text and hands them to a constructable style sheet.
//!
//! `cargo xtask` has esbuild make the bundles, minified, and names their folder in `WIDGET_STYLES`. Any other
//! build, such as `trunk serve` or a test, needs no Node.js: the sheets are joined as they are.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Map, Value};

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
    let texts = texts(&read(Path::new("public/locales/en.json"))?)?;
    fs::write(Path::new(&out).join("texts.rs"), texts)?;
    Ok(())
}

/// Writes the constants of `src/i18n/keys.rs`: of `Text` and `Count`, and `LABELS`, the texts that are found by a
/// name from the tenant's file.
fn texts(locale: &str) -> Result<String, Box<dyn Error>> {
    let locale: Map<String, Value> = serde_json::from_str(locale)?;
    let words = |key: &str| locale.get(key).and_then(Value::as_str);
    let (mut texts, mut counts, mut labels) = (Constants::default(), Constants::default(), vec![]);
    for key in locale.keys() {
        let english = words(key).ok_or(format!("{key}: expected a text"))?;
        let form = |form| words(&[key.rsplit_once('.')?.0, form].concat());
        // The words of a text that depends on a number stand under `….one` and `….other`.
        let depends_on_number = form(".one").zip(form(".other"));
        match (key.rsplit_once('.'), depends_on_number) {
            _ if is_label(key) => labels.push((key, english)),
            (Some((_, "one")), Some(_)) => {}
            (Some((base, "other")), Some((one, other))) => {
                counts.add(base, &format!("({base:?}, {one:?}, {other:?})"), other);
            }
            _ => texts.add(key, &format!("({key:?}, {english:?})"), english),
        }
    }
    Ok([
        texts.implementation("Text"),
        counts.implementation("Count"),
        "/// The texts that are found by a name from the tenant's file, by key.\n".to_owned(),
        format!("pub(super) const LABELS: &[(&str, &str)] = &{labels:#?};\n"),
    ]
    .concat())
}

/// The constants of a type.
#[derive(Default)]
struct Constants {
    lines: String,
    names: String,
}

impl Constants {
    fn add(&mut self, key: &str, value: &str, english: &str) {
        let name = constant_name(key);
        self.lines += &format!("/// {key}: {english}\npub const {name}: Self = Self(&{value});\n");
        self.names += &format!("Self::{name}, ");
    }

    fn implementation(&self, of: &str) -> String {
        let Self { lines, names } = self;
        format!(
            "impl {of} {{\n{lines}\n/// All there are.\npub const ALL: &[Self] = &[{names}];\n}}\n\n"
        )
    }
}

/// Tells whether a text is found by a name from the tenant's file: a field's, or the launcher's label.
fn is_label(key: &str) -> bool {
    let parts: Vec<&str> = key.split('.').collect();
    matches!(
        parts[..],
        ["form", _, "label" | "placeholder" | "help"] | ["launcher", "label"]
    )
}

/// Makes `FORM_INTRO_BARE` of `form.introBare`.
fn constant_name(key: &str) -> String {
    let mut name = String::new();
    for letter in key.chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(if letter == '.' {
            '_'
        } else {
            letter.to_ascii_uppercase()
        });
    }
    name
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
