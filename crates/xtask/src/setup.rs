//! Installation of the tools that commands need. Tools that are present are left alone.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use parlour_cli::find;

use crate::process::{self, capture, run};
use crate::tools::{self, CargoTool, NPM_PACKAGES, NpmPackage, Program, WASM_TARGET};
use crate::workspace::Workspace;

/// A requirement of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The standard library for the widget's target, and its source for the small build.
    WasmTarget,
    /// rustfmt and clippy.
    Linters,
    /// `wasm-bindgen` and its test runner.
    WasmBindgen,
    /// `wasm-opt`, `esbuild` and `axe-core`.
    Npm,
    /// Chromium and its driver.
    Chromium,
    /// Firefox, WebKit and their drivers.
    OtherBrowsers,
    /// Interpreters for the samples, and nginx.
    OtherPrograms,
    /// `cargo deny`.
    CargoDeny,
    /// `trunk serve`.
    Trunk,
}

impl Need {
    /// The requirements of all commands.
    pub(crate) const ALL: &[Self] = &[
        Self::WasmTarget,
        Self::Linters,
        Self::WasmBindgen,
        Self::Npm,
        Self::Chromium,
        Self::OtherBrowsers,
        Self::CargoDeny,
        Self::Trunk,
        Self::OtherPrograms,
    ];

    /// The requirements of `package`, `size` and `demo`.
    pub(crate) const PACKAGE: &[Self] = &[Self::WasmTarget, Self::WasmBindgen, Self::Npm];
}

/// Installs what is missing, in order. The error of the first that fails says what to type.
pub(crate) fn ensure(workspace: &Workspace, needs: &[Need]) -> Result<()> {
    for need in needs {
        match need {
            Need::WasmTarget => wasm_target(workspace)?,
            Need::Linters => linters(workspace)?,
            Need::WasmBindgen => cargo_tool(workspace, &tools::WASM_BINDGEN)?,
            Need::Npm => {
                node(workspace)?;
                npm_packages(workspace)?;
            }
            Need::Chromium => programs(workspace, tools::CHROMIUM)?,
            Need::OtherBrowsers => {
                cargo_tool(workspace, &tools::GECKODRIVER)?;
                programs(workspace, tools::OTHER_BROWSERS)?;
            }
            Need::OtherPrograms => programs(workspace, tools::OTHER_PROGRAMS)?,
            Need::CargoDeny => cargo_tool(workspace, &tools::CARGO_DENY)?,
            Need::Trunk => cargo_tool(workspace, &tools::TRUNK)?,
        }
    }
    Ok(())
}

/// Returns whether the standard library's source is installed, which the small build compiles.
pub(crate) fn has_std_source(workspace: &Workspace) -> bool {
    sysroot(workspace).is_ok_and(|root| {
        Path::new(&root)
            .join("lib/rustlib/src/rust/library/std")
            .is_dir()
    })
}

/// Returns the compiler's sysroot.
pub(crate) fn sysroot(workspace: &Workspace) -> Result<String> {
    let output = capture(workspace.command("rustc")?.args(["--print", "sysroot"]))?;
    Ok(String::from_utf8_lossy(&output).trim().to_owned())
}

fn wasm_target(workspace: &Workspace) -> Result<()> {
    let library = Path::new(&sysroot(workspace)?)
        .join("lib/rustlib")
        .join(WASM_TARGET);
    if !library.is_dir() {
        let mut command = workspace.command("rustup")?;
        run(
            "install the WebAssembly target (usually ½ min)",
            command.args(["target", "add", WASM_TARGET]),
        )
        .with_context(|| format!("type `rustup target add {WASM_TARGET}`, then try again"))?;
    }
    if !has_std_source(workspace) {
        let mut command = workspace.command("rustup")?;
        let added = run(
            "install the standard library's source (usually ½ min)",
            command.args(["component", "add", "rust-src"]),
        );
        if let Err(error) = added {
            eprintln!("  {error:#}");
            eprintln!("  Going on without: the widget will be about a quarter larger.");
            eprintln!("  To have the small build, type `rustup component add rust-src`.");
        }
    }
    Ok(())
}

