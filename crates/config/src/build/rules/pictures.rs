use crate::Config;
use crate::build::picture::{Pictures, ReadPicture, outline, picture, wrong_name};

use super::judge::Judge;

/// Checks the names of the pictures and, where there is a way to read them, the pictures themselves.
pub(in crate::build) fn judge(
    config: &Config,
    read: Option<&ReadPicture<'_>>,
    judge: &mut Judge<'_>,
) -> Pictures {
    let Config {
        theme, launcher, ..
    } = config;
    Pictures {
        logo: checked("theme.logo", &theme.logo, read, picture, judge),
        avatar: checked("theme.avatar", &theme.avatar, read, picture, judge),
        outline: checked("launcher.image", &launcher.image, read, outline, judge),
    }
}

/// Makes something of a picture. What is wrong with it is told.
fn checked<T>(
    path: &str,
    name: &Option<String>,
    read: Option<&ReadPicture<'_>>,
    make: fn(&str, &ReadPicture<'_>) -> Result<T, String>,
    judge: &mut Judge<'_>,
) -> Option<T> {
    let name = name.as_deref()?;
    let made = match wrong_name(name) {
        Some(wrong) => Err(wrong),
        None => make(name, read?),
    };
    made.map_err(|wrong| judge.mistake(path, wrong)).ok()
}
