//! Makes the bound module small: what the loader cannot reach goes, from glue and module alike, and
//! the long names with which the two know each other become short ones.
//!
//! wasm-bindgen exports everything that any dependency declares, used or not, and names each import
//! by function and hash: a few kilobytes of the visitor's time for nothing. Its output has a fixed
//! form, and its version is pinned; whatever does not look as expected is an error.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use parlour_packager::Module;
use serde::Deserialize;

use crate::process::capture;
use crate::split::{self, Split};
use crate::workspace::Workspace;

/// The last step of wasm-opt: browsers have no use for the list of features.
const STRIP_FEATURES: &str = "--strip-target-features";

/// The names that the loader imports from the glue; everything else must be reachable from it.
const ENTRY: &str = "export { default, mount, sever } from \"./glue.js\";\n";

/// The function by which the loader puts a dead module out of action: after a panic its timers and listeners are
/// still registered with the browser, and must find nothing to call.
const SEVER: &str = "
export function sever() {
    wasm = new Proxy({}, { get: () => () => undefined });
}
";

/// The document, read through its prototype. Named elements shadow its own members: with
/// `<img name="createElement">` on the page, `document.createElement` is the image.
const NATIVE_DOCUMENT: &str = "
const nativeDocument = new Proxy(document, {
    get(target, name) {
        const value = Reflect.get(Document.prototype, name, target);
        return typeof value === \"function\" ? value.bind(target) : value;
    },
    set: (target, name, value) => Reflect.set(Document.prototype, name, value, target),
});
";

/// The name under which the module imports from the glue.
const MODULE: &str = "\"./chat_bg.js\"";

/// The line that opens the object of what the module imports.
const OPENING: &str = "    const import0 = {";

/// The module's name for it after wasm-opt has shortened names.
const SHORT_MODULE: &str = "\"a\"";

/// This recipe's own text: what another recipe has made is not taken for up to date.
pub(crate) const RECIPE: &str = include_str!("shrink.rs");

/// How wasm-opt makes a module small.
const OPTIONS: [&str; 10] = [
    // The first kilobyte is the end of the stack, which holds no data.
    "--low-memory-unused",
    // Control flow made anew, from its flat form: smaller than what LLVM makes.
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    // A function with one caller is worth inlining only if it is short.
    "--one-caller-inline-max-function-size=40",
    "--always-inline-max-function-size=4",
    // By crate and type: functions that resemble each other compress better side by side.
    "--reorder-functions-by-name",
    "--strip-debug",
    "--strip-producers",
];

/// Reads `chat.js` and `chat_bg.wasm` in `folder`, as wasm-bindgen wrote them, and the extras as they were split
/// off. Returns the minified glue and the optimised, stripped modules.
pub(crate) fn shrink(workspace: &Workspace, folder: &Path, parts: &Split) -> Result<Module> {
    let tools = Tools { workspace, folder };
    let extras = tools.optimise(&parts.extras)?;
    let bound = fs::read_to_string(folder.join("chat.js")).context("the module is not bound")?;
    let mut glue = prepare(&bound)? + &split::loading(&extras, &parts.shared);
    // Each round may free the other side of something: it ends when nothing goes any more.
    for _ in 0..10 {
        let used = exports_used(&tools.bundle(&glue, &[])?);
        for needed in ["memory", "__wbindgen_start", "mount"] {
            if !used.contains(needed) {
                bail!("the glue does not call `{needed}`: wasm-bindgen's output must have changed");
            }
        }
        tools.keep_exports(&used)?;
        let names = tools.short_names("lean.wasm", &[])?;
        let fewer = keep_imports(&glue, &names.imports())?;
        if fewer == glue {
            break;
        }
        glue = fewer;
    }
    // Stripped only here: the section that lists the target's features tells wasm-opt what it may
    // use.
    let options = [&OPTIONS[..], &[STRIP_FEATURES]].concat();
    let names = tools.short_names("lean.wasm", &options)?;
    let glue = keep_imports(&glue, &names.imports())?;
    let minified = tools.bundle(&rename(&glue, &names)?, &["--minify"])?;
    Ok(Module {
        glue: minified.into_bytes(),
        wasm: read_module(&folder.join(NAMED))?,
        extras,
    })
}

fn read_module(file: &Path) -> Result<Vec<u8>> {
    let module = fs::read(file)?;
    if !module.starts_with(b"\0asm") {
        bail!("wasm-opt wrote no module");
    }
    Ok(module)
}

/// The file that [`Tools::short_names`] writes.
const NAMED: &str = "named.wasm";

struct Tools<'a> {
    workspace: &'a Workspace,
    folder: &'a Path,
}

