//! `docs/features.md` names the tests that show its features: each of them exists.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

/// The section that lists what there is no test for.
const MISSING: &str = "## Not there yet";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page() -> Result<String> {
    Ok(fs::read_to_string(root().join("docs/features.md"))?)
}

/// Lists the rows of the page's tables, each as its cells.
fn rows(page: &str) -> Vec<Vec<&str>> {
    let rows = page.lines().filter(|line| line.starts_with("| "));
    rows.map(|row| row.trim_matches('|').split(" | ").collect())
        .filter(|cells: &Vec<&str>| cells[0].trim() != "feature")
        .collect()
}

/// Lists the tests that a cell names, each as its file and its name.
fn tests(cell: &str) -> Vec<(&str, &str)> {
    let quoted = cell.split('`').skip(1).step_by(2);
    quoted.filter_map(|name| name.split_once("::")).collect()
}

/// Tells whether a file has a test, or a step of one, of this name.
fn has(text: &str, file: &str, name: &str) -> bool {
    if file.ends_with(".rs") {
        return text.contains(&format!("fn {name}("));
    }
    let begins = ["it(\"", "it(`", "test(\""];
    begins.iter().any(|begin| {
        let title = [begin, name].concat();
        let mut rests = text.split(title.as_str()).skip(1);
        rests.any(|rest| rest.starts_with(['"', '`']))
    })
}

#[test]
fn every_test_that_the_page_names_exists() -> Result<()> {
    let page = page()?;
    let mut named = 0;
    for (file, name) in rows(&page).iter().flat_map(|cells| tests(cells[2])) {
        let text = fs::read_to_string(root().join(file)).with_context(|| file.to_owned())?;
        ensure!(has(&text, file, name), "{file} has no test {name}");
        named += 1;
    }
    ensure!(named > 100, "only {named} tests were found");
    Ok(())
}

#[test]
fn every_feature_names_its_test() -> Result<()> {
    let page = page()?;
    let (shown, missing) = page.split_once(MISSING).context(MISSING)?;
    for cells in rows(shown) {
        ensure!(cells.len() == 3, "{cells:?}");
        ensure!(!tests(cells[2]).is_empty(), "{} names no test", cells[0]);
    }
    ensure!(rows(missing).is_empty(), "a feature that is not there");
    ensure!(!missing.contains("\n## "), "it is the last section");
    Ok(())
}
