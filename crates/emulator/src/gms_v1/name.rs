//! The visitor's name.

use std::net::{IpAddr, Ipv4Addr};

use super::fields::Fields;

/// Finds it: the display name; or else first name and last initial, as in the samples (`VasyaP`); or else the client's
/// address, as in the sample of one who gave none of them.
pub(super) fn display_name(fields: &Fields, address: Option<IpAddr>) -> String {
    let given = |name: &str| fields.get(name).map(str::trim);
    if let Some(name) = given("userDisplayName") {
        return name.to_owned();
    }
    match (given("firstName"), given("lastName")) {
        (Some(first), Some(last)) => first.chars().chain(last.chars().take(1)).collect(),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => address
            .unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
            .to_string(),
    }
}