fn linters(workspace: &Workspace) -> Result<()> {
    for (program, component) in [("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        // Rustup's proxies exist without the component, so only a successful run counts.
        if capture(workspace.command(program)?.arg("--version")).is_err() {
            let mut command = workspace.command("rustup")?;
            run(
                &format!("install {component} (usually ½ min)"),
                command.args(["component", "add", component]),
            )
            .with_context(|| format!("type `rustup component add {component}`, then try again"))?;
        }
    }
    Ok(())
}

fn cargo_tool(workspace: &Workspace, tool: &CargoTool) -> Result<()> {
    if tool
        .programs
        .iter()
        .all(|program| has_version(workspace, program, tool.version))
    {
        return Ok(());
    }
    let mut command = workspace.cargo()?;
    command.args([
        "install",
        tool.krate,
        "--version",
        tool.version,
        "--force",
        "--root",
    ]);
    command.arg(workspace.tools());
    if tool.locked {
        command.arg("--locked");
    }
    // Tools are optimised for build time, not for speed.
    command
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_TARGET_DIR", workspace.target().join("tools"))
        .env_remove("RUSTFLAGS");
    let label = format!(
        "install {} {} (usually {})",
        tool.krate, tool.version, tool.usually
    );
    run(&label, &mut command)?;
    // The build folder of a tool is large and not needed again.
    let _ = fs::remove_dir_all(workspace.target().join("tools"));
    Ok(())
}

fn has_version(workspace: &Workspace, program: &str, version: &str) -> bool {
    let Ok(path) = workspace.path() else {
        return false;
    };
    let Some(file) = find(program, &path) else {
        return false;
    };
    let Ok(output) = capture(Command::new(file).arg("--version")) else {
        return false;
    };
    says_version(&String::from_utf8_lossy(&output), version)
}

/// Returns whether the output of `--version` names exactly this version.
fn says_version(answer: &str, version: &str) -> bool {
    answer
        .lines()
        .next()
        .is_some_and(|line| line.split_whitespace().any(|word| word == version))
}

fn node(workspace: &Workspace) -> Result<()> {
    let advice = format!(
        "Node.js {}.{} or newer is needed: type `apt-get install nodejs npm` (or use your system's way)",
        tools::NODE.0,
        tools::NODE.1
    );
    let output = capture(workspace.command("node")?.arg("--version")).context(advice.clone())?;
    let answer = String::from_utf8_lossy(&output);
    match node_version(&answer) {
        Some(version) if version >= tools::NODE => Ok(()),
        _ => bail!("node is {}. {advice}", answer.trim()),
    }
}

/// Reads major and minor version out of `v20.1.2`.
fn node_version(answer: &str) -> Option<(u32, u32)> {
    let mut numbers = answer.trim().strip_prefix('v')?.split('.');
    let mut next = || numbers.next()?.parse().ok();
    Some((next()?, next()?))
}

fn npm_packages(workspace: &Workspace) -> Result<()> {
    let folder = workspace.npm();
    let wanting: Vec<_> = NPM_PACKAGES
        .iter()
        .filter(|package| !npm_has(&folder, package))
        .collect();
    if wanting.is_empty() {
        return Ok(());
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::write(folder.join("package.json"), npm_manifest())
        .with_context(|| format!("cannot write to {}", folder.display()))?;
    let names: Vec<_> = wanting
        .iter()
        .map(|package| format!("{}@{}", package.name, package.version))
        .collect();
    let mut command = workspace.command("npm")?;
    command.args([
        "install",
        "--no-audit",
        "--no-fund",
        "--no-package-lock",
        "--loglevel=error",
    ]);
    command.arg("--prefix").arg(&folder).current_dir(&folder);
    run(
        &format!("install {} (usually ½ min)", names.join(", ")),
        &mut command,
    )
    .context("npm could not install what packaging needs")
}

/// Writes the manifest that pins every npm package exactly.
fn npm_manifest() -> String {
    let pins: serde_json::Map<_, _> = NPM_PACKAGES
        .iter()
        .map(|package| (package.name.to_owned(), package.version.into()))
        .collect();
    let mut text = format!(
        "{:#}",
        serde_json::json!({ "private": true, "dependencies": pins })
    );
    text.push('\n');
    text
}

fn npm_has(folder: &Path, package: &NpmPackage) -> bool {
    let manifest = folder
        .join("node_modules")
        .join(package.name)
        .join("package.json");
    let Ok(text) = fs::read_to_string(manifest) else {
        return false;
    };
    serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|value| {
        value
            .get("version")
            .is_some_and(|found| found == package.version)
    })
}

fn programs(workspace: &Workspace, wanted: &[Program]) -> Result<()> {
    let path = workspace.path()?;
    let missing = missing_packages(wanted, &path);
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("apt-get install {}", missing.join(" "));
    let Some(prefix) = apt_prefix(workspace)? else {
        bail!(
            "not found: {}. Type `sudo {by_hand}` (Debian's names), or install them your \
             system's way so that they are on PATH",
            missing.join(", ")
        );
    };
    let apt = |arguments: &[&str]| -> Result<Command> {
        let mut words = prefix.iter().chain(["apt-get"].iter());
        let mut command = workspace.command(words.next().copied().unwrap_or("apt-get"))?;
        command
            .args(words)
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive");
        Ok(command)
    };
    run(
        "refresh apt's lists (usually ½ min)",
        &mut apt(&["update", "-q"])?,
    )?;
    let mut install = apt(&["install", "-y", "-q", "--no-install-recommends"])?;
    install.args(&missing);
    run(
        &format!("install {} (usually 2 min)", missing.join(", ")),
        &mut install,
    )
    .with_context(|| format!("type `{by_hand}`, then try again"))
}

fn missing_packages(wanted: &[Program], path: &OsStr) -> Vec<&'static str> {
    wanted
        .iter()
        .filter(|program| {
            program
                .programs
                .iter()
                .all(|name| find(name, path).is_none())
        })
        .map(|program| program.apt)
        .collect()
}

