//! The white label: what must not stand in a tenant's files.

use anyhow::{Result, bail};
use toml::de::{DeTable, DeValue};

use crate::artefact::Artefact;

/// The product's name, which no file of a package has unless the tenant's own has it.
pub const PRODUCT: &str = "parlour";

/// Refuses files that name the product. A tenant whose own file names it may have the name in what is made of that.
pub(crate) fn check_name(files: &[Artefact], tenant: &str) -> Result<()> {
    let allowed = names_product(tenant);
    let checked = files
        .iter()
        .filter(|file| !(allowed && file.role.is_of_tenant()));
    check_traces(checked.map(Artefact::content), &[PRODUCT.to_owned()])
}

/// Refuses files, by name and content, that contain a trace of their maker, such as a folder's path; says which and
/// where.
///
/// # Errors
///
/// Lists each file with each trace in it.
pub fn check_traces<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    traces: &[String],
) -> Result<()> {
    let mut found = Vec::new();
    for (name, content) in files {
        let text = String::from_utf8_lossy(content).to_lowercase();
        for trace in traces {
            let places: Vec<_> = text.match_indices(&trace.to_lowercase()).collect();
            if let Some((first, _)) = places.first() {
                let around: String = text
                    .chars()
                    .skip(text[..*first].chars().count().saturating_sub(30))
                    .take(trace.len() + 60)
                    .map(|c| if c.is_control() { '.' } else { c })
                    .collect();
                found.push(format!(
                    "{name} has `{trace}` {} times: …{around}…",
                    places.len()
                ));
            }
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    bail!(
        "the package would reveal who built it:\n{}",
        found.join("\n")
    )
}

/// Returns whether a value or a key of a tenant's file names the product. Comments do not count: they are not packaged.
fn names_product(tenant: &str) -> bool {
    DeTable::parse(tenant).is_ok_and(|table| table_names(table.get_ref()))
}

fn table_names(table: &DeTable<'_>) -> bool {
    let mut entries = table.iter();
    entries.any(|(key, value)| is_name(key.get_ref()) || value_names(value.get_ref()))
}

fn value_names(value: &DeValue<'_>) -> bool {
    match value {
        DeValue::String(text) => is_name(text),
        DeValue::Array(values) => values.iter().any(|value| value_names(value.get_ref())),
        DeValue::Table(table) => table_names(table),
        _ => false,
    }
}

fn is_name(text: &str) -> bool {
    text.to_lowercase().contains(PRODUCT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::Role;

    fn file(role: Role, name: &str, raw: &[u8]) -> Artefact {
        Artefact::new(role, name.into(), raw.to_vec()).unwrap()
    }

    #[test]
    fn the_products_name_is_refused_in_every_file_and_found_in_binary_ones() {
        let tenant = "tenant = \"acme\" # made with Parlour";
        let clean = file(Role::Module, "chat.wasm", b"\0asm chat");
        assert!(check_name(&[clean], tenant).is_ok());
        for (role, name) in [
            (Role::Loader, "widget.js"),
            (Role::Module, "chat.wasm"),
            (Role::Licences, "THIRD-PARTY.txt"),
            (Role::Sizes, "SIZE.md"),
        ] {
            let telling = file(role, name, b"\0asm \xff crates/Parlour_chat/x");
            let words = check_name(&[telling], tenant).unwrap_err().to_string();
            assert!(
                words.contains(&format!("{name} has `parlour` 1 times")),
                "{words}"
            );
        }
    }

    #[test]
    fn a_tenant_may_ask_for_the_name_in_its_own_files_only() {
        for tenant in [
            "[embed]\napi_name = \"Parlour\"",
            "x = [{ y = \"The parlour\" }]",
            "[texts.parlour]",
        ] {
            let telling = |role| [file(role, "a", b"window.Parlour")];
            assert!(check_name(&telling(Role::Loader), tenant).is_ok());
            assert!(check_name(&telling(Role::Config), tenant).is_ok());
            assert!(check_name(&telling(Role::Embed), tenant).is_ok());
            assert!(check_name(&telling(Role::Module), tenant).is_err());
            assert!(check_name(&telling(Role::Glue), tenant).is_err());
        }
    }

    #[test]
    fn a_folder_of_the_maker_is_refused() {
        let glue = file(Role::Glue, "chat.js", b"/home/maria/widget/src");
        assert!(check_traces([glue.content()], &["/home/maria/widget".into()]).is_err());
    }
}
