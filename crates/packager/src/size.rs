//! Weighs a package against its budgets.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use parlour_config::{Config, Dialect};

use crate::artefact::{Artefact, Fetched, Role};

/// The loader may have this many bytes, brotli 11.
const LOADER_BUDGET: usize = 4_000;

/// Returns how many bytes everything needed to chat (loader, glue, module with styles and English,
/// configuration) may have with servers of a dialect, brotli 11.
fn chat_budget(dialect: Dialect) -> usize {
    match dialect {
        // They have the CometD client beside it.
        dialect if dialect.is_pushed() => 187_000,
        _ => 182_000,
    }
}

/// Reads which dialect a package is for.
fn dialect(files: &[Artefact]) -> Dialect {
    let config = files.iter().find(|file| file.role == Role::Config);
    let text = config.and_then(|file| std::str::from_utf8(&file.raw).ok());
    let config = text.and_then(|text| Config::from_json(text).ok());
    config
        .map(|config| config.server.dialect)
        .unwrap_or_default()
}

/// Sizes in bytes, and how many of them the compressed form may have.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    name: String,
    /// When the file is fetched; nothing for sums.
    fetched: Option<Fetched>,
    raw: usize,
    gzip: usize,
    brotli: usize,
    budget: Option<usize>,
}

/// The sizes of a package's files, with their budgets.
#[derive(Debug)]
pub struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// Weighs every file that a visitor's browser fetches, one by one and together.
    pub fn of(files: &[Artefact]) -> Self {
        let (later, needed) = rows(files);
        let mut everything = sum("everything needed to chat", &needed);
        everything.budget = Some(chat_budget(dialect(files)));
        let rows = [needed, vec![everything], later].concat();
        Self { rows }
    }

    /// Adds the sum of the same package made by the stable compiler alone, for comparison.
    pub fn add_stable(&mut self, files: &[Artefact]) {
        let (_, needed) = rows(files);
        self.rows
            .push(sum("the same by the stable compiler", &needed));
    }

    /// Fails if something is over its budget, and names it.
    pub fn assert_within_budget(&self) -> Result<()> {
        match &self.over()[..] {
            [] => Ok(()),
            over => bail!("over budget: {}", over.join(", ")),
        }
    }

    /// Names what is over its budget.
    fn over(&self) -> Vec<String> {
        let over = |row: &&Row| row.budget.is_some_and(|budget| row.brotli > budget);
        self.rows
            .iter()
            .filter(over)
            .map(|row| row.name.clone())
            .collect()
    }

    /// Writes one line an artefact: name, raw, gzip, brotli, budget, in bytes.
    pub fn table(&self) -> String {
        self.lines(Some("budget"), |row| match row.budget {
            Some(budget) if row.brotli > budget => format!("{budget} OVER"),
            Some(budget) => budget.to_string(),
            None => "-".into(),
        })
    }

    /// Writes the same without the budgets, which are the project's own affair.
    pub fn sizes(&self) -> String {
        self.lines(None, |_| String::new())
    }

    fn lines(&self, title: Option<&str>, last: impl Fn(&Row) -> String) -> String {
        let names = self.rows.iter().map(|row| row.name.len());
        let width = names.max().unwrap_or(0).max(4);
        let line = |name: &str, sizes: [&str; 3], last: Option<String>| {
            let [raw, gzip, brotli] = sizes;
            let last = last.map_or_else(String::new, |last| format!("  {last:>9}"));
            format!("{name:width$}  {raw:>9}  {gzip:>9}  {brotli:>9}{last}\n")
        };
        let mut table = line("name", ["raw", "gzip", "brotli"], title.map(str::to_owned));
        for row in &self.rows {
            let sizes = [row.raw, row.gzip, row.brotli].map(|size| size.to_string());
            let last = title.map(|_| last(row));
            table += &line(&row.name, sizes.each_ref().map(String::as_str), last);
        }
        table
    }

    /// Writes the sizes as a page in Markdown, without budgets: `SIZE.md`.
    pub(crate) fn page(&self, tenant: &str, version: &str) -> String {
        let mut page = format!(
            "# What the chat of {tenant} weighs\n\nVersion {version}, in bytes.\n\n\
             | file | is fetched | raw | gzip | brotli |\n|---|---|--:|--:|--:|\n"
        );
        for row in &self.rows {
            let fetched = match row.fetched {
                Some(Fetched::WithThePage) => "with the page",
                Some(Fetched::ToChat) => "when a visitor may be about to chat",
                Some(Fetched::InAChat) => "when a chat has begun",
                Some(Fetched::ToShow) => "when it is shown",
                Some(Fetched::ForALanguage) => "for a language",
                None => "",
            };
            let Row {
                name,
                raw,
                gzip,
                brotli,
                ..
            } = row;
            // Writing to a string cannot fail.
            let _ = writeln!(page, "| {name} | {fetched} | {raw} | {gzip} | {brotli} |");
        }
        page
    }
}

