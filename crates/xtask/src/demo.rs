//! The demo: a shop with the widget and an emulated chat server, on this machine.

use std::env;
use std::fs;
use std::io::BufRead as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use parlour_config::Dialect;
use parlour_packager::Instead;

use crate::child::{Companion, tied};
use crate::package::{self, Order};
use crate::process::run;
use crate::setup::{self, Need};
use crate::site::{Site, bind};
use crate::source;
use crate::widget::Flavour;
use crate::workspace::Workspace;

/// The demo's options.
#[derive(Debug)]
pub(crate) struct Options {
    /// The tenant whose chat the shop has; it talks to the emulator, whatever its file says.
    pub(crate) tenant: String,
    /// The shop's port; 0 for any free one.
    pub(crate) port: u16,
    /// The emulator's port; 0 for any free one.
    pub(crate) emulator_port: u16,
    /// Where the emulator keeps chats and files.
    pub(crate) data: PathBuf,
    /// The API to speak, instead of the one in the tenant's file.
    pub(crate) dialect: Option<Dialect>,
    /// Whether chats are answered only by a person at the desk.
    pub(crate) no_agent: bool,
    /// How the module is compiled.
    pub(crate) stable: bool,
}

/// The emulator's address in `public/demo/index.html`, replaced by the real one.
const USUAL_SERVER: &str = "http://127.0.0.1:8888";

/// The path of the page where a person plays the agent.
const DESK: &str = "/desk/";

/// Builds everything, starts the emulator and the shop, and runs until Ctrl-C.
pub(crate) fn start(workspace: &Workspace, options: &Options) -> Result<()> {
    // First, so that a port that is taken is reported before the slow builds.
    if options.port == options.emulator_port && options.port != 0 {
        bail!(
            "--port and --emulator-port are both {}: they must differ",
            options.port
        );
    }
    let page = bind(options.port, "--port")?;
    drop(bind(options.emulator_port, "--emulator-port")?);

    // So is a mistake in the tenant's file.
    let instead = |server_url| Instead {
        server_url,
        dialect: options.dialect,
    };
    source::tenant(workspace, &options.tenant, instead(None))?;

    setup::ensure(workspace, Need::PACKAGE)?;
    let program = build_emulator(workspace)?;
    let folder = workspace.target().join("demo");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;

    let mut emulator = Emulator {
        program,
        data: options.data.clone(),
        client: folder.clone(),
        scenario: (!options.no_agent)
            .then(|| workspace.root().join("crates/emulator/scenarios/demo.toml")),
        port: options.emulator_port,
        running: None,
    };
    let server = emulator.start()?;
    let order = Order {
        tenant: &options.tenant,
        instead: instead(Some(&server)),
        flavour: Flavour::choose(workspace, options.stable),
        assets_url: None,
    };
    fill(workspace, &folder, &server, &order)?;
    serve(page, &folder, &server, &mut emulator)
}

/// Writes the shop's page and the package it includes.
fn fill(workspace: &Workspace, folder: &Path, server: &str, order: &Order<'_>) -> Result<()> {
    package::assemble(workspace, order)?.write(&folder.join("widget"))?;
    let shop = workspace.root().join("public/demo");
    for entry in fs::read_dir(&shop).with_context(|| format!("no {}", shop.display()))? {
        let entry = entry?;
        let to = folder.join(entry.file_name());
        if entry.file_name() == "index.html" {
            let page = fs::read_to_string(entry.path())?;
            if !page.contains(USUAL_SERVER) {
                bail!(
                    "the policy of the shop's page lacks {USUAL_SERVER}, so the chat could not connect"
                );
            }
            fs::write(to, page.replace(USUAL_SERVER, server))?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// An event while the demo runs.
enum Event {
    /// Ctrl-C or a signal to end.
    End,
    /// The Enter key.
    Enter,
}

fn serve(page: TcpListener, folder: &Path, server: &str, emulator: &mut Emulator) -> Result<()> {
    let shop = format!("http://{}", page.local_addr()?);
    let _site = Site::start(page, folder)?;
    let (sender, events) = mpsc::channel();
    let interrupts = sender.clone();
    ctrlc::set_handler(move || {
        // The receiver is gone only when the demo is ending.
        let _ = interrupts.send(Event::End);
    })
    .context("cannot handle Ctrl-C")?;
    thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            if line.is_err() || sender.send(Event::Enter).is_err() {
                return;
            }
        }
    });

    println!("\n  The shop:    {shop}/");
    let hint = if emulator.scenario.is_none() {
        "nobody else answers"
    } else {
        "to answer by yourself, start with --no-agent"
    };
    println!("  The desk:    {server}{DESK} ({hint})");
    println!("  The server:  {server}/\n");
    println!("Enter cuts the server's power, Enter again brings it back. Ctrl-C ends everything.");
    loop {
        match events.recv_timeout(Duration::from_millis(250)) {
            Ok(Event::End) | Err(RecvTimeoutError::Disconnected) => break,
            Ok(Event::Enter) => emulator.toggle()?,
            Err(RecvTimeoutError::Timeout) => emulator.look_after(),
        }
    }
    println!("Stopping.");
    Ok(())
}

