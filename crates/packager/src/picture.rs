//! A tenant's pictures, named by content.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use parlour_config::build::{self, PICTURE_LIMIT};

use crate::hash;

/// A picture as a file of the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its name beside the loader.
    pub name: String,
    /// The file as it is.
    pub bytes: Vec<u8>,
}

/// Returns what reads the files of a folder. Of one that is too large it reads no more than shows it.
pub(crate) fn in_folder(folder: &Path) -> impl Fn(&str) -> io::Result<Vec<u8>> {
    move |name| {
        let mut bytes = Vec::new();
        let file = File::open(folder.join(name))?;
        file.take(PICTURE_LIMIT as u64 + 1)
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Names a tenant's pictures after their contents, and puts the names into the configuration. The launcher's picture is no
/// file: its path data goes there.
pub(crate) fn name(tenant: &mut build::Tenant) -> Vec<Picture> {
    let build::Tenant {
        config, pictures, ..
    } = tenant;
    config.launcher.image = pictures.outline.take();
    let mut files: Vec<Picture> = Vec::new();
    for (setting, picture) in [
        (&mut config.theme.logo, pictures.logo.take()),
        (&mut config.theme.avatar, pictures.avatar.take()),
    ] {
        let Some(build::Picture { kind, bytes }) = picture else {
            continue;
        };
        let name = format!("picture-{}.{}", hash::short(&bytes), kind.ending());
        *setting = Some(name.clone());
        // Both may be the same.
        if files.iter().all(|file| file.name != name) {
            files.push(Picture { name, bytes });
        }
    }
    files
}