/// Returns the rows of what is fetched when a chat has begun or to be shown, and of what is needed for a chat to begin.
fn rows(files: &[Artefact]) -> (Vec<Row>, Vec<Row>) {
    let fetched = files.iter().filter(|file| file.role.fetched().is_some());
    let (later, needed): (Vec<_>, Vec<_>) = fetched.partition(|file| {
        matches!(
            file.role.fetched(),
            Some(Fetched::InAChat | Fetched::ToShow | Fetched::ForALanguage)
        )
    });
    let row = |file: &Artefact| Row {
        name: file.name.clone(),
        fetched: file.role.fetched(),
        raw: file.raw.len(),
        gzip: file.gzip.len(),
        brotli: file.brotli.len(),
        budget: (file.role == Role::Loader).then_some(LOADER_BUDGET),
    };
    let rows = |files: Vec<&Artefact>| files.into_iter().map(row).collect();
    (rows(later), rows(needed))
}

/// Adds rows up to one without a budget.
fn sum(name: &str, rows: &[Row]) -> Row {
    let sum = |size: fn(&Row) -> usize| rows.iter().map(size).sum();
    Row {
        name: name.into(),
        fetched: None,
        raw: sum(|row| row.raw),
        gzip: sum(|row| row.gzip),
        brotli: sum(|row| row.brotli),
        budget: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(role: Role, name: &str, brotli: usize) -> Artefact {
        let bytes = |length| vec![0; length];
        Artefact {
            role,
            name: name.into(),
            raw: bytes(brotli * 3),
            gzip: bytes(brotli + 10),
            brotli: bytes(brotli),
        }
    }

    #[test]
    fn a_loader_over_its_budget_is_named() {
        let fits = Report::of(&[file(Role::Loader, "widget.js", LOADER_BUDGET)]);
        assert_eq!(fits.over(), Vec::<String>::new());
        let over = Report::of(&[file(Role::Loader, "widget.js", LOADER_BUDGET + 1)]);
        assert_eq!(over.over(), ["widget.js"]);
        let said = format!("{LOADER_BUDGET} OVER");
        assert!(over.table().contains(&said), "{}", over.table());
    }

    #[test]
    fn everything_that_is_fetched_before_a_chat_counts_together() {
        let files = [
            file(Role::Loader, "widget.js", 1_000),
            file(
                Role::Module,
                "chat.wasm",
                chat_budget(Dialect::GmsV2) - 1_000,
            ),
            file(Role::Extras, "extras.wasm", 50_000),
            file(Role::Licences, "THIRD-PARTY.txt", 50_000),
        ];
        assert_eq!(Report::of(&files).over(), Vec::<String>::new());
        let more = [&files[..], &[file(Role::Config, "config.json", 1)]].concat_files();
        assert_eq!(Report::of(&more).over(), ["everything needed to chat"]);
    }

    #[test]
    fn the_page_says_when_each_file_is_fetched_and_leaves_out_what_is_for_people() {
        let files = [
            file(Role::Loader, "widget.js", 1_000),
            file(Role::Module, "chat.wasm", 2_000),
            file(Role::Extras, "extras.wasm", 3_000),
            file(Role::Licences, "THIRD-PARTY.txt", 4_000),
        ];
        let page = Report::of(&files).page("acme", "1.2.3");
        let rows: Vec<_> = page.lines().skip(6).collect();
        assert_eq!(
            rows,
            [
                "| widget.js | with the page | 3000 | 1010 | 1000 |",
                "| chat.wasm | when a visitor may be about to chat | 6000 | 2010 | 2000 |",
                "| everything needed to chat |  | 9000 | 3020 | 3000 |",
                "| extras.wasm | when a chat has begun | 9000 | 3010 | 3000 |",
            ]
        );
        assert!(page.contains("acme") && page.contains("1.2.3"), "{page}");
    }

    #[test]
    fn the_stable_sum_stands_beside_and_has_no_budget() {
        let mut report = Report::of(&[file(Role::Module, "chat.wasm", 1_000)]);
        let over = chat_budget(Dialect::GmsV2) + 1;
        report.add_stable(&[file(Role::Module, "chat.wasm", over)]);
        assert_eq!(report.over(), Vec::<String>::new());
        assert!(
            report.table().contains(&over.to_string()),
            "{}",
            report.table()
        );
    }

    trait ConcatFiles {
        fn concat_files(self) -> Vec<Artefact>;
    }

    impl ConcatFiles for [&[Artefact]; 2] {
        fn concat_files(self) -> Vec<Artefact> {
            let copy = |from: &Artefact| file(from.role, &from.name, from.brotli.len());
            self.into_iter().flatten().map(copy).collect()
        }
    }
}
