//! Builds the widget's module: compile, bind, optimise, strip, minify.

use std::env;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result};
use parlour_config::Dialect;
use parlour_packager::scripts::Script;
use parlour_packager::{Module, hash};

use crate::process::{capture, run, timed};
use crate::setup;
use crate::shrink;
use crate::split;
use crate::tools::{NPM_PACKAGES, WASM_BINDGEN, WASM_TARGET};
use crate::workspace::Workspace;

/// How the module is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Builds the standard library too, for size, and leaves panic messages out: about a quarter
    /// smaller. Needs the standard library's source.
    Small,
    /// Uses nothing but what the stable compiler promises.
    Stable,
}

impl Flavour {
    /// Chooses the small build where it can be had and nobody asked for the stable one.
    pub(crate) fn choose(workspace: &Workspace, stable: bool) -> Self {
        if stable {
            return Self::Stable;
        }
        if setup::has_std_source(workspace) {
            return Self::Small;
        }
        eprintln!("  No rust-src: the stable build, about a quarter larger, is made instead.");
        Self::Stable
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Stable => "stable",
        }
    }
}

/// Compiles the widget for servers of one dialect and makes it small.
pub(crate) fn build(workspace: &Workspace, flavour: Flavour, dialect: Dialect) -> Result<Module> {
    let flavours = workspace.target().join("widget").join(flavour.folder());
    // Every dialect is compiled to the same file: it must be read before another build replaces it.
    let _lock = lock(&flavours)?;
    let compiled = compile(workspace, flavour, dialect)?;
    let folder = flavours.join("bound").join(dialect.name());
    let read = |path: &Path| fs::read(path).with_context(|| format!("no {}", path.display()));
    let tools = NPM_PACKAGES.iter().map(|package| package.version);
    let recipe = [
        shrink::RECIPE,
        split::RECIPE,
        include_str!("widget.rs"),
        WASM_BINDGEN.version,
    ]
    .into_iter();
    let recipe = recipe.chain(tools).collect::<String>().into_bytes();
    let current = hash::short(&[read(&compiled)?, recipe].concat());
    let [stamp, glue, wasm, extras] =
        ["stamp", "final.js", "final.wasm", "extras.wasm"].map(|name| folder.join(name));
    if fs::read_to_string(&stamp).is_ok_and(|old| old == current) {
        return Ok(Module {
            glue: read(&glue)?,
            wasm: read(&wasm)?,
            extras: read(&extras)?,
        });
    }
    // It may not be there yet.
    let _ = fs::remove_dir_all(&folder);
    let parts = split::split(&compiled, &folder.join("parts"))?;
    bind(workspace, &parts.main, &folder)?;
    let module = timed("shrink the module (usually ½ min)", || {
        shrink::shrink(workspace, &folder, &parts)
    })?;
    fs::write(&glue, &module.glue)?;
    fs::write(&wasm, &module.wasm)?;
    fs::write(&extras, &module.extras)?;
    // Last: without it nothing here counts.
    fs::write(&stamp, current)?;
    Ok(module)
}

/// Waits until no other `cargo xtask` of this checkout builds into a folder, and keeps others out until the
/// returned file is dropped.
fn lock(folder: &Path) -> Result<File> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join("lock");
    let file = File::create(&path).with_context(|| format!("cannot make {}", path.display()))?;
    if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
        eprintln!("  waiting for another build of the widget");
    }
    file.lock()
        .with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(file)
}

/// How a bundled script is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// With names and line breaks, for development and tests.
    Readable,
    /// Without them, for packages.
    Small,
}