impl Tools<'_> {
    /// Leaves out of the glue what the loader cannot reach.
    fn bundle(&self, glue: &str, options: &[&str]) -> Result<String> {
        fs::write(self.folder.join("glue.js"), glue)?;
        fs::write(self.folder.join("entry.js"), ENTRY)?;
        let mut command = self
            .workspace
            .command(self.workspace.npm_program("esbuild"))?;
        command
            .arg("entry.js")
            .args(["--bundle", "--format=esm", "--target=es2020"]);
        command.args([
            "--legal-comments=none",
            "--charset=utf8",
            "--log-level=warning",
        ]);
        command.args(options).current_dir(self.folder);
        let text = capture(&mut command).context("esbuild refused the glue")?;
        String::from_utf8(text).context("esbuild's output is not UTF-8")
    }

    /// Writes `lean.wasm`: the module with these exports and what they reach.
    fn keep_exports(&self, used: &BTreeSet<String>) -> Result<()> {
        let mut graph =
            vec![serde_json::json!({ "name": "loader", "root": true, "reaches": used })];
        graph.extend(
            used.iter()
                .map(|name| serde_json::json!({ "name": name, "export": name })),
        );
        fs::write(self.folder.join("graph.json"), serde_json::to_vec(&graph)?)?;
        let mut command = self
            .workspace
            .command(self.workspace.npm_program("wasm-metadce"))?;
        command.args(["chat_bg.wasm", "--graph-file=graph.json", "-g"]);
        command.args(["-o", "lean.wasm"]);
        capture(command.current_dir(self.folder))?;
        Ok(())
    }

    /// Optimises and strips a part of the module. It keeps the names by which it shares with the others.
    fn optimise(&self, part: &Path) -> Result<Vec<u8>> {
        const SMALL: &str = "extras.small.wasm";
        let mut command = self
            .workspace
            .command(self.workspace.npm_program("wasm-opt"))?;
        command
            .arg(part)
            .args(OPTIONS)
            .args([STRIP_FEATURES, "-o", SMALL]);
        capture(command.current_dir(self.folder))?;
        read_module(&self.folder.join(SMALL))
    }

    /// Writes `named.wasm`, a module with short names, and returns which they are.
    fn short_names(&self, from: &str, options: &[&str]) -> Result<Names> {
        let mut command = self
            .workspace
            .command(self.workspace.npm_program("wasm-opt"))?;
        command.arg(from).args(options);
        command.args(["--minify-imports-and-exports-and-modules", "-o", NAMED]);
        let answer = capture(command.current_dir(self.folder))?;
        serde_json::from_slice(&answer).context("wasm-opt printed the new names in an unknown form")
    }
}

/// The names that wasm-opt has changed.
#[derive(Debug, Deserialize)]
struct Names {
    /// Module, old name, new name.
    imports: Vec<(String, String, String)>,
    /// Old name, new name.
    exports: Vec<(String, String)>,
}

impl Names {
    fn imports(&self) -> BTreeMap<&str, &str> {
        self.imports
            .iter()
            .map(|(_, old, new)| (old.as_str(), new.as_str()))
            .collect()
    }
}

/// Gives the glue the form that lets a bundler see what is not needed, and adds [`SEVER`] and
/// [`NATIVE_DOCUMENT`].
fn prepare(bound: &str) -> Result<String> {
    let bound = &link_extras(bound)?;
    if bound.lines().any(|line| line.starts_with("import ")) {
        bail!("the module imports JavaScript files, which no package has");
    }
    if bound.matches(MODULE).count() != 1 || !bound.lines().any(|line| line.starts_with("let wasm"))
    {
        bail!("wasm-bindgen's glue has an unknown form");
    }
    let lines = bound
        .lines()
        .filter(|line| !line.starts_with("if (Symbol.dispose)"));
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    let pure = text.replace(
        "new FinalizationRegistry(",
        "/* @__PURE__ */ new FinalizationRegistry(",
    );
    Ok(use_native_document(&pure)? + SEVER + NATIVE_DOCUMENT)
}

/// Has the module import the function that loads the extras from the glue, instead of from a file of its own.
fn link_extras(bound: &str) -> Result<String> {
    let names_file = |line: &&str| line.contains(&format!("\"{}\"", split::LINK_FILE));
    if bound.lines().filter(names_file).count() < 2 {
        bail!("the module does not load its extras");
    }
    let text: String = bound
        .lines()
        .filter(|line| !names_file(line))
        .flat_map(|line| [line, "\n"])
        .collect();
    Ok(text.replacen(
        OPENING,
        &format!("{OPENING}\n        {}: loadExtras,", split::LOAD),
        1,
    ))
}

