//! Takes functions out of the module's table that nothing can call.
//!
//! wasm-opt keeps whatever stands in the table, for anybody might call it by its place. Leptos links
//! `wasm_streams` for server functions, which the widget has none of: once the exports are gone that
//! lead there (see `shrink`), no place of its functions is ever handed out.

use anyhow::{Context as _, Result};
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{Elements, Module};
use wasmparser::{ElementItems, KnownCustom, Name, Parser, Payload};

/// The crates whose functions only exports lead to.
const EXPORTED_ONLY: [&str; 1] = ["wasm_streams"];

/// Rewrites a module that still has its names: another function of the table takes the place of each
/// that cannot be called.
pub(crate) fn clear(module: &[u8]) -> Result<Vec<u8>> {
    let dead = named_after(module, &EXPORTED_ONLY).context("the module's names")?;
    let mut rewritten = Module::new();
    Clear { dead }
        .parse_core_module(&mut rewritten, Parser::new(0), module)
        .context("the module cannot be rewritten")?;
    Ok(rewritten.finish())
}

/// Lists the functions whose names mention one of the crates.
fn named_after(module: &[u8], crates: &[&str]) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CustomSection(section) = payload? else {
            continue;
        };
        let KnownCustom::Name(names) = section.as_known() else {
            continue;
        };
        for name in names {
            let Name::Function(functions) = name? else {
                continue;
            };
            for function in functions {
                let function = function?;
                if crates.iter().any(|name| function.name.contains(name)) {
                    found.push(function.index);
                }
            }
        }
    }
    Ok(found)
}

struct Clear {
    dead: Vec<u32>,
}

impl Reencode for Clear {
    type Error = wasmparser::BinaryReaderError;

    fn element_items<'a>(
        &mut self,
        items: ElementItems<'a>,
    ) -> Result<Elements<'a>, reencode::Error<Self::Error>> {
        let ElementItems::Functions(functions) = items else {
            return reencode::utils::element_items(self, items);
        };
        let functions = functions.into_iter().collect::<Result<Vec<_>, _>>()?;
        let alive = |function: &u32| !self.dead.contains(function);
        let stand_in = functions.iter().copied().find(alive);
        let kept = functions
            .iter()
            .map(|function| match stand_in {
                Some(other) if !alive(function) => other,
                _ => *function,
            })
            .collect::<Vec<_>>();
        Ok(Elements::Functions(kept.into()))
    }
}