/// A way to call apt without a prompt: directly, through sudo, or not at all.
fn apt_prefix(workspace: &Workspace) -> Result<Option<&'static [&'static str]>> {
    let path = workspace.path()?;
    if find("apt-get", &path).is_none() {
        return Ok(None);
    }
    let root = process::capture(Command::new("id").arg("-u")).is_ok_and(|id| id == b"0\n");
    if root {
        return Ok(Some(&[]));
    }
    let sudo = process::capture(Command::new("sudo").args(["-n", "true"])).is_ok();
    Ok(sudo.then_some(&["sudo", "-n", "DEBIAN_FRONTEND=noninteractive"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_matches_whole_words_only() {
        assert!(says_version("wasm-bindgen 0.2.130\n", "0.2.130"));
        assert!(says_version(
            "geckodriver 0.37.1 ( 2024 )\nlicence text 1",
            "0.37.1"
        ));
        assert!(!says_version("wasm-bindgen 0.2.1305", "0.2.130"));
        assert!(!says_version("x 1\n0.2.130", "0.2.130"));
        assert!(!says_version("", "0.2.130"));
    }

    #[test]
    fn nodes_version_is_read() {
        assert_eq!(node_version("v20.20.2\n"), Some((20, 20)));
        assert_eq!(node_version("v18"), None);
        assert_eq!(node_version("20.1"), None);
        assert_eq!(node_version(""), None);
    }

    #[test]
    fn every_npm_package_is_pinned_exactly() {
        let manifest: serde_json::Value = serde_json::from_str(&npm_manifest()).unwrap();
        for package in NPM_PACKAGES {
            let pin = manifest["dependencies"][package.name].as_str().unwrap();
            assert!(
                pin.starts_with(|first: char| first.is_ascii_digit()),
                "{pin}"
            );
        }
    }

    #[test]
    fn a_package_is_missing_when_none_of_its_names_is_found() {
        const WANTED: &[Program] = &[
            Program {
                programs: &["no-such-browser", "sh"],
                apt: "one",
            },
            Program {
                programs: &["no-such-driver"],
                apt: "two",
            },
        ];
        assert_eq!(
            missing_packages(WANTED, OsStr::new("/bin:/usr/bin")),
            ["two"]
        );
    }

    #[test]
    fn a_program_may_be_looked_for_in_a_folder_of_its_own() {
        const WANTED: &[Program] = &[Program {
            programs: &["no-such-server", "/bin/sh"],
            apt: "one",
        }];
        assert!(missing_packages(WANTED, OsStr::new("/nowhere")).is_empty());
    }
}