/// Replaces the document in the getter `Window::document`, from where everything else has it.
fn use_native_document(glue: &str) -> Result<String> {
    const GETTER: &str = "arg0.document;";
    let is_whole = |end: usize| !glue[end..].starts_with(is_identifier);
    let reads = glue.match_indices(".document");
    let reads = reads.filter(|(start, word)| is_whole(start + word.len()));
    if reads.count() != 1 || !glue.contains(GETTER) {
        bail!("the glue must read the document in one place, the getter of the window");
    }
    Ok(glue.replace(GETTER, "nativeDocument;"))
}

/// Lists the module's exports that a script calls or reads.
fn exports_used(script: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let _ = map_exports(script, |name| {
        used.insert(name.to_owned());
        Ok(name)
    });
    used
}

/// Rewrites every `wasm.name` of a script.
fn map_exports<'a>(
    script: &'a str,
    mut map: impl FnMut(&'a str) -> Result<&'a str>,
) -> Result<String> {
    const OBJECT: &str = "wasm.";
    let mut out = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(at) = rest.find(OBJECT) {
        let (before, after) = (&rest[..at], &rest[at + OBJECT.len()..]);
        let end = after
            .find(|c: char| !is_identifier(c))
            .unwrap_or(after.len());
        out.push_str(before);
        out.push_str(OBJECT);
        let whole_word = !before.ends_with(|c: char| is_identifier(c) || c == '.' || c == '/');
        out.push_str(if whole_word && end > 0 {
            map(&after[..end])?
        } else {
            &after[..end]
        });
        rest = &after[end..];
    }
    out.push_str(rest);
    Ok(out)
}

