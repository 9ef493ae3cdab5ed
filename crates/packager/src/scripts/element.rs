//! The values in the script of the chat's element.

use serde::Serialize;

use super::names;
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
            element: names::element(&tenant.config),
        }
    }
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
