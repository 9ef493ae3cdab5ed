//! A folder with a release of stand-ins for what has to be compiled, and a tenant's file; and the program run in it.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use parlour_config::Dialect;
use parlour_config::build::{Known, Tokens};
use parlour_packager::scripts::{Script, Scripts};
use parlour_packager::{Module, Release, ReleaseFolder, extras_name};

/// A tenant's file without mistakes.
pub(crate) const TENANT: &str = "\
tenant = \"acme\"

[server]
url = \"http://127.0.0.1:8888\"
service = \"sales\"

[texts.en]
\"launcher.label\" = \"Chat with Acme\"

";

/// A folder with a release and a tenant's file, removed at the end.
pub(crate) struct Scene(pub(crate) PathBuf);

/// What the program has answered.
pub(crate) struct Run {
    pub(crate) status: Option<i32>,
    pub(crate) output: String,
    pub(crate) errors: String,
}

impl Scene {
    pub(crate) fn new(test: &str) -> Self {
        let name = format!("{test}-{}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        // It may be left over from a process of the same number.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let modules = Dialect::ALL.map(|dialect| (dialect, module(dialect)));
        ReleaseFolder::write(&folder.join("release"), &release(), &modules).unwrap();
        fs::write(folder.join("acme.toml"), TENANT).unwrap();
        Self(folder)
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Puts the program into the release. As a link: a file that was just written may still be open in a process that
    /// another test has forked, and is refused then.
    pub(crate) fn put_program(&self) -> PathBuf {
        let name = format!("parlour{}", std::env::consts::EXE_SUFFIX);
        let program = self.join("release").join(name);
        fs::hard_link(env!("CARGO_BIN_EXE_parlour"), &program).unwrap();
        program
    }

    /// Runs the program in the folder, with the release there.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_alone(&[arguments, &["--release", "release"]].concat())
    }

    pub(crate) fn run_alone(&self, arguments: &[&str]) -> Run {
        run(Path::new(env!("CARGO_BIN_EXE_parlour")), &self.0, arguments)
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn run(program: &Path, folder: &Path, arguments: &[&str]) -> Run {
    let mut command = Command::new(program);
    let output = command
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    Run {
        status: output.status.code(),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(crate) fn release() -> Release {
    let read = |text| -> BTreeMap<String, String> { serde_json::from_str(text).unwrap() };
    let known = Known {
        texts: read(include_str!("../../../../public/locales/en.json")),
        tokens: Tokens::from_sheet(include_str!("../../../../style/tokens.css")),
        ..Known::default()
    };
    Release {
        version: env!("CARGO_PKG_VERSION").into(),
        scripts: Scripts::read(|script| {
            Ok(match script {
                Script::Loader => "(()=>{const b=__BUILD__;start(b)})();\n".into(),
                _ => "const b=__BUILD__;export{b as mount};\n".into(),
            })
        })
        .unwrap(),
        known,
        types: "declare namespace __NAME__ {}\n".into(),
        licences: "used 1.0.0: MIT\n".into(),
    }
}

pub(crate) fn module(dialect: Dialect) -> Module {
    let wasm = |part: &str| [b"\0asm", part.as_bytes(), dialect.name().as_bytes()].concat();
    let extras = wasm("extras of ");
    Module {
        glue: format!("load(\"{}\")", extras_name(&extras)).into_bytes(),
        wasm: wasm("module of "),
        extras,
    }
}

/// Reads all files of a folder and of those in it.
pub(crate) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            let inner = contents(&entry.path()).into_iter();
            files.extend(inner.map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    files
}