/// Writes the templates for their tests.
pub(crate) fn write_scripts(workspace: &Workspace, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for script in Script::ALL {
        let text = bundle(workspace, script, Style::Readable)?;
        let file = folder.join(script.file_name());
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// Bundles a script, as a template: the values of a package are missing in it.
pub(crate) fn bundle(workspace: &Workspace, script: Script, style: Style) -> Result<String> {
    let (entry, format) = match script {
        Script::Loader => ("main.js", "iife"),
        classic @ Script::Element => (classic.file_name(), "iife"),
        module => (module.file_name(), "esm"),
    };
    let mut command = workspace.command(workspace.npm_program("esbuild"))?;
    command.arg(workspace.root().join("public/loader").join(entry));
    command.arg(format!("--format={format}"));
    command.args([
        "--bundle",
        "--target=es2019",
        "--legal-comments=none",
        "--charset=utf8",
        "--log-level=warning",
    ]);
    if style == Style::Small {
        command.arg("--minify");
    }
    let text = capture(&mut command).with_context(|| format!("esbuild refused {entry}"))?;
    String::from_utf8(text).context("esbuild's output is not UTF-8")
}

fn compile(workspace: &Workspace, flavour: Flavour, dialect: Dialect) -> Result<PathBuf> {
    // A folder of its own: other builds use other flags, and would start from nothing each time.
    let target = workspace.target().join("widget").join(flavour.folder());
    let mut flags = remaps(workspace)?;
    // The module is split by them.
    flags.push("-Clink-arg=--emit-relocs".into());
    let mut command = workspace.cargo()?;
    command.args([
        "build",
        "--package=parlour",
        "--bin=widget",
        "--profile=widget",
        "--no-default-features",
    ]);
    command.arg(format!("--features=split,{}", dialect.name()));
    command
        .arg(format!("--target={WASM_TARGET}"))
        .arg("--target-dir")
        .arg(&target);
    if flavour == Flavour::Small {
        command.env("RUSTC_BOOTSTRAP", "1");
        command.args([
            "-Zbuild-std=std,panic_abort",
            "-Zbuild-std-features=optimize_for_size",
        ]);
        flags.extend(
            [
                "-Zunstable-options",
                "-Cpanic=immediate-abort",
                "-Zlocation-detail=none",
                "-Zfmt-debug=none",
            ]
            .map(String::from),
        );
    }
    // As configuration, which cargo adds to what `.cargo/config.toml` says for this target. The
    // environment's variables would replace both.
    command
        .arg("--config")
        .arg(format!("target.{WASM_TARGET}.rustflags={flags:?}"))
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("WIDGET_STYLES", bundle_styles(workspace)?);
    run(
        "compile the widget (usually 2 min the first time)",
        &mut command,
    )?;
    Ok(target.join(WASM_TARGET).join("widget/widget.wasm"))
}

/// Bundles and minifies the style sheets; returns the bundles' folder.
fn bundle_styles(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target().join("widget/styles");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for name in ["index.css", "extras.css"] {
        bundle_sheet(workspace, name, &folder.join(name))?;
    }
    Ok(folder)
}

fn bundle_sheet(workspace: &Workspace, name: &str, bundle: &Path) -> Result<()> {
    let mut command = workspace.command(workspace.npm_program("esbuild"))?;
    command
        .arg(workspace.root().join("style").join(name))
        .args(["--bundle", "--minify", "--legal-comments=none"])
        // The oldest engines of three years ago: nesting, for one, must not be made of it.
        .args(["--target=chrome119,firefox119,safari17", "--charset=utf8"])
        .arg("--log-level=warning")
        .stderr(Stdio::inherit());
    let styles = timed(&format!("bundle {name}"), || capture(&mut command))?;
    // Left alone if it is the same: cargo compiles the widget anew when the file is newer.
    if fs::read(bundle).is_ok_and(|old| old == styles) {
        return Ok(());
    }
    fs::write(bundle, styles).with_context(|| format!("cannot write {}", bundle.display()))
}

/// Returns the compiler's flags that keep this machine's folders out of what others get.
pub(crate) fn remaps(workspace: &Workspace) -> Result<Vec<String>> {
    let mut pairs = vec![(workspace.root().to_path_buf(), ".")];
    let sysroot = PathBuf::from(setup::sysroot(workspace)?);
    pairs.push((sysroot.join("lib/rustlib/src/rust"), "std"));
    if let Some(home) = cargo_home() {
        pairs.push((home.clone(), "deps"));
        let sources = home.join("registry/src");
        let registries = fs::read_dir(sources).into_iter().flatten().flatten();
        pairs.extend(registries.map(|registry| (registry.path(), "deps")));
    }
    Ok(pairs
        .into_iter()
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
        .collect())
}

/// Where cargo keeps the sources of dependencies.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    let home = || env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"));
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| home().map(|home| PathBuf::from(home).join(".cargo")))
}

fn bind(workspace: &Workspace, compiled: &Path, folder: &Path) -> Result<()> {
    let mut command = workspace.command("wasm-bindgen")?;
    command.args(["--target=web", "--no-typescript", "--out-name=chat"]);
    // The loader always says where the module is.
    command.arg("--omit-default-module-path");
    // The parts of the module share what the linker exports: memory, table, the stack's pointer.
    command.arg("--keep-lld-exports");
    command.arg("--out-dir").arg(folder).arg(compiled);
    run("bind the module", &mut command)
}
