use crate::Config;

use super::judge::Judge;
use super::texts;

pub(super) fn judge(config: &Config, judge: &mut Judge<'_>) {
    texts::check_key(config, &config.launcher.label, "launcher.label", judge);
}
