use crate::Config;

use super::{Judge, texts};

pub(super) fn judge(config: &Config, judge: &mut Judge<'_>) {
    texts::check_key(config, &config.launcher.label, "launcher.label", judge);
}
