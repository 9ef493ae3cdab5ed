//! `docs/servers.md` says what works as the table of the story says it.
//!
//! `PARLOUR_BLESS=1 cargo test -p parlour-e2e --test servers_page` writes its table anew.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use parlour_config::Dialect;
use parlour_config::build::{self, Known};
use parlour_e2e::{SERVERS, Step, table};

const BEGIN: &str = "<!-- works -->\n";
const END: &str = "<!-- end -->";

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/servers.md")
}

#[test]
fn the_page_has_the_table_of_the_story() -> Result<()> {
    let kept = fs::read_to_string(page())?;
    let (before, rest) = kept.split_once(BEGIN).context("no mark before the table")?;
    let (_, after) = rest.split_once(END).context("no mark after the table")?;
    let made = [before, BEGIN, &table(), END, after].concat();
    if std::env::var_os("PARLOUR_BLESS").is_some() {
        fs::write(page(), made)?;
        return Ok(());
    }
    ensure!(
        kept == made,
        "docs/servers.md is old: PARLOUR_BLESS=1 writes it anew"
    );
    Ok(())
}

#[test]
fn every_dialect_has_its_row() {
    let rows: Vec<_> = SERVERS.iter().map(|server| server.dialect).collect();
    assert_eq!(rows, Dialect::ALL);
}

#[test]
fn every_step_works_with_some_server() {
    for step in Step::ALL {
        let works = SERVERS.iter().any(|server| server.lack(step).is_none());
        assert!(works, "{step:?}");
    }
}

/// The build of a tenant's file knows the same limits: it warns of a switch that its server cannot follow, and of no
/// other.
#[test]
fn a_tenants_file_is_warned_of_what_its_server_cannot_do() -> Result<()> {
    let switches = [
        ("files", Step::FileFromVisitor),
        ("rename", Step::Rename),
        ("read_receipts", Step::ReadReceipts),
        ("typing", Step::VisitorTyping),
        ("typing_preview", Step::TypingPreview),
        ("upload_progress", Step::FileFromVisitor),
    ];
    for server in SERVERS {
        let dialect = server.dialect.name();
        let on = switches.map(|(key, _)| format!("{key} = true\n")).concat();
        let file = format!(
            "tenant = \"a\"\n[server]\ndialect = \"{dialect}\"\nservice = \"s\"\n\
             credentials = \"include\"\nheaders = {{ apikey = \"k\" }}\n[features]\n{on}"
        );
        let tenant = build::read(&file, &Known::default())?;
        let warned: Vec<&str> = tenant
            .warnings
            .iter()
            .filter_map(|warning| warning.path.strip_prefix("features."))
            .collect();
        let cannot = switches
            .iter()
            .filter(|(_, step)| server.lack(*step).is_some());
        let cannot: Vec<&str> = cannot.map(|(key, _)| *key).collect();
        ensure!(
            warned == cannot,
            "{dialect}: warned of {warned:?}, cannot {cannot:?}"
        );
    }
    Ok(())
}
