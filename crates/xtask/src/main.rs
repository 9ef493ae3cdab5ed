//! The project's own commands: `cargo xtask --help`.
#![expect(
    clippy::print_stdout,
    reason = "a command line program answers on its standard output"
)]

mod bench;
mod bench_widget;
mod browsers;
mod child;
mod demo;
mod e2e;
mod licences;
mod package;
mod process;
mod release;
mod setup;
mod shots;
mod shrink;
mod site;
mod source;
mod split;
mod streams;
mod tally;
mod test;
mod tools;
mod widget;
mod workspace;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use parlour_cli::probe;
use parlour_config::Dialect;
use parlour_packager::{Instead, Package, size};

use package::Order;
use setup::Need;
use test::Suite;
use widget::Flavour;
use workspace::Workspace;

/// The exit code of a wrong call, the same as for mistakes in the command line.
const USAGE: u8 = 2;

/// The project's own commands. Each installs what it needs and says so.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Installs everything that any command needs (usually 10 minutes on a fresh machine).
    Setup,
    /// Writes the files that a tenant's site hosts.
    Package {
        #[command(flatten)]
        tenant: TenantArgs,
        /// Packages every tenant there is, each in a folder of its name.
        #[arg(long, conflicts_with = "tenant")]
        all: bool,
        /// The address of the folder that the files will be hosted in, for `embed.html`; with --all that of the folder above.
        #[arg(long, value_name = "URL")]
        assets_url: Option<String>,
        /// The folder to write to; files of earlier packages in it are left alone.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Writes a release: what somebody without Rust packages tenants from, with the program `parlour` for this machine.
    Release {
        /// The folder to write to.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Use only what the stable compiler promises; the modules get about a quarter larger.
        #[arg(long)]
        stable: bool,
    },
    /// Starts a shop with the widget on it and a server that answers, until Ctrl-C.
    Demo {
        /// The tenant: the name of a file in `tenants/`, without its ending. Its chat talks to the emulator.
        #[arg(long, value_name = "NAME", default_value = "default")]
        tenant: String,
        /// The shop's port; 0 = any free one.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// The emulator's port; 0 = any free one.
        #[arg(long, default_value_t = 8888)]
        emulator_port: u16,
        /// Where the emulator keeps chats and files [default: .demo in the repository].
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// The API to speak, instead of the one in the tenant's file: gms-v2, gms-v1, gws, …
        #[arg(long, value_name = "NAME", value_parser = dialect)]
        dialect: Option<Dialect>,
        /// Lets nobody answer but whoever is at the desk.
        #[arg(long)]
        no_agent: bool,
        /// Use only what the stable compiler promises; the module gets about a quarter larger.
        #[arg(long)]
        stable: bool,
    },
    /// Asks the tenant's chat server which of the APIs answer there, and says which dialect to write.
    ///
    /// Harmless: no chat is begun, and nobody is rung. Ends with 0 if the tenant's own dialect answers, with 2 if there is
    /// nothing to ask (no such tenant, no address), and with 1 otherwise.
    Probe {
        /// The tenant: the name of a file in `tenants/`, without its ending.
        #[arg(long, value_name = "NAME", default_value = "default")]
        tenant: String,
        /// The chat server's address, instead of the one in the tenant's file. Where that has none: the origin of the page.
        #[arg(long, value_name = "URL")]
        server_url: Option<String>,
    },
    /// Runs every test, or one suite; prints each step's time and, last, the sum.
    Test {
        /// Runs only this suite; may be given several times.
        #[arg(long, value_name = "SUITE")]
        only: Vec<Suite>,
    },
    /// Weighs the package against its budgets: name, raw, gzip, brotli, budget, in bytes.
    Size {
        #[command(flatten)]
        tenant: TenantArgs,
    },
    /// Measures the emulator under load, or the widget's start, and compares the figures with their aims.
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
    /// Takes a picture of every state of the widget, light, dark and on a phone.
    Shots {
        /// The folder to write to.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Makes what the end-to-end tests need and prints where it is, as NAME=VALUE lines.
    #[command(hide = true)]
    E2eSetting,
    /// Writes the loader and the configuration for `trunk serve`, which calls this.
    #[command(hide = true)]
    DevFiles {
        /// The folder that trunk is filling.
        #[arg(long, env = "TRUNK_STAGING_DIR", value_name = "DIR")]
        out: PathBuf,
    },
    /// Writes the bundled scripts of `public/loader` without a package's values, as their tests use them.
    #[command(hide = true)]
    Scripts {
        /// The folder to write to.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Runs a program that ends when this one does.
    #[command(hide = true)]
    Tied {
        #[arg(last = true, required = true)]
        words: Vec<OsString>,
    },
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// Loads an emulator of its own with chats: latency, processor, memory, restart (about 2 minutes). `--help` lists the
    /// flags.
    #[command(disable_help_flag = true)]
    Emulator {
        /// The flags, passed on as they are.
        #[arg(
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "FLAGS"
        )]
        flags: Vec<OsString>,
    },
    /// Clicks on the launcher in Chromium, on a slow machine and line: the time until the form can be filled in, beside that
    /// of an empty module of the same size (about 4 minutes).
    Widget {
        #[command(flatten)]
        tenant: TenantArgs,
        /// Measures this package in the same run: what `cargo xtask package --out DIR` wrote from another commit.
        #[arg(long, value_name = "DIR")]
        against: Option<PathBuf>,
        /// How often each is measured.
        #[arg(long, value_name = "N", default_value_t = 9)]
        runs: usize,
    },
}

