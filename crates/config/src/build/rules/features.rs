use crate::{Config, Dialect, Features};

use super::judge::Judge;

/// A switch, and what it needs of the server.
struct Ability {
    key: &'static str,
    is_on: fn(&Features) -> bool,
    words: &'static str,
}

/// What only the servers of some dialects can do: those of [`can_all`]. `docs/servers.md` has the whole table.
const ABILITIES: [Ability; 5] = [
    Ability {
        key: "files",
        is_on: |features| features.files,
        words: "exchange files",
    },
    Ability {
        key: "typing_preview",
        is_on: |features| features.typing_preview,
        words: "show the agent what is being typed",
    },
    Ability {
        key: "read_receipts",
        is_on: |features| features.read_receipts,
        words: "take notice of what was read",
    },
    Ability {
        key: "rename",
        is_on: |features| features.rename,
        words: "let visitors change their name",
    },
    Ability {
        key: "upload_progress",
        is_on: |features| features.upload_progress,
        words: "exchange files",
    },
];

pub(super) fn judge(config: &Config, judge: &mut Judge<'_>) {
    let Config {
        features, server, ..
    } = config;
    if features.typing_preview && !features.typing {
        judge.mistake("features.typing_preview", "needs features.typing");
    }
    if can_all(server.dialect) {
        return;
    }
    for Ability { key, is_on, words } in ABILITIES {
        let path = format!("features.{key}");
        // What is on unless it is switched off was not asked for.
        if judge.is_set(&path) && is_on(features) {
            let message = format!("has no effect: only gms-v2 servers {words}");
            judge.warning(&path, message);
        }
    }
}

fn can_all(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::GmsV2 | Dialect::GmsV2Cometd)
}
