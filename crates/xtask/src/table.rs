//! Takes functions out of the module's table that nothing can call.
//!
//! wasm-opt keeps whatever stands in the table, for anybody might call it by its place. But a place is
//! known only to who was told: the linker writes it as a constant into code, or as a word into data.
//! What neither the data nor anything within the exports' reach names is dead, and with it what it
//! alone calls.
//!
//! Leptos links `wasm_streams` for server functions, which the widget has none of. The data name its
//! functions: once the exports are gone that lead there (see `shrink`), nothing reads those words.

use std::collections::BTreeSet;
use std::ops::Range;

use anyhow::{Context as _, Result, bail};
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{Elements, Module};
use wasmparser::{
    BinaryReaderError, ConstExpr, ElementItems, ElementKind, ExternalKind, FunctionBody,
    KnownCustom, Name, Operator, Parser, Payload, TypeRef,
};

/// Numbers the places from here on, so that hardly any other number is taken for one. It would do no
/// harm: what it names would stay.
pub(crate) const BASE: u32 = 4096;

/// The crates whose functions only exports lead to, though words of the data name them.
const EXPORTED_ONLY: [&str; 1] = ["wasm_streams"];

/// Rewrites a module that has its names and its constants as the linker and wasm-bindgen left them,
/// and only exports that count: a function that can be called takes the place of each that cannot.
pub(crate) fn clear(module: &[u8]) -> Result<Vec<u8>> {
    let dead = named_after(module, &EXPORTED_ONLY).context("the module's names")?;
    let alive = Contents::read(module)
        .context("the module's functions")?
        .alive(&dead);
    let mut rewritten = Module::new();
    Clear { alive }
        .parse_core_module(&mut rewritten, Parser::new(0), module)
        .context("the module cannot be rewritten")?;
    Ok(rewritten.finish())
}

/// What a function leads to.
#[derive(Debug, Default)]
struct Leads {
    functions: Vec<u32>,
    /// Numbers that may be places of the table.
    numbers: Vec<u32>,
}

/// What leads where in a module.
#[derive(Debug, Default)]
struct Contents {
    /// By number; imported ones lead nowhere.
    functions: Vec<Leads>,
    /// What the world outside, a start or a constant leads to.
    roots: Leads,
    /// The functions of the table, from [`Contents::first`] on.
    table: Vec<u32>,
    first: u32,
}

impl Contents {
    fn read(module: &[u8]) -> Result<Self> {
        let mut contents = Self::default();
        let mut data = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        if matches!(import?.ty, TypeRef::Func(_)) {
                            contents.functions.push(Leads::default());
                        }
                    }
                }
                Payload::GlobalSection(globals) => {
                    for global in globals {
                        contents.roots.follow_constant(&global?.init_expr)?;
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            contents.roots.functions.push(export.index);
                        }
                    }
                }
                Payload::StartSection { func, .. } => contents.roots.functions.push(func),
                Payload::ElementSection(elements) => {
                    for element in elements {
                        let element = element?;
                        contents.read_table(&element.kind, element.items)?;
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let leads = Leads::of(&body)?;
                    contents.functions.push(leads);
                }
                Payload::DataSection(segments) => {
                    for segment in segments {
                        data.push(segment?.data);
                    }
                }
                _ => {}
            }
        }
        let places = contents.places();
        for segment in data {
            // At any address: nothing promises that a word is aligned.
            let words = segment
                .array_windows()
                .map(|word| u32::from_le_bytes(*word));
            contents
                .roots
                .numbers
                .extend(words.filter(|word| places.contains(word)));
        }
        Ok(contents)
    }

    fn read_table(&mut self, kind: &ElementKind<'_>, items: ElementItems<'_>) -> Result<()> {
        let ElementItems::Functions(functions) = items else {
            // The table of JavaScript's values.
            return Ok(());
        };
        let ElementKind::Active { offset_expr, .. } = kind else {
            bail!("a part of the table has no place of its own");
        };
        let mut offset = Leads::default();
        offset.follow_constant(offset_expr)?;
        let ([first], true) = (&offset.numbers[..], self.table.is_empty()) else {
            bail!("the table is in several parts, or in no known place");
        };
        self.first = *first;
        self.table = functions.into_iter().collect::<Result<_, _>>()?;
        Ok(())
    }

    /// Tells which numbers are places of the table.
    fn places(&self) -> Range<u32> {
        let length = u32::try_from(self.table.len()).unwrap_or(u32::MAX);
        self.first..self.first.saturating_add(length)
    }

    /// Lists the functions that something can call.
    fn alive(&self, dead: &BTreeSet<u32>) -> BTreeSet<u32> {
        let mut alive = BTreeSet::new();
        let mut found = vec![&self.roots];
        while let Some(leads) = found.pop() {
            let by_place = leads.numbers.iter().filter_map(|number| {
                let place = number.checked_sub(self.first)?;
                let function = self.table.get(usize::try_from(place).ok()?);
                function.filter(|function| !dead.contains(*function))
            });
            for function in leads.functions.iter().chain(by_place) {
                if alive.insert(*function) {
                    let number = usize::try_from(*function).ok();
                    found.extend(number.and_then(|number| self.functions.get(number)));
                }
            }
        }
        alive
    }
}