#[derive(Debug, Args)]
struct TenantArgs {
    /// The tenant: the name of a file in `tenants/`, without its ending.
    #[arg(long, value_name = "NAME", default_value = "default")]
    tenant: String,
    /// The chat server's address, instead of the one in the tenant's file.
    #[arg(long, value_name = "URL")]
    server_url: Option<String>,
    /// The API to speak, instead of the one in the tenant's file: gms-v2, gms-v1, gws, …
    #[arg(long, value_name = "NAME", value_parser = dialect)]
    dialect: Option<Dialect>,
    /// Use only what the stable compiler promises; the module gets about a quarter larger.
    #[arg(long)]
    stable: bool,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    if let Command::Tied { words } = &command {
        child::exec_tied(words)?;
    }
    let workspace = Workspace::locate()?;
    match command {
        Command::Setup => {
            setup::ensure(&workspace, Need::ALL)?;
            println!("Everything is there.");
        }
        Command::Package {
            tenant,
            all,
            assets_url,
            out,
        } => {
            let assets_url = assets_url.as_deref();
            if all {
                package_all(&workspace, &tenant, assets_url, &out)?;
            } else {
                let order = Order {
                    assets_url,
                    ..order(&workspace, &tenant)?
                };
                put(&package::assemble(&workspace, &order)?, &out)?;
            }
        }
        Command::Release { out, stable } => {
            setup::ensure(&workspace, Need::PACKAGE)?;
            release::write(&workspace, Flavour::choose(&workspace, stable), &out)?;
            println!("Written to {}.", out.display());
        }
        Command::Demo {
            tenant,
            port,
            emulator_port,
            data,
            dialect,
            no_agent,
            stable,
        } => {
            let data = data.unwrap_or_else(|| workspace.root().join(".demo"));
            demo::start(
                &workspace,
                &demo::Options {
                    tenant,
                    port,
                    emulator_port,
                    data,
                    dialect,
                    no_agent,
                    stable,
                },
            )?;
        }
        Command::Bench {
            what: Bench::Emulator { flags },
        } => {
            if !bench::emulator(&workspace, &flags)? {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Bench {
            what:
                Bench::Widget {
                    tenant,
                    against,
                    runs,
                },
        } => {
            let package = package::assemble(&workspace, &order(&workspace, &tenant)?)?;
            bench_widget::measure(&workspace, &package, against.as_deref(), runs)?;
        }
        Command::Probe { tenant, server_url } => {
            return probe(&workspace, &tenant, server_url.as_deref());
        }
        Command::Shots { out } => {
            shots::take(&workspace, &out)?;
            println!("Pictures are in {}.", out.display());
        }
        Command::E2eSetting => {
            for (name, value) in e2e::prepare(&workspace)? {
                println!("{name}={}", value.to_string_lossy());
            }
        }
        Command::DevFiles { out } => {
            setup::ensure(&workspace, &[Need::Npm])?;
            package::write_for_development(&workspace, &out)?;
        }
        Command::Scripts { out } => {
            setup::ensure(&workspace, &[Need::Npm])?;
            widget::write_scripts(&workspace, &out)?;
        }
        Command::Tied { .. } => {}
        Command::Test { only } => {
            if !test::run(&workspace, &only) {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Size { tenant } => {
            let order = order(&workspace, &tenant)?;
            let mut report = size::Report::of(&package::assemble(&workspace, &order)?.files);
            if !tenant.stable {
                let stable = Order {
                    flavour: Flavour::Stable,
                    ..order
                };
                report.add_stable(&package::assemble(&workspace, &stable)?.files);
            }
            print!("{}", report.table());
            report.assert_within_budget()?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Probes a tenant's server, and prints the findings and the dialect that is probably right.
fn probe(workspace: &Workspace, tenant: &str, server_url: Option<&str>) -> Result<ExitCode> {
    let instead = Instead {
        server_url,
        dialect: None,
    };
    let server = source::tenant(workspace, tenant, instead).and_then(|tenant| {
        source::print_warnings(&tenant);
        let server = tenant.config.server;
        probe::check(&server).map(|()| server)
    });
    let server = match server {
        Ok(server) => server,
        Err(error) => {
            eprintln!("error: {error:#}");
            return Ok(ExitCode::from(USAGE));
        }
    };
    let file = format!("tenants/{tenant}.toml");
    let answer = probe::ask(&file, &server, &workspace.path()?)?;
    print!("{}", answer.report);
    Ok(match answer.own_is_present {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Sets up, and makes an order of a command's arguments.
fn order<'a>(workspace: &Workspace, tenant: &'a TenantArgs) -> Result<Order<'a>> {
    setup::ensure(workspace, Need::PACKAGE)?;
    Ok(Order {
        tenant: &tenant.tenant,
        instead: Instead {
            server_url: tenant.server_url.as_deref(),
            dialect: tenant.dialect,
        },
        flavour: Flavour::choose(workspace, tenant.stable),
        assets_url: None,
    })
}

/// Packages every tenant into a folder of its name.
fn package_all(
    workspace: &Workspace,
    tenant: &TenantArgs,
    assets_url: Option<&str>,
    out: &Path,
) -> Result<()> {
    let names: Vec<_> = source::tenants(workspace)
        .into_iter()
        .map(|name| {
            let url = assets_url.map(|url| format!("{}/{name}", url.trim_end_matches('/')));
            (name, url)
        })
        .collect();
    let order = order(workspace, tenant)?;
    let orders: Vec<_> = names
        .iter()
        .map(|(tenant, url)| Order {
            tenant,
            assets_url: url.as_deref(),
            ..order.clone()
        })
        .collect();
    package::assemble_each(workspace, &orders, |order, package| {
        println!("\n{}", order.tenant);
        put(&package, &out.join(order.tenant))
    })
}

/// Writes a package and prints what it weighs.
fn put(package: &Package, folder: &Path) -> Result<()> {
    let written = package.write(folder)?;
    print!("{}", size::Report::of(&package.files).table());
    println!("{}", written.describe(&package.version, folder));
    Ok(())
}

/// Reads the name of a dialect; lists all names if there is none such.
fn dialect(name: &str) -> Result<Dialect, String> {
    Dialect::named(name).ok_or_else(|| {
        let names = Dialect::ALL.map(Dialect::name);
        format!("expected one of {}", names.join(", "))
    })
}
