//! Turns a tenant's file and a release into the files that a site hosts.
//!
//! A [`Release`] is what is the same for all tenants, and a [`Module`] is the widget for the servers of one dialect.
//! Where they come from does not matter: `cargo xtask` builds them, a [`ReleaseFolder`] has them ready.
#![forbid(unsafe_code)]

mod artefact;
mod compress;
mod embed;
mod folder;
pub mod hash;
mod manifest;
mod package;
mod picture;
mod release;
pub mod scripts;
pub mod size;
mod style;
mod tenant;
mod traces;
mod version;

pub use artefact::{Artefact, Fetched, Role};
pub use embed::Assets;
pub use folder::ReleaseFolder;
pub use package::{ModuleFiles, Package, Written, assemble};
pub use picture::Picture;
pub use release::{Module, Release, extras_name};
pub use tenant::{Instead, Tenant, read, read_in};
pub use traces::{PRODUCT, check_traces};
pub use version::version_folder;
