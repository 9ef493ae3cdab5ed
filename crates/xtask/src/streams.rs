//! Takes the streams of a library out of the compiled module.
//!
//! Leptos brings `server_fn`, which the widget does not use, and that brings `wasm-streams`. Its classes are exported
//! for JavaScript, so the linker keeps them with all that they reach; once they stand in the table of functions, no
//! later tool can tell that nobody calls them. wasm-bindgen wants the exports that it is told of, so they stay, and
//! lead to whichever function of their type is the smallest. The glue's side of them goes with what the loader cannot
//! reach.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use wasm_encoder::{ExportKind, ExportSection, Module, RawSection};
use wasmparser::{CompositeInnerType, Export, ExternalKind, FuncType, Parser, Payload, TypeRef};

/// Returns the module with every export of the streams leading to the smallest function of its type.
pub(crate) fn take_out(module: &[u8]) -> Result<Vec<u8>> {
    let functions = Functions::read(module)?;
    let mut made = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.context("the compiler wrote no module")?;
        if let Payload::ExportSection(exports) = &payload {
            let exports = exports.clone().into_iter().collect::<Result<Vec<_>, _>>()?;
            let mut section = ExportSection::new();
            for export in &exports {
                let index = match is_of_streams(export) {
                    true => functions.smallest_like(export.index),
                    false => export.index,
                };
                section.export(export.name, ExportKind::from(export.kind), index);
            }
            made.section(&section);
        } else if let Some((id, range)) = payload.as_section() {
            let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
            let data = module.get(range).context("the module is cut off")?;
            made.section(&RawSection { id, data });
        }
    }
    Ok(made.finish())
}

/// Tells whether an export is a method of the streams' classes, or frees one of their objects.
fn is_of_streams(export: &Export<'_>) -> bool {
    let name = export.name;
    export.kind == ExternalKind::Func
        && (name.starts_with("intounderlying") || name.starts_with("__wbg_intounderlying"))
}

/// What is known of a module's functions, by their indices.
#[derive(Debug, Default)]
struct Functions {
    /// The type of each.
    types: BTreeMap<u32, FuncType>,
    /// The smallest of each type that has code here: the length of its code in bytes, and its index.
    smallest: BTreeMap<FuncType, (u64, u32)>,
}

impl Functions {
    fn read(module: &[u8]) -> Result<Self> {
        let mut read = Self::default();
        let mut types = Vec::new();
        let (mut declared, mut defined) = (0, 0);
        for payload in Parser::new(0).parse_all(module) {
            match payload.context("the compiler wrote no module")? {
                Payload::TypeSection(section) => {
                    for group in section {
                        types.extend(group?.into_types().map(
                            |own| match own.composite_type.inner {
                                CompositeInnerType::Func(own) => Some(own),
                                _ => None,
                            },
                        ));
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        if let TypeRef::Func(of) = import?.ty {
                            read.declare(declared, of, &types);
                            declared += 1;
                        }
                    }
                    defined = declared;
                }
                Payload::FunctionSection(section) => {
                    for of in section {
                        read.declare(declared, of?, &types);
                        declared += 1;
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let range = body.range();
                    read.define(defined, range.end - range.start);
                    defined += 1;
                }
                _ => {}
            }
        }
        Ok(read)
    }

    fn declare(&mut self, function: u32, of: u32, types: &[Option<FuncType>]) {
        let of = usize::try_from(of).ok().and_then(|of| types.get(of));
        if let Some(Some(of)) = of {
            self.types.insert(function, of.clone());
        }
    }

    fn define(&mut self, function: u32, length: u64) {
        if let Some(of) = self.types.get(&function) {
            let smallest = self.smallest.entry(of.clone());
            let smallest = smallest.or_insert((length, function));
            *smallest = (*smallest).min((length, function));
        }
    }

    /// Finds the smallest function of a function's type.
    fn smallest_like(&self, function: u32) -> u32 {
        let of = self.types.get(&function);
        let smallest = of.and_then(|of| self.smallest.get(of));
        smallest.map_or(function, |(_, smallest)| *smallest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{CodeSection, Function, FunctionSection, TypeSection, ValType};

    #[test]
    fn exports_of_streams_lead_to_the_smallest_of_their_type_and_others_stay() {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        types.ty().function([], [ValType::I32]);
        let (mut functions, mut code, mut exports) = (
            FunctionSection::new(),
            CodeSection::new(),
            ExportSection::new(),
        );
        for (at, (name, of, work)) in [
            ("intounderlyingsource_cancel", 0, 3),
            ("__wbg_intounderlyingsource_free", 0, 1),
            ("intounderlyingsource_pull", 1, 2),
            ("mount", 0, 9),
        ]
        .into_iter()
        .enumerate()
        {
            functions.function(of);
            let mut body = Function::new([]);
            for _ in 0..work {
                body.instructions().nop();
            }
            if of == 1 {
                body.instructions().i32_const(1);
            }
            body.instructions().end();
            code.function(&body);
            exports.export(name, ExportKind::Func, u32::try_from(at).unwrap());
        }
        module
            .section(&types)
            .section(&functions)
            .section(&exports)
            .section(&code);

        let made = take_out(&module.finish()).unwrap();
        let mut seen = Vec::new();
        for payload in Parser::new(0).parse_all(&made) {
            if let Payload::ExportSection(exports) = payload.unwrap() {
                seen.extend(exports.into_iter().map(|export| export.unwrap().index));
            }
        }
        assert_eq!(seen, [1, 1, 2, 3]);
        assert!(take_out(b"no module").is_err());
    }
}
