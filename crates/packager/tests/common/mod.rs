//! A release with stand-ins for what has to be compiled, and folders that go by themselves.
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "helpers fail tests, and each test file uses its part"
)]

use std::fs;
use std::path::{Path, PathBuf};

use parlour_config::build::{Known, Tokens};
use parlour_packager::scripts::{Script, Scripts};
use parlour_packager::{Module, Release, extras_name};

/// The file of the demo tenant.
pub(crate) const TENANT: &str = include_str!("../../../../tenants/default.toml");

/// Makes a release whose loader is as small as one can be.
pub(crate) fn release() -> Release {
    let texts = include_str!("../../../../public/locales/en.json");
    let known = Known {
        texts: serde_json::from_str(texts).unwrap(),
        tokens: Tokens::from_sheet(include_str!("../../../../style/tokens.css")),
        ..Known::default()
    };
    Release {
        version: "1.2.3".into(),
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

/// Makes a module that does nothing, of another content for each name.
pub(crate) fn module(name: &str) -> Module {
    let wasm = |part: &str| [b"\0asm\x01\0\0\0", part.as_bytes(), name.as_bytes()].concat();
    let extras = wasm("extras of ");
    Module {
        glue: format!("load(\"{}\")", extras_name(&extras)).into_bytes(),
        wasm: wasm("module of "),
        extras,
    }
}

/// A folder that is removed at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes an empty folder for a test.
    pub(crate) fn new(test: &str) -> Self {
        let name = format!("packager-{test}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        // It may be left over from a process of the same number.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// Returns the path of something in the folder.
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Reads all files of a folder and of those in it, sorted by name.
pub(crate) fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            let inner = contents(&entry.path()).into_iter();
            files.extend(inner.map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            files.push((name, fs::read(entry.path()).unwrap()));
        }
    }
    files.sort();
    files
}
