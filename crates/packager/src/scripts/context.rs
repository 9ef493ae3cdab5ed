//! The values in the script that tells of the page.

use std::collections::BTreeMap;

use parlour_config::Table;
use serde::Serialize;

use crate::tenant::Tenant;

/// The values that packaging puts into `public/loader/context.js`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContextValues {
    /// The names of user data by the keys of the tenant's file.
    names: BTreeMap<&'static str, String>,
    /// The names of user data by attributes of the tag.
    data: Table<String>,
    keep_query: Vec<String>,
    keep_hash: bool,
    follow: bool,
}

impl ContextValues {
    /// Collects the values, if the tenant wants anything to be told.
    #[must_use]
    pub fn new(tenant: &Tenant) -> Option<Self> {
        let context = &tenant.config.context;
        let parts = context.parts().into_iter();
        let names = parts.filter_map(|(key, name)| Some((key, name?.to_owned())));
        (!context.is_empty()).then(|| Self {
            names: names.collect(),
            data: context.data.clone(),
            keep_query: context.keep_query.clone(),
            keep_hash: context.keep_hash,
            follow: context.follow,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripts::tests::tenant;

    #[test]
    fn a_tenant_that_tells_nothing_has_no_such_script() {
        assert_eq!(ContextValues::new(&tenant("")), None);
        assert_eq!(
            ContextValues::new(&tenant("[context]\nkeep_query = [\"q\"]\n")),
            None
        );
        let values = ContextValues::new(&tenant(
            "[context]\nurl = \"Page\"\ndata = { cart = \"Cart\" }\n",
        ));
        assert_eq!(
            serde_json::to_string(&values.unwrap()).unwrap(),
            r#"{"names":{"url":"Page"},"data":{"cart":"Cart"},"keep_query":[],"keep_hash":false,"follow":true}"#
        );
    }
}
