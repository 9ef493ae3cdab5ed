//! The values of frame mode: for the page's side, and for the frame's.

use parlour_config::Frame;
use serde::Serialize;

use super::FileRef;
use super::{launcher, names};
use crate::tenant::Tenant;

/// The name of the frame's page. The page's own policy may name it, so it is stable.
pub const FRAME_PAGE: &str = "frame.html";

/// What the page's side of a frame needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct FrameValues {
    page: &'static str,
    style: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cookie: Option<Cookie>,
}

/// The cookie that marks, for all sub-domains of a site, that a chat goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Cookie {
    name: String,
    domain: String,
}

impl Cookie {
    /// Names the cookie, if the tenant wants one.
    pub(super) fn of(tenant: &Tenant) -> Option<Self> {
        let config = &tenant.config;
        Some(Self {
            name: names::attribute(config) + "-live",
            domain: config.embed.cookie_domain.clone()?,
        })
    }
}

impl FrameValues {
    /// Collects the values, if the tenant wants a frame at all.
    #[must_use]
    pub(super) fn new(tenant: &Tenant) -> Option<Self> {
        (tenant.config.embed.frame != Frame::Never).then(|| Self {
            page: FRAME_PAGE,
            style: launcher::frame_style(tenant),
            cookie: Cookie::of(tenant),
        })
    }
}

/// The values that packaging puts into `public/loader/framed.js`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FramedValues {
    attribute: String,
    origins: Vec<String>,
    files: FramedFiles,
}

/// The files that the frame fetches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FramedFiles {
    /// The module's glue.
    pub glue: FileRef,
    /// The module.
    pub wasm: FileRef,
    /// The configuration.
    pub config: FileRef,
    /// The page's API.
    pub api: FileRef,
    /// What brings the words of other languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<FileRef>,
}

impl FramedValues {
    /// Collects the values for a tenant.
    #[must_use]
    pub fn new(tenant: &Tenant, files: FramedFiles) -> Self {
        Self {
            attribute: names::attribute(&tenant.config),
            origins: tenant.config.embed.allowed_origins.clone(),
            files,
        }
    }
}

/// Writes the page of the frame, which includes `script`. It has a policy of its own.
#[must_use]
pub fn frame_page(tenant: &Tenant, script: &FileRef) -> String {
    let FileRef(name, integrity) = script;
    let server = match tenant.config.server.url.as_str() {
        "" => "",
        url => crate::embed::origin(url),
    };
    let integrity = integrity
        .as_ref()
        .map(|digest| format!(" integrity=\"{digest}\""))
        .unwrap_or_default();
    format!(
        "<!doctype html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' {server}; img-src 'self' blob: data:; \
         media-src blob: data:; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>Chat</title>\n\
         <script type=\"module\" src=\"{name}\"{integrity}></script>\n</head>\n<body></body>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripts::tests::tenant;

    #[test]
    fn a_tenant_may_do_without_a_frame() {
        let values = |frame: &str| {
            let tenant = tenant(&format!("[embed]\nframe = \"{frame}\"\n"));
            FrameValues::new(&tenant)
        };
        assert_eq!(values("never"), None);
        let values = values("auto").unwrap();
        assert_eq!(values.page, "frame.html");
        assert!(values.style.contains(".frame{"), "{}", values.style);
        assert!(values.style.contains("--panel-width:"), "{}", values.style);
    }

    #[test]
    fn the_mark_for_all_sub_domains_is_named_after_the_tenant() {
        let tenant = tenant(
            "[embed]\nframe = \"always\"\ncookie_domain = \"shop.example\"\n\
             allowed_origins = [\"https://*.shop.example\"]\n",
        );
        let bridge = serde_json::to_value(FrameValues::new(&tenant)).unwrap();
        let cookie = serde_json::json!({"name": "acme-chat-live", "domain": "shop.example"});
        assert_eq!(bridge["cookie"], cookie);
        let early = serde_json::to_value(super::super::EarlyValues::new(&tenant, None)).unwrap();
        assert_eq!(early, serde_json::json!({ "cookie": cookie }));
    }

    #[test]
    fn the_frames_policy_lets_it_reach_the_chat_server_alone() {
        let tenant = tenant("server.url = \"https://chat.example/path\"\n");
        let script = FileRef::checked("framed-1.js", "sha384-x".into());
        let page = frame_page(&tenant, &script);
        assert!(
            page.contains("connect-src 'self' https://chat.example;"),
            "{page}"
        );
        assert!(
            page.contains("src=\"framed-1.js\" integrity=\"sha384-x\""),
            "{page}"
        );
    }
}
