//! Versions, as far as addresses and folders have them.

/// Returns the folder of a version's files beside those of the newest: `v1` for `1.2.3`.
#[must_use]
pub fn version_folder(version: &str) -> String {
    format!("v{}", major(version).unwrap_or(0))
}

/// Reads the major version out of `1.2.3`.
pub(crate) fn major(version: &str) -> Option<u64> {
    version.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_after_the_first_number() {
        for (version, folder) in [("1.2.3", "v1"), ("0.1.0", "v0"), ("12.0.0-beta.1", "v12")] {
            assert_eq!(version_folder(version), folder);
        }
        assert_eq!(major("soon"), None);
    }
}
