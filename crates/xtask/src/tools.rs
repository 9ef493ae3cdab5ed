//! The pinned versions of every tool that the project needs besides cargo.

/// A program installed with `cargo install`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CargoTool {
    /// The crate's name on the registry.
    pub(crate) krate: &'static str,
    /// The exact version.
    pub(crate) version: &'static str,
    /// The programs that it installs; the first one is asked for its version.
    pub(crate) programs: &'static [&'static str],
    /// Whether to use the lock file that comes with the crate.
    pub(crate) locked: bool,
    /// How long an installation usually takes on two cores.
    pub(crate) usually: &'static str,
}

/// The generator of the module and its glue. Its version must equal that of the
/// `wasm-bindgen` library exactly (pinned in the root `Cargo.toml`).
pub(crate) const WASM_BINDGEN: CargoTool = CargoTool {
    krate: "wasm-bindgen-cli",
    version: "0.2.130",
    programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
    // Its lock file names a yanked crate version.
    locked: false,
    usually: "2 min",
};

/// The development server (`trunk serve`). 0.22 works too, but needs a newer
/// compiler than the pinned one.
pub(crate) const TRUNK: CargoTool = CargoTool {
    krate: "trunk",
    version: "0.21.14",
    programs: &["trunk"],
    locked: true,
    usually: "2 min",
};

/// The driver of Firefox.
pub(crate) const GECKODRIVER: CargoTool = CargoTool {
    krate: "geckodriver",
    version: "0.37.1",
    programs: &["geckodriver"],
    locked: true,
    usually: "½ min",
};

/// The check of dependencies' licences, sources and bans.
pub(crate) const CARGO_DENY: CargoTool = CargoTool {
    krate: "cargo-deny",
    version: "0.20.2",
    programs: &["cargo-deny"],
    locked: true,
    usually: "3 min",
};

/// A package installed with `npm install`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NpmPackage {
    /// The package's name on the registry.
    pub(crate) name: &'static str,
    /// The exact version.
    pub(crate) version: &'static str,
}

/// `binaryen` brings `wasm-opt`, `esbuild` bundles loader and glue, `typescript` checks the loader's types,
/// `axe-core` checks accessibility in the end-to-end tests, libraries of pages are on pages of theirs, and the npm
/// package is tried with the frameworks that it knows.
pub(crate) const NPM_PACKAGES: &[NpmPackage] = &[
    NpmPackage {
        name: "@hotwired/turbo",
        version: "8.0.23",
    },
    NpmPackage {
        name: "axe-core",
        version: "4.14.1",
    },
    NpmPackage {
        name: "binaryen",
        version: "132.0.0",
    },
    NpmPackage {
        name: "esbuild",
        version: "0.28.2",
    },
    NpmPackage {
        name: "htmx.org",
        version: "2.0.11",
    },
    NpmPackage {
        name: "jquery",
        version: "1.12.4",
    },
    NpmPackage {
        name: "mootools",
        version: "1.5.2",
    },
    NpmPackage {
        name: "prototype-js-core",
        version: "1.7.3",
    },
    NpmPackage {
        name: "react",
        version: "19.3.1",
    },
    NpmPackage {
        name: "react-dom",
        version: "19.3.1",
    },
    NpmPackage {
        name: "typescript",
        version: "7.0.2",
    },
    NpmPackage {
        name: "vue",
        version: "3.5.45",
    },
];

/// The oldest Node.js that runs `wasm-opt` and the loader's tests: major and minor version.
pub(crate) const NODE: (u32, u32) = (18, 15);

/// The target that the widget is compiled for.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A program that apt can install, such as a browser; any of `programs` is enough.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Program {
    /// The program's names on `PATH`.
    pub(crate) programs: &'static [&'static str],
    /// The Debian package that installs it.
    pub(crate) apt: &'static str,
}

/// The names of Chromium on `PATH`.
pub(crate) const CHROMIUM_NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// The names of Firefox on `PATH`.
pub(crate) const FIREFOX_NAMES: &[&str] = &["firefox-esr", "firefox"];

/// Chromium, for the component, driver and loader tests.
pub(crate) const CHROMIUM: &[Program] = &[
    Program {
        programs: CHROMIUM_NAMES,
        apt: "chromium",
    },
    Program {
        programs: &["chromedriver"],
        apt: "chromium-driver",
    },
];

/// The other two engines, for the loader and end-to-end tests.
pub(crate) const OTHER_BROWSERS: &[Program] = &[
    Program {
        programs: FIREFOX_NAMES,
        apt: "firefox-esr",
    },
    Program {
        programs: &["WebKitWebDriver"],
        apt: "webkit2gtk-driver",
    },
    Program {
        programs: &["xvfb-run"],
        apt: "xvfb",
    },
    // `xvfb-run` needs it, but its package only recommends it.
    Program {
        programs: &["xauth"],
        apt: "xauth",
    },
];

/// The programs of the emulator's tests: interpreters for `examples/`, and the server of `docs/deploy`.
pub(crate) const OTHER_PROGRAMS: &[Program] = &[
    Program {
        programs: &["curl"],
        apt: "curl",
    },
    Program {
        programs: &["jq"],
        apt: "jq",
    },
    Program {
        programs: &["python3"],
        apt: "python3",
    },
    Program {
        programs: &["php"],
        apt: "php-cli",
    },
    Program {
        // Debian installs it into a folder that is only on root's `PATH`.
        programs: &["nginx", "/usr/sbin/nginx"],
        apt: "nginx-light",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_and_the_command_of_wasm_bindgen_have_one_version() {
        let manifest = include_str!("../../../Cargo.toml");
        let Some(line) = manifest
            .lines()
            .find(|line| line.starts_with("wasm-bindgen ="))
        else {
            // The widget does not use the library yet.
            return;
        };
        assert!(
            line.contains(&format!("={}", WASM_BINDGEN.version)),
            "Cargo.toml says `{line}`, xtask installs {}",
            WASM_BINDGEN.version
        );
    }
}