fn is_identifier(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// Removes the functions that the module does not import from the object of imports.
fn keep_imports(glue: &str, wanted: &BTreeMap<&str, &str>) -> Result<String> {
    edit_imports(glue, |name| wanted.contains_key(name).then_some(name)).and_then(|(text, seen)| {
        match wanted.keys().find(|name| !seen.contains(**name)) {
            Some(name) => bail!("the module imports `{name}`, which the glue does not have"),
            None => Ok(text),
        }
    })
}

/// Gives imports, exports and the module the names that wasm-opt has given them.
fn rename(glue: &str, names: &Names) -> Result<String> {
    let imports = names.imports();
    let exports: BTreeMap<_, _> = names
        .exports
        .iter()
        .map(|(old, new)| (old.as_str(), new.as_str()))
        .collect();
    let (glue, _) = edit_imports(glue, |name| imports.get(name).copied())?;
    let glue = map_exports(&glue, |name| {
        // What the loader cannot reach is still in the text, and calls what the module has lost.
        Ok(exports.get(name).copied().unwrap_or(name))
    })?;
    Ok(glue.replace(MODULE, SHORT_MODULE))
}

/// Renames or, at `None`, removes the entries of the object of imports. Returns the names it saw.
///
/// The object is `const import0 = {`, then entries that begin with eight spaces and a name and end
/// with a line of eight spaces and a brace, then `    };`.
fn edit_imports<'a>(
    glue: &'a str,
    mut edit: impl FnMut(&'a str) -> Option<&'a str>,
) -> Result<(String, BTreeSet<&'a str>)> {
    const CLOSING: &str = "    };";
    let mut out = String::with_capacity(glue.len());
    let mut seen = BTreeSet::new();
    let mut lines = glue.lines();
    for line in lines.by_ref() {
        out.push_str(line);
        out.push('\n');
        if line == OPENING {
            break;
        }
    }
    let mut keep = true;
    for line in lines.by_ref() {
        if line == CLOSING {
            out.push_str(line);
            out.push('\n');
            break;
        }
        match entry(line) {
            Some((name, rest)) => {
                seen.insert(name);
                let new = edit(name);
                keep = new.is_some();
                if let Some(new) = new {
                    out.push_str(&format!("        {new}:{rest}\n"));
                }
            }
            None if keep || line.trim_start().starts_with("__proto__") => {
                out.push_str(line);
                out.push('\n');
            }
            None => {}
        }
    }
    if seen.is_empty() {
        bail!("the glue's object of imports is not where it is expected");
    }
    out.extend(lines.flat_map(|line| [line, "\n"]));
    Ok((out, seen))
}

/// Splits the first line of an entry of the object of imports into its name and the rest.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.strip_prefix("        ")?.split_once(':')?;
    let named = !name.is_empty() && name.chars().all(is_identifier) && name != "__proto__";
    named.then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "\
import * as import1 from \"./__wasm_split.js\"
export function mount(options) {
    const ret = wasm.mount(options);
    return Handle.__wrap(ret);
}
if (Symbol.dispose) Handle.prototype[Symbol.dispose] = Handle.prototype.free;
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_call_0a: function() { return handleError(function (arg0) {
            const ret = arg0.call({
                a: wasm.inner,
            });
            return ret;
        }, arguments); },
        __wbg_call_0a1: function(arg0) {
            // No entry: wasm.inner_17
            arg0.call();
        },
        __wbg_documentElement_0b: function(arg0) {
            const ret = arg0.documentElement;
            return addToExternrefTable0(ret);
        },
        __wbg_document_0c: function(arg0) {
            const ret = arg0.document;
            return addToExternrefTable0(ret);
        },
    };
    return {
        __proto__: null,
        \"./chat_bg.js\": import0,
        \"./__wasm_split.js\": import1,
    };
}
let wasmModule, wasm;
const registry = new FinalizationRegistry(ptr => wasm.free(ptr, 1));
";

    fn names(imports: &[(&str, &str)], exports: &[(&str, &str)]) -> Names {
        Names {
            imports: imports
                .iter()
                .map(|(old, new)| ("./chat_bg.js".into(), (*old).into(), (*new).into()))
                .collect(),
            exports: exports
                .iter()
                .map(|(old, new)| ((*old).into(), (*new).into()))
                .collect(),
        }
    }

    #[test]
    fn what_the_script_calls_is_found_by_its_whole_name() {
        let used: Vec<_> = exports_used(GLUE).into_iter().collect();
        assert_eq!(used, ["free", "inner", "inner_17", "mount"]);
        assert!(exports_used("x.wasm.a; chat.wasm.b; 'a/wasm.c'").is_empty());
    }

    #[test]
    fn imports_that_are_not_wanted_go_whole() {
        let names = names(&[("__wbg_call_0a1", "b")], &[]);
        let kept = keep_imports(GLUE, &names.imports()).unwrap();
        assert!(
            !kept.contains("handleError") && !kept.contains("wasm.inner,"),
            "{kept}"
        );
        assert!(
            kept.contains("        __wbg_call_0a1: function(arg0) {\n"),
            "{kept}"
        );
        assert!(
            kept.contains("    const import0 = {\n        __proto__: null,\n"),
            "{kept}"
        );
        assert_eq!(keep_imports(&kept, &names.imports()).unwrap(), kept);
    }

    #[test]
    fn an_import_that_the_glue_lacks_is_refused() {
        let words = keep_imports(GLUE, &names(&[("__wbg_new", "a")], &[]).imports());
        assert!(words.unwrap_err().to_string().contains("__wbg_new"));
    }

    #[test]
    fn both_sides_get_the_same_short_names() {
        let names = names(
            &[("__wbg_call_0a", "A"), ("__wbg_call_0a1", "B")],
            &[("mount", "ka"), ("inner", "la"), ("inner_17", "ma")],
        );
        let short = rename(GLUE, &names).unwrap();
        assert!(
            short.contains("        A: function() { return handleError("),
            "{short}"
        );
        assert!(short.contains("        B: function(arg0) {"), "{short}");
        assert!(short.contains("const ret = wasm.ka(options)"), "{short}");
        assert!(
            short.contains("a: wasm.la,") && short.contains("wasm.ma"),
            "{short}"
        );
        assert!(
            short.contains("\"a\": import0") && !short.contains("chat_bg"),
            "{short}"
        );
    }

    #[test]
    fn the_module_has_the_document_past_named_elements() {
        let prepared = prepare(GLUE).unwrap();
        assert!(prepared.contains("const ret = nativeDocument;"));
        assert!(prepared.contains("const nativeDocument = new Proxy(document, {"));
        assert!(prepared.contains("const ret = arg0.documentElement;"));
        for other in ["arg0.other", "arg1.document", "arg0.document.body"] {
            assert!(prepare(&GLUE.replace("arg0.document;", &format!("{other};"))).is_err());
        }
        let twice = format!("{GLUE}function other(arg1) {{ return arg1.document; }}\n");
        assert!(prepare(&twice).is_err());
    }

    #[test]
    fn the_module_loads_its_extras_by_the_glue() {
        let prepared = prepare(GLUE).unwrap();
        assert!(
            prepared.contains("        __wasm_split_load_extras: loadExtras,\n"),
            "{prepared}"
        );
        assert!(!prepared.contains("__wasm_split.js"), "{prepared}");
    }

    #[test]
    fn glue_of_another_form_is_refused() {
        let snippets = format!("import {{ x }} from './snippets/x.js';\n{GLUE}");
        assert!(prepare(&snippets).is_err());
        assert!(prepare(&GLUE.replace("let wasm", "var wasm")).is_err());
        assert!(prepare(&GLUE.replace("./chat_bg.js", "./other_bg.js")).is_err());
        assert!(keep_imports("function x() {}\n", &BTreeMap::new()).is_err());
        let prepared = prepare(GLUE).unwrap();
        assert!(prepared.contains("@__PURE__") && prepared.contains("export function sever"));
        assert!(!prepared.contains("Symbol.dispose"));
        let whole = GLUE.replace("import * as import1 from \"./__wasm_split.js\"\n", "");
        assert!(prepare(&whole).is_err());
    }
}
