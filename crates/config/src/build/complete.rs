use serde_json::{Map, Value, json};

use super::known::Known;
use super::schema::schema;
use super::tokens::meaning;

/// Returns the schema of a tenant's file for editors: beside keys and types it has the names that the widget itself
/// brings, so that an editor completes text keys with their English words, and tokens with their values.
#[must_use]
pub fn schema_for(known: &Known) -> Value {
    let mut schema = schema();
    if let Some(texts) = schema.pointer_mut("/properties/texts/additionalProperties") {
        let words = known.texts.iter().map(|(key, words)| {
            let described = json!({ "type": "string", "description": words });
            (key.clone(), described)
        });
        // Others may be there: those of the tenant's own fields, and of plurals that English does not have.
        texts["properties"] = words.collect::<Map<_, _>>().into();
    }
    let tokens = &known.tokens;
    for table in ["tokens", "light", "dark"] {
        let Some(values) = schema.pointer_mut(&format!("/$defs/Theme/properties/{table}")) else {
            continue;
        };
        let names = tokens.names().map(|name| {
            let light = tokens.light.get(name).map(String::as_str);
            let dark = tokens.dark.get(name).map(String::as_str).or(light);
            let described = match (table, light, dark) {
                ("light", Some(value), _) | ("dark", _, Some(value)) => format!("Usually {value}"),
                (_, Some(light), Some(dark)) if light != dark => {
                    format!("Usually {light}, in the dark scheme {dark}")
                }
                (_, light, dark) => format!("Usually {}", light.or(dark).unwrap_or_default()),
            };
            let meaning = meaning(name).map_or(String::new(), |meaning| format!("{meaning} "));
            let described = [meaning, described].concat();
            let described = json!({ "type": "string", "description": described });
            (name.to_owned(), described)
        });
        values["properties"] = names.collect::<Map<_, _>>().into();
        values["additionalProperties"] = false.into();
    }
    schema.sort_all_objects();
    schema
}
