//! The values in the script that runs before anything is painted.

use parlour_config::Rules;
use serde::Serialize;

use crate::tenant::Tenant;

/// The values that packaging puts into `public/loader/early.js`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EarlyValues {
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Rules>,
}

impl EarlyValues {
    /// Collects the values, if the tenant's file asks for something that has to be done so early.
    #[must_use]
    pub fn new(tenant: &Tenant) -> Option<Self> {
        let rules = &tenant.config.rules;
        let rules = (*rules != Rules::default()).then(|| rules.clone());
        rules.is_some().then_some(Self { rules })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripts::tests::tenant;

    #[test]
    fn a_tenant_without_rules_has_no_such_script() {
        assert_eq!(EarlyValues::new(&tenant("")), None);
        let values = EarlyValues::new(&tenant("[rules]\nhide_on = [\"/checkout/*\"]\n"));
        assert_eq!(
            serde_json::to_string(&values.unwrap()).unwrap(),
            r#"{"rules":{"show_on":[],"hide_on":["/checkout/*"],"open_on_exit":false,"open_once":"visitor"}}"#
        );
    }
}