struct Emulator {
    program: PathBuf,
    data: PathBuf,
    client: PathBuf,
    /// The scenario of the automatic agent, if there is one.
    scenario: Option<PathBuf>,
    port: u16,
    running: Option<Companion>,
}

impl Emulator {
    /// Starts the server and returns its address. A later start uses the same port.
    fn start(&mut self) -> Result<String> {
        let mut command = tied(&self.program)?;
        command.arg("--port").arg(self.port.to_string());
        command
            .arg("--data")
            .arg(&self.data)
            .arg("--client")
            .arg(&self.client);
        match &self.scenario {
            Some(scenario) => command.arg("--scenario").arg(scenario),
            None => command.arg("--no-agent"),
        };
        command.env_remove("PORT");
        let (running, line) = Companion::start("the emulator", command, Duration::from_secs(30))?;
        let server =
            address(&line).with_context(|| format!("the emulator printed no address: {line}"))?;
        self.port = server
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok())
            .unwrap_or(self.port);
        self.running = Some(running);
        Ok(server.to_owned())
    }

    /// Kills the server, or starts it again.
    fn toggle(&mut self) -> Result<()> {
        if let Some(running) = self.running.take() {
            running.cut();
            println!("The server is gone. Enter brings it back.");
        } else {
            let server = self.start()?;
            println!("The server is back: {server}/");
        }
        Ok(())
    }

    /// Reports a server that ended by itself.
    fn look_after(&mut self) {
        if let Some(status) = self.running.as_mut().and_then(Companion::ended) {
            self.running = None;
            println!("The server ended by itself ({status}). Enter brings it back.");
        }
    }
}

/// Finds the address in the line that the emulator prints when it is ready.
fn address(line: &str) -> Option<&str> {
    let start = line.find("http://")?;
    let word = line[start..].split_whitespace().next()?;
    Some(word.trim_end_matches('/'))
}

/// Builds the emulator in release mode and returns its path.
pub(crate) fn build_emulator(workspace: &Workspace) -> Result<PathBuf> {
    let mut command = workspace.cargo()?;
    command.args([
        "build",
        "--release",
        "--package=parlour-emulator",
        "--bin=parlour-emulator",
    ]);
    run(
        "compile the emulator (usually 2 min the first time)",
        &mut command,
    )?;
    let name = format!("parlour-emulator{}", env::consts::EXE_SUFFIX);
    Ok(workspace.target().join("release").join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_emulators_address_is_found_in_its_first_line() {
        let line = "parlour-emulator listening on http://127.0.0.1:40123/ now";
        assert_eq!(address(line), Some("http://127.0.0.1:40123"));
        assert_eq!(address("listening"), None);
    }

    #[test]
    fn the_emulator_serves_what_the_demo_points_to() {
        let index = include_str!("../../emulator/src/server/http/client.rs");
        assert!(index.contains(&format!("{DESK}</a>")));
    }

    #[test]
    fn the_shops_policy_lets_the_chat_reach_the_server() {
        let page = include_str!("../../../public/demo/index.html");
        let policy = page
            .lines()
            .find(|line| line.contains("connect-src"))
            .unwrap();
        assert!(policy.contains(USUAL_SERVER), "{policy}");
    }
}