impl Leads {
    fn of(body: &FunctionBody<'_>) -> Result<Self, BinaryReaderError> {
        let mut leads = Self::default();
        for operator in body.get_operators_reader()? {
            leads.follow(&operator?);
        }
        Ok(leads)
    }

    fn follow_constant(&mut self, constant: &ConstExpr<'_>) -> Result<(), BinaryReaderError> {
        for operator in constant.get_operators_reader() {
            self.follow(&operator?);
        }
        Ok(())
    }

    fn follow(&mut self, operator: &Operator<'_>) {
        match *operator {
            Operator::Call { function_index }
            | Operator::ReturnCall { function_index }
            | Operator::RefFunc { function_index } => self.functions.push(function_index),
            Operator::I32Const { value } => self.numbers.push(value.cast_unsigned()),
            _ => {}
        }
    }
}

/// Lists the functions whose names mention one of the crates.
fn named_after(module: &[u8], crates: &[&str]) -> Result<BTreeSet<u32>> {
    let mut found = BTreeSet::new();
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
                    found.insert(function.index);
                }
            }
        }
    }
    Ok(found)
}

struct Clear {
    alive: BTreeSet<u32>,
}

impl Reencode for Clear {
    type Error = BinaryReaderError;

    fn element_items<'a>(
        &mut self,
        items: ElementItems<'a>,
    ) -> Result<Elements<'a>, reencode::Error<Self::Error>> {
        let ElementItems::Functions(functions) = items else {
            return reencode::utils::element_items(self, items);
        };
        let functions = functions.into_iter().collect::<Result<Vec<_>, _>>()?;
        let alive = |function: &u32| self.alive.contains(function);
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

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, ConstExpr, DataSection, ElementSection, ExportKind, ExportSection, Function,
        FunctionSection, NameMap, NameSection, RefType, TableSection, TableType, TypeSection,
    };

    use super::*;

    /// Which function does what: the exported one names the places of others.
    const NAMES: [&str; 7] = [
        "exported",
        "called",
        "named by code",
        "named by data",
        "named by the dead",
        "dead",
        "<wasm_streams::Source>::pull",
    ];

    /// Writes a module of [`NAMES`] whose table holds all of them, in order.
    fn module() -> Vec<u8> {
        let place = |function: u32| (BASE + function).cast_signed();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        let mut names = NameMap::new();
        for (number, name) in (0..).zip(NAMES) {
            functions.function(0);
            names.append(number, name);
            let mut body = Function::new([]);
            match name {
                "exported" => {
                    body.instructions().call(1);
                }
                "called" => {
                    body.instructions().i32_const(place(2)).drop();
                }
                "dead" => {
                    body.instructions().i32_const(place(4)).drop();
                }
                _ => {}
            }
            body.instructions().end();
            code.function(&body);
        }
        let count = u64::try_from(NAMES.len()).unwrap();
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: u64::from(BASE) + count,
            maximum: None,
            shared: false,
        });
        let mut exports = ExportSection::new();
        exports.export("exported", ExportKind::Func, 0);
        let mut elements = ElementSection::new();
        elements.active(
            None,
            &ConstExpr::i32_const(place(0)),
            Elements::Functions((0..7).collect::<Vec<_>>().into()),
        );
        // Not where a word is usual.
        let words = [
            &[0][..],
            &(BASE + 3).to_le_bytes(),
            &(BASE + 6).to_le_bytes(),
        ]
        .concat();
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(64), words);
        let mut section = NameSection::new();
        section.functions(&names);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&tables);
        module.section(&exports).section(&elements).section(&code);
        module.section(&data).section(&section);
        module.finish()
    }

    #[test]
    fn what_can_be_called_keeps_its_place() {
        let cleared = Contents::read(&clear(&module()).unwrap()).unwrap();
        assert_eq!(cleared.first, BASE);
        let names: Vec<_> = (cleared.table.iter().zip(NAMES))
            .map(|(function, name)| (name, NAMES[usize::try_from(*function).unwrap()]))
            .collect();
        assert_eq!(
            names,
            [
                ("exported", "exported"),
                ("called", "called"),
                ("named by code", "named by code"),
                ("named by data", "named by data"),
                ("named by the dead", "exported"),
                ("dead", "exported"),
                ("<wasm_streams::Source>::pull", "exported"),
            ]
        );
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(clear(b"\0asm").is_err());
        assert!(clear(&module()[..60]).is_err());
    }
}
