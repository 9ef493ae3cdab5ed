//! Other programs of this machine.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Finds a program on a search path, as a shell would.
#[must_use]
pub fn find(program: &str, path: &OsStr) -> Option<PathBuf> {
    std::env::split_paths(path)
        .flat_map(|folder| [folder.join(program), folder.join(format!("{program}.exe"))])
        .find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    #[test]
    fn only_programs_are_found_on_a_path() {
        use super::*;
        let path = OsStr::new("/nowhere:/bin:/usr/bin");
        assert!(find("sh", path).is_some());
        assert!(find("no-such-program", path).is_none());
        assert!(find("passwd", OsStr::new("/etc")).is_none());
    }
}
