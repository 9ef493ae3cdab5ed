use std::time::Duration;

#[cfg(feature = "gws")]
use parlour_chat::GwsReads;
use parlour_chat::{DialectKind, FeatureSet, Mask, PaceSettings, Settings};
#[cfg(feature = "gws")]
use parlour_config::Reads;
use parlour_config::{Config, Dialect, Features, Pace};

/// Returns the core's settings for a tenant's configuration in this browser.
#[must_use]
pub fn settings(config: &Config) -> Settings {
    let server = &config.server;
    let mut settings = Settings::new(&config.tenant, &server.url, &server.service);
    settings.dialect = dialect(server.dialect);
    #[cfg(feature = "gws")]
    server.base.clone_into(&mut settings.gws.base);
    #[cfg(feature = "gws")]
    if server.reads == Reads::MeChat {
        settings.gws.reads = GwsReads::MeChat;
    }
    settings.headers = server.headers.clone().into_entries();
    settings.user_data = server.user_data.clone().into_entries();
    // JavaScript counts minutes west.
    settings.utc_offset_minutes = -(js_sys::Date::new_0().get_timezone_offset() as i32);
    settings.features = features(&config.features);
    settings.mask = Mask {
        cards: config.privacy.mask.cards,
        ibans: config.privacy.mask.ibans,
    };
    settings.pace = pace(&config.pace);
    settings.tab = random_name();
    #[cfg(feature = "gms-v1-cometd")]
    {
        // 106 bits and more: it opens the chat.
        settings.visitor = random_name() + &random_name();
    }
    settings
}

/// Draws a name of at least 53 random bits.
fn random_name() -> String {
    js_sys::Number::from(random_u64() as f64)
        .to_string_with_radix(36)
        .map_or_else(|_| String::new(), String::from)
}

/// Returns what the core calls a dialect.
fn dialect(dialect: Dialect) -> DialectKind {
    match dialect {
        Dialect::GmsV2 => DialectKind::GmsV2,
        Dialect::GmsV2Cometd => DialectKind::GmsV2Cometd,
        Dialect::GmsV1 => DialectKind::GmsV1,
        Dialect::GmsV1Cometd => DialectKind::GmsV1Cometd,
        Dialect::Gws => DialectKind::Gws,
        // Dialects of a newer configuration come with a newer core.
        _ => DialectKind::default(),
    }
}

/// Returns what a tenant's file calls a dialect.
fn name(kind: DialectKind) -> &'static str {
    let all = Dialect::ALL.into_iter();
    let found = all.into_iter().find(|known| dialect(*known) == kind);
    found.unwrap_or_default().name()
}

/// Tells whoever keeps the tenant's file that its server is of another kind.
pub(super) fn report_wrong_dialect(spoken: DialectKind, likely: Option<DialectKind>) {
    let mut text = String::from("Chat: the server does not answer as ");
    text += name(spoken);
    text += " does";
    if let Some(likely) = likely {
        text += ", more likely as ";
        text += name(likely);
    }
    text += ". See dialect, url and service of its tenant (cargo xtask probe).";
    web_sys::console::error_1(&text.into());
}

/// Draws a random number. Where a browser denies randomness, as none is known to, the clock is used.
pub(super) fn random_u64() -> u64 {
    let mut bytes = [0; 8];
    let drawn = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).ok());
    match drawn {
        Some(_) => u64::from_le_bytes(bytes),
        None => js_sys::Date::now() as u64,
    }
}

fn features(features: &Features) -> FeatureSet {
    FeatureSet {
        files: features.files,
        typing: features.typing,
        typing_preview: features.typing_preview,
        read_receipts: features.read_receipts,
    }
}

fn pace(pace: &Pace) -> PaceSettings {
    let ms = |value: u32| Duration::from_millis(value.into());
    PaceSettings {
        active: ms(pace.active_ms),
        quiet: ms(pace.quiet_ms),
        hidden: ms(pace.hidden_ms),
        drop_after: ms(pace.drop_after_ms),
        retry_min: ms(pace.retry_min_ms),
        retry_max: ms(pace.retry_max_ms),
        request_timeout: ms(pace.request_timeout_ms),
        transfer_timeout: ms(pace.upload_timeout_ms),
        resend_window: ms(pace.resend_window_ms),
        typing_silence: ms(pace.typing_silence_ms),
        preview_every: ms(pace.preview_every_ms),
        jitter_percent: pace.jitter_percent,
        ..PaceSettings::default()
    }
}
