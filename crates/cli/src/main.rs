//! The program `parlour`: makes the files to host of a tenant's file and a release, without Rust. `docs/tenants.md` is its
//! manual.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    reason = "a command line program answers on its standard output"
)]

mod preview;
mod release;
mod tenant;
mod texts;

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::{Args, Parser, Subcommand};
use parlour_cli::probe;
use parlour_config::build::MissingTexts;
use parlour_packager::size::Report;
use parlour_packager::{Assets, ModuleFiles, Written, assemble};

use tenant::{Found, Source};

/// Makes the files of a chat widget for one tenant: a site with its own server, form, look and words.
///
/// Ends with 0 if all is well; with 1 if the tenant's file has mistakes, or its own dialect does not answer a probe; with 2
/// if something that is needed is not there.
#[derive(Debug, Parser)]
#[command(name = "parlour", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Writes the files that the tenant's site hosts.
    Package {
        /// The tenant's file.
        #[arg(value_name = "TENANT.toml")]
        tenant: PathBuf,
        /// The folder to write to; files of earlier packages in it are left alone.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// The chat server's address, instead of the one in the file.
        #[arg(long, value_name = "URL")]
        server_url: Option<String>,
        /// The address of the folder that the files will be hosted in, for `embed.html`.
        #[arg(long, value_name = "URL")]
        assets_url: Option<String>,
        #[command(flatten)]
        release: ReleaseArgs,
    },
    /// Reads tenants' files, tells every mistake and warning, and writes nothing.
    Check {
        /// The tenants' files.
        #[arg(value_name = "TENANT.toml", required = true)]
        tenants: Vec<PathBuf>,
        #[command(flatten)]
        release: ReleaseArgs,
    },
    /// Prints the texts that the tenant's file does not have in a language, with their English words, to be translated.
    Texts {
        /// The tenant's file.
        #[arg(value_name = "TENANT.toml")]
        tenant: PathBuf,
        /// The language: `de`, `pt-BR`.
        #[arg(long, value_name = "LOCALE")]
        locale: String,
        #[command(flatten)]
        release: ReleaseArgs,
    },
    /// Shows the tenant's chat in every state, scheme and language, in a browser, and again whenever the file is saved.
    Preview {
        /// The tenant's file.
        #[arg(value_name = "TENANT.toml")]
        tenant: PathBuf,
        /// The port of the page; 0 = any free one.
        #[arg(long, default_value_t = 8090)]
        port: u16,
        /// A chat server for the form to talk to. Without it no chat begins by the form, so that nobody is rung by accident.
        #[arg(long, value_name = "URL")]
        server_url: Option<String>,
        #[command(flatten)]
        release: ReleaseArgs,
    },
    /// Asks the tenant's chat server which of the APIs answer there, and says which dialect to write. Needs curl.
    ///
    /// Harmless: no chat is begun, and nobody is rung.
    Probe {
        /// The tenant's file.
        #[arg(value_name = "TENANT.toml")]
        tenant: PathBuf,
        /// The chat server's address, instead of the one in the file. Where that has none: the origin of the page.
        #[arg(long, value_name = "URL")]
        server_url: Option<String>,
        #[command(flatten)]
        release: ReleaseArgs,
    },
}

#[derive(Debug, Args)]
struct ReleaseArgs {
    /// The folder of the release [default: the program's own].
    #[arg(long, value_name = "DIR")]
    release: Option<PathBuf>,
}

/// The exit code where something that is needed is not there, the same as for mistakes in the command line.
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(UNUSABLE)
        }
    }
}

/// Carries out a command. Returns whether the tenant's file is good.
fn run(command: Command) -> Result<bool> {
    match command {
        Command::Package {
            tenant,
            out,
            server_url,
            assets_url,
            release,
        } => package(
            &Source::read(&tenant)?,
            &out,
            server_url.as_deref(),
            assets_url.as_deref(),
            &release,
        ),
        Command::Check { tenants, release } => check(&tenants, &release),
        Command::Texts {
            tenant,
            locale,
            release,
        } => list_texts(&Source::read(&tenant)?, &locale, &release),
        Command::Preview {
            tenant,
            port,
            server_url,
            release,
        } => {
            let folder = release::open(release.release.as_deref())?;
            preview::run(&tenant, &folder, port, server_url.as_deref()).map(|()| true)
        }
        Command::Probe {
            tenant,
            server_url,
            release,
        } => ask(&Source::read(&tenant)?, server_url.as_deref(), &release),
    }
}

fn package(
    source: &Source,
    out: &Path,
    server_url: Option<&str>,
    assets_url: Option<&str>,
    release: &ReleaseArgs,
) -> Result<bool> {
    let folder = release::open(release.release.as_deref())?;
    if folder.has_as_its_own(out) {
        bail!(
            "--out: {} is a folder of the release, where a package would replace the release's own files: \
             expected one for this package alone, such as site/acme",
            out.display()
        );
    }
    let release = folder.release()?;
    let assets = assets_url.map(Assets::at).transpose();
    let assets = assets.context("--assets-url")?;
    let Found::Good(tenant) = source.check(&release.known, server_url) else {
        return Ok(false);
    };
    let assets = assets.unwrap_or_else(|| Assets::example(&tenant.config.tenant));
    let module = ModuleFiles::of(folder.module(tenant.config.server.dialect)?)?;
    let package = assemble(&release, &tenant, &module, &assets)?;
    let other = package.other_tenant(out);
    let written = package.write(out)?;
    if let Some(other) = other {
        eprintln!(
            "warning: {} had the package of {other}: pages with its tag have the chat of {} now",
            out.display(),
            package.tenant
        );
    }
    print!("{}", Report::of(&package.files).sizes());
    println!("{}", written.describe(&package.version, out));
    if written == Written::Everything {
        println!(
            "The lines for your pages are in {}.",
            out.join("embed.html").display()
        );
    }
    Ok(true)
}

fn check(tenants: &[PathBuf], release: &ReleaseArgs) -> Result<bool> {
    let known = release::open(release.release.as_deref())?.known()?;
    let mut good = true;
    for file in tenants {
        let source = Source::read(file)?;
        match source.check(&known, None) {
            Found::Good(tenant) => println!(
                "{}: no mistakes, {}; tenant {}, {} server",
                source.name(),
                match tenant.warnings.len() {
                    1 => "1 warning".to_owned(),
                    count => format!("{count} warnings"),
                },
                tenant.config.tenant,
                tenant.config.server.dialect.name()
            ),
            Found::Mistaken => good = false,
        }
    }
    Ok(good)
}

fn list_texts(source: &Source, locale: &str, release: &ReleaseArgs) -> Result<bool> {
    let known = release::open(release.release.as_deref())?.known()?;
    let Found::Good(tenant) = source.check(&known, None) else {
        return Ok(false);
    };
    let missing = MissingTexts::of(&tenant.config, &known, locale);
    let missing = missing.map_err(|wrong| anyhow!("--locale: {wrong}"))?;
    print!("{}", texts::page(&tenant.config, locale, &missing)?);
    Ok(true)
}

fn ask(source: &Source, server_url: Option<&str>, release: &ReleaseArgs) -> Result<bool> {
    let known = release::open(release.release.as_deref())?.known()?;
    let Found::Good(tenant) = source.check(&known, server_url) else {
        return Ok(false);
    };
    let server = &tenant.config.server;
    probe::check(server)?;
    let path = env::var_os("PATH").unwrap_or_default();
    let answer = probe::ask(source.name(), server, &path)?;
    print!("{}", answer.report);
    Ok(answer.own_is_present)
}
