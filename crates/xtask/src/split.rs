//! Splits the compiled module in two: what every chat needs, and the extras, which the glue fetches when the
//! module asks for them (`src/components/extras.rs`).
//!
//! The two share memory and the table of functions. The split is made before wasm-bindgen, which would throw
//! away the relocations that say who needs what.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use parlour_packager::{extras_name, hash};
use wasm_split_cli_support::{Options, transform};

use crate::streams;

/// The name that the part has in `src/components/extras.rs`.
const NAME: &str = "extras";

/// The function by which the module asks for the extras; the macro `wasm_split` names it.
pub(crate) const LOAD: &str = "__wasm_split_load_extras";

/// The file from which the module would import [`LOAD`]; the glue has it instead.
pub(crate) const LINK_FILE: &str = "./__wasm_split.js";

/// This recipe's own text: what another recipe has made is not taken for up to date.
pub(crate) const RECIPE: &str = concat!(include_str!("split.rs"), include_str!("streams.rs"));

/// A module in two parts.
#[derive(Debug)]
pub(crate) struct Split {
    /// The file with what every chat needs, for wasm-bindgen.
    pub(crate) main: PathBuf,
    /// The file with the rest.
    pub(crate) extras: PathBuf,
    /// The exports of the first that the second imports.
    pub(crate) shared: Vec<String>,
}

/// Splits a module that was linked with its relocations (`--emit-relocs`). Writes the parts into `folder`.
pub(crate) fn split(compiled: &Path, folder: &Path) -> Result<Split> {
    let input =
        fs::read(compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let input = streams::take_out(&input)?;
    let main = folder.join("main.wasm");
    let mut options = Options::new(&input);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.link_name = LINK_FILE;
    let parts =
        transform(options).map_err(|error| anyhow!("cannot split the module: {error:#}"))?;
    let [extras] = &parts.split_modules[..] else {
        bail!(
            "the module must have one part, `{NAME}`, but has {:?}",
            parts.split_modules
        );
    };
    let link = folder.join(LINK_FILE);
    let link = fs::read_to_string(&link).with_context(|| format!("no {}", link.display()))?;
    Ok(Split {
        main,
        extras: extras.clone(),
        shared: shared_exports(&link)?,
    })
}

/// Reads from the link file of `wasm_split_cli_support` what the parts share.
fn shared_exports(link: &str) -> Result<Vec<String>> {
    let assigned = link
        .split_once("Object.assign(sharedImports.__wasm_split, {")
        .and_then(|(_, rest)| rest.split_once('}'))
        .context("the link file does not say what the parts of the module share")?
        .0;
    let names = assigned.split(',').map(str::trim);
    Ok(names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect())
}

/// Writes the function of the glue that fetches the extras and tells the module, by its callback, whether they
/// are there. The file stands beside the glue.
pub(crate) fn loading(extras: &[u8], shared: &[String]) -> String {
    let shared: String = shared
        .iter()
        .map(|name| format!("{name}: wasm.{name}, "))
        .collect();
    let (name, integrity) = (extras_name(extras), hash::integrity(extras));
    format!(
        "
async function loadExtras(callback, data) {{
    let loaded = false;
    for (const pause of [1000, 5000, 0]) {{
        try {{
            const options = {{ integrity: \"{integrity}\", signal: AbortSignal.timeout(15000) }};
            const reply = await fetch(new URL(\"{name}\", import.meta.url), options);
            if (!reply.ok) throw new Error(`${{reply.url}}: ${{reply.status}}`);
            const bytes = await reply.arrayBuffer();
            await WebAssembly.instantiate(bytes, {{ __wasm_split: {{ {shared}}} }});
            loaded = true;
            break;
        }} catch (error) {{
            console.warn(\"Chat: a part could not be loaded.\", error);
            // Whoever waited that long is told.
            if (!pause || error.name === \"TimeoutError\") break;
            await new Promise((resolve) => setTimeout(resolve, pause));
        }}
    }}
    // A module that has died has no table any more.
    wasm.__indirect_function_table.get?.(callback)(data, loaded);
}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_parts_share_is_read_from_the_link_file() {
        let link = "const { a, b,  } = initSync();\n Object.assign(sharedImports.__wasm_split, { a, b,  });";
        assert_eq!(shared_exports(link).unwrap(), ["a", "b"]);
        assert!(shared_exports("another form").is_err());
    }

    #[test]
    fn the_glue_fetches_the_very_file_that_is_packaged() {
        let text = loading(b"extras", &["memory".to_owned()]);
        assert!(text.contains(&extras_name(b"extras")), "{text}");
        assert!(text.contains(&hash::integrity(b"extras")), "{text}");
        assert!(
            text.contains("{ __wasm_split: { memory: wasm.memory, } }"),
            "{text}"
        );
    }

    #[test]
    fn what_is_no_module_with_relocations_is_refused() {
        let folder = std::env::temp_dir().join(format!("split-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("plain.wasm");
        fs::write(&file, b"\0asm\x01\0\0\0").unwrap();
        let words = split(&file, &folder).unwrap_err().to_string();
        assert!(words.contains("split") || words.contains("part"), "{words}");
        fs::remove_dir_all(&folder).unwrap();
    }
}
