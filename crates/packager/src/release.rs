//! What packages are made of besides tenants' files: everything that has to be built from source.

use parlour_config::build::Known;

use crate::hash;
use crate::scripts::Scripts;

/// What is the same in the packages of all tenants.
#[derive(Debug, Clone)]
pub struct Release {
    /// The version of the product.
    pub version: String,
    /// The scripts of `public/loader`.
    pub scripts: Scripts,
    /// The texts and design tokens that a tenant's file may refer to.
    pub known: Known,
    /// The types of the page's API, as a template: the widget's names are missing in it.
    pub types: String,
    /// The licences of third parties, for people.
    pub licences: String,
}

/// The widget for the servers of one dialect: the two files that the loader fetches to start it, and the extras.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// The JavaScript around the module, minified.
    pub glue: Vec<u8>,
    /// The module, optimised and stripped.
    pub wasm: Vec<u8>,
    /// The part of the module that the glue fetches later, by the name that [`extras_name`] gives it.
    pub extras: Vec<u8>,
}

/// Returns the file name of the extras, which stands in the glue.
#[must_use]
pub fn extras_name(extras: &[u8]) -> String {
    format!("extras-{}.wasm", hash::short(extras))
}
