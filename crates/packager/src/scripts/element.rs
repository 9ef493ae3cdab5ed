//! The values in the script of the chat's element.

use parlour_config::Config;
use serde::Serialize;

use super::loader::attribute;
use crate::tenant::Tenant;

/// The values that packaging puts into `public/loader/element.js`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ElementValues {
    /// The element's name.
    element: String,
}

impl ElementValues {
    /// Collects the values for a tenant.
    #[must_use]
    pub fn new(tenant: &Tenant) -> Self {
        Self {
            element: name(&tenant.config),
        }
    }
}

/// Returns the element's name: the file's `embed.element`, or the widget's name in attributes and `-chat`, if it has
/// no such end already.
pub(crate) fn name(config: &Config) -> String {
    if let Some(own) = &config.embed.element {
        return own.clone();
    }
    let mut name = attribute(config);
    // An element's name begins with a letter.
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert_str(0, "chat-");
    }
    if !name.ends_with("-chat") {
        name.push_str("-chat");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripts::tests::tenant;

    #[test]
    fn the_element_is_named_after_the_tenant_unless_its_file_names_it() {
        for (toml, name) in [
            // The tenant is `acme`, its function `AcmeChat`.
            ("", "acme-chat"),
            ("[embed]\napi_name = \"Larkmoor\"", "larkmoor-chat"),
            ("[embed]\napi_name = \"Chat\"", "chat-chat"),
            ("[embed]\napi_name = \"_4ever\"", "chat-4ever-chat"),
            ("[embed]\nelement = \"shop-help\"", "shop-help"),
        ] {
            let values = ElementValues::new(&tenant(toml));
            assert_eq!(values.element, name, "{toml}");
        }
    }
}
