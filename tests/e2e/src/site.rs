//! The owner's site and the host of the widget's files: two origins, neither of them the chat
//! server's.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// First on every page: notes what the page has to complain about.
const WATCH: &str = "
window.complaints = [];
addEventListener('securitypolicyviolation', (event) =>
    complaints.push(event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sample));
addEventListener('error', (event) => complaints.push(String(event.message)));
addEventListener('unhandledrejection', (event) => complaints.push(String(event.reason)));
";

/// A server of pages at one origin and of the package, with configurations, at another.
#[derive(Debug)]
pub struct Site {
    shop: Origin,
    assets: Origin,
}

/// A page of the owner's.
#[derive(Debug, Clone)]
pub struct Page {
    /// What stands in its head, as HTML, before the loader's tag.
    pub head: String,
    /// What stands in its body, as HTML, before the loader's tag.
    pub body: String,
    /// Its Content-Security-Policy.
    pub policy: Option<String>,
    /// Its language.
    pub lang: String,
    /// How often it includes the loader.
    pub tags: usize,
    /// What it begins with.
    pub doctype: String,
    /// Attributes of its root element, besides the language.
    pub root: String,
    /// Attributes of the loader's tag, besides its address.
    pub tag: String,
    /// The nonce of all its scripts.
    pub nonce: Option<String>,
    /// The headers that come with it, besides its policy.
    pub headers: Vec<(&'static str, &'static str)>,
    /// Whether it is XML.
    pub is_xml: bool,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            head: String::new(),
            body: "<main><h1>Larkmoor Outfitters</h1><p>Boots, tents, lanterns.</p>\
                   <p><button id=\"buy\">Buy</button></p></main>"
                .into(),
            policy: None,
            lang: "en".into(),
            tags: 1,
            doctype: "<!doctype html>".into(),
            root: String::new(),
            tag: "async=\"\"".into(),
            nonce: None,
            headers: Vec::new(),
            is_xml: false,
        }
    }
}

impl Site {
    /// Serves the files of a package.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub fn start(package: &Path) -> Result<Self> {
        Ok(Self {
            shop: Origin::start(None)?,
            assets: Origin::start(Some(package.to_owned()))?,
        })
    }

    /// Puts a page up whose widget is configured by `config`, and returns its address.
    #[must_use]
    pub fn page(&self, page: &Page, config: &str) -> String {
        let number = self.shop.files().len();
        let config_url = self.assets.put(
            format!("/config-{number}.json"),
            File::new("application/json", config),
        );
        let watch = self.script("watch", WATCH);
        let nonce = match &page.nonce {
            Some(nonce) => format!("nonce=\"{nonce}\""),
            None => String::new(),
        };
        let tag = format!(
            "<script {} {nonce} src=\"{}/widget.js\" data-config=\"{config_url}\"></script>",
            page.tag, self.assets.url
        );
        // Valid as HTML and as XML.
        let html = format!(
            "{}\n<html lang=\"{}\" {}><head><meta charset=\"utf-8\"/>\
             <meta name=\"viewport\" content=\"width=device-width\"/><title>Larkmoor</title>\
             <link rel=\"icon\" href=\"data:,\"/><script {nonce} src=\"{watch}\"></script>{}</head>\n<body>{}\n{}</body></html>",
            page.doctype,
            page.lang,
            page.root,
            page.head,
            page.body,
            tag.repeat(page.tags),
        );
        let (kind, ending) = match page.is_xml {
            true => ("application/xhtml+xml", "xhtml"),
            false => ("text/html; charset=utf-8", "html"),
        };
        let mut file = File::new(kind, &html);
        file.headers.clone_from(&page.headers);
        file.policy.clone_from(&page.policy);
        self.shop.put(format!("/page-{number}.{ending}"), file)
    }

    /// Puts up the page and the script of frames with another configuration than the package's, for pages
    /// of these origins.
    ///
    /// # Errors
    ///
    /// When the package has no frame.
    pub fn serve_frames(&self, config: &str, server: &str, origins: &[&str]) -> Result<()> {
        let assets = &self.assets;
        let name = assets.name_of("framed-", ".js")?;
        let config_name = assets.name_of("config-", ".json")?;
        let origins = serde_json::to_string(origins)?;
        // Without the digests, which are those of the packaged files.
        let origins = format!("\"origins\":{origins}");
        let script = replace_between(&assets.read(&name)?, "\"origins\":", "]", &origins)?;
        let file = format!("\"{config_name}\"");
        let script = replace_between(&script, &file, "]", &format!("{file}]"))?;
        let page = replace_between(&assets.read("frame.html")?, " integrity=\"", "\"", "")?;
        let page = replace_between(
            &page,
            "connect-src ",
            ";",
            &format!("connect-src 'self' {server};"),
        )?;
        assets.put(
            format!("/{config_name}"),
            File::new("application/json", config),
        );
        assets.put(format!("/{name}"), File::new("text/javascript", &script));
        assets.put(
            "/frame.html".into(),
            File::new("text/html; charset=utf-8", &page),
        );
        Ok(())
    }

    /// Reads a file of the package.
    ///
    /// # Errors
    ///
    /// When there is no such file.
    pub fn package_file(&self, name: &str) -> Result<String> {
        self.assets.read(name)
    }

    /// Puts a configuration up beside the package, and returns its address.
    #[must_use]
    pub fn configuration(&self, config: &str) -> String {
        let file = File::new("application/json", config);
        self.assets.put("/config-own.json".into(), file)
    }

    /// Puts another configuration in the place of the package's, for pages that include it otherwise than by a tag,
    /// and so cannot name one.
    ///
    /// # Errors
    ///
    /// When the package is not as it should be.
    pub fn configure_package(&self, config: &str) -> Result<()> {
        let assets = &self.assets;
        let (mount_name, config_name) = (
            assets.name_of("mount-", ".js")?,
            assets.name_of("config-", ".json")?,
        );
        // Without the digests of what is changed.
        let mount = replace_between(
            &assets.read(&mount_name)?,
            "\"config\":\"",
            "\"",
            "\"config\":\"\"",
        )?;
        let name = format!("\"{mount_name}\"");
        let loader = assets.read("widget.js")?;
        let loader = replace_between(&loader, &name, "]", &format!("{name}]"))?;
        for (name, text) in [(&*mount_name, &mount), ("widget.js", &loader)] {
            assets.put(format!("/{name}"), File::new("text/javascript", text));
        }
        assets.put(
            format!("/{config_name}"),
            File::new("application/json", config),
        );
        Ok(())
    }

    /// Has the loader put the chat into a frame on every page, as a tenant may choose.
    ///
    /// # Errors
    ///
    /// When the loader does not say when it does.
    pub fn frame_every_page(&self) -> Result<()> {
        let loader = self.assets.read("widget.js")?;
        let loader = replace_between(
            &loader,
            "\"files\":",
            "{",
            "\"frame\":\"always\",\"files\":{",
        )?;
        let file = File::new("text/javascript", &loader);
        self.assets.put("/widget.js".into(), file);
        Ok(())
    }

    /// Sends a header with all of the widget's files from now on.
    pub fn send_with_assets(&self, name: &'static str, value: &'static str) {
        lock(&self.assets.shared.headers).push((name, value));
    }

    /// Answers every request for one of the package's files with 404 from now on.
    pub fn take_assets_away(&self) {
        self.assets.shared.is_empty.store(true, Ordering::Relaxed);
    }

    /// Gives the files back that [`Site::take_assets_away`] has taken.
    pub fn give_assets_back(&self) {
        self.assets.shared.is_empty.store(false, Ordering::Relaxed);
    }

    /// Tells the origin of the pages.
    #[must_use]
    pub fn shop(&self) -> &str {
        &self.shop.url
    }

    /// Replaces the configuration of a page's widget.
    pub fn reconfigure(&self, page: &str, config: &str) {
        let file = File::new("application/json", config);
        self.assets.put(configuration_of(page), file);
    }

    /// Takes the configuration of a page's widget away: its address answers 404.
    pub fn withdraw_configuration(&self, page: &str) {
        self.assets.files().remove(&configuration_of(page));
    }

    /// Puts a page of HTML in the place of the part of the module that is loaded when a chat has begun.
    ///
    /// # Errors
    ///
    /// When the package has no such part.
    pub fn withhold_extras(&self) -> Result<()> {
        let page = File::new("text/html", "<!doctype html><title>Please log in</title>");
        self.assets.put(self.assets.extras()?, page);
        Ok(())
    }

    /// Gives the part back that [`Site::withhold_extras`] has replaced.
    ///
    /// # Errors
    ///
    /// When the package has no such part.
    pub fn give_extras_back(&self) -> Result<()> {
        let path = self.assets.extras()?;
        self.assets.files().remove(&path);
        Ok(())
    }

    /// Puts a script up at the page's own origin and returns its address.
    #[must_use]
    pub fn script(&self, name: &str, source: &str) -> String {
        self.shop
            .put(format!("/{name}.js"), File::new("text/javascript", source))
    }

    /// Puts a text up at the page's own origin and returns its address.
    pub fn text(&self, name: &str, text: &str) -> String {
        self.shop
            .put(format!("/{name}"), File::new("text/plain", text))
    }

    /// Puts a style sheet up at the page's own origin and returns its address.
    #[must_use]
    pub fn style(&self, name: &str, source: &str) -> String {
        self.shop
            .put(format!("/{name}.css"), File::new("text/css", source))
    }

    /// Tells where the widget's files are.
    #[must_use]
    pub fn assets(&self) -> &str {
        &self.assets.url
    }

    /// Tells an address that answers every request, of whatever method, with a page of HTML and
    /// status 200, as a captive portal or a misconfigured server does.
    #[must_use]
    pub fn html_for_everything(&self) -> String {
        format!("{}/html", self.assets.url)
    }

    /// Takes what is posted to `/messages` of the owner's site from now on.
    pub fn take_messages(&self) {
        let takes = &self.shop.shared.takes_messages;
        takes.store(true, Ordering::Relaxed);
    }

    /// Lists what was posted there, and taken.
    #[must_use]
    pub fn messages(&self) -> Vec<String> {
        lock(&self.shop.shared.messages).clone()
    }

    /// Lists the paths that were asked for at the widget's origin so far.
    #[must_use]
    pub fn fetched(&self) -> Vec<String> {
        lock(&self.assets.shared.requests).clone()
    }
}

/// Names the configuration of the page of this address.
fn configuration_of(page: &str) -> String {
    let number = page
        .rsplit_once("/page-")
        .and_then(|(_, name)| name.split('.').next())
        .unwrap_or_default();
    format!("/config-{number}.json")
}

#[derive(Debug)]
struct Origin {
    url: String,
    shared: Arc<Shared>,
    /// Serves until it is dropped, on threads of its own.
    runtime: Option<Runtime>,
}

#[derive(Debug)]
struct Shared {
    folder: Option<PathBuf>,
    /// Whether the folder's files are withheld.
    is_empty: AtomicBool,
    files: Mutex<HashMap<String, File>>,
    /// The headers that come with every file.
    headers: Mutex<Vec<(&'static str, &'static str)>>,
    requests: Mutex<Vec<String>>,
    takes_messages: AtomicBool,
    messages: Mutex<Vec<String>>,
}

#[derive(Debug, Clone)]
struct File {
    kind: String,
    body: Vec<u8>,
    policy: Option<String>,
    headers: Vec<(&'static str, &'static str)>,
}

impl File {
    fn new(kind: &str, text: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            body: text.as_bytes().to_vec(),
            policy: None,
            headers: Vec::new(),
        }
    }
}

impl Origin {
    fn start(folder: Option<PathBuf>) -> Result<Self> {
        let shared = Arc::new(Shared {
            folder,
            is_empty: AtomicBool::default(),
            files: Mutex::default(),
            headers: Mutex::default(),
            requests: Mutex::default(),
            takes_messages: AtomicBool::default(),
            messages: Mutex::default(),
        });
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        // From outside of the runtime: tests have one of their own.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").context("no port")?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared));
        runtime.spawn(async move {
            let listener = TcpListener::from_std(listener)?;
            axum::serve(listener, router).await
        });
        Ok(Self {
            url,
            shared,
            runtime: Some(runtime),
        })
    }

    fn files(&self) -> MutexGuard<'_, HashMap<String, File>> {
        lock(&self.shared.files)
    }

    /// Returns the path of the part of the module that is loaded when a chat has begun.
    fn extras(&self) -> Result<String> {
        Ok(format!("/{}", self.name_of("extras-", ".wasm")?))
    }

    /// Returns the name of the package's file that begins and ends so.
    fn name_of(&self, start: &str, end: &str) -> Result<String> {
        let folder = self.shared.folder.as_ref().context("no package")?;
        let names = fs::read_dir(folder)?
            .flatten()
            .map(|entry| entry.file_name());
        names
            .filter_map(|name| name.into_string().ok())
            .find(|name| name.starts_with(start) && name.ends_with(end))
            .with_context(|| format!("the package has no {start}…{end}"))
    }

    /// Reads a file of the package.
    fn read(&self, name: &str) -> Result<String> {
        let folder = self.shared.folder.as_ref().context("no package")?;
        fs::read_to_string(folder.join(name)).with_context(|| format!("cannot read {name}"))
    }

    fn put(&self, path: String, file: File) -> String {
        let url = format!("{}{path}", self.url);
        self.files().insert(path, file);
        url
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> Response {
    let path = uri.path();
    lock(&shared.requests).push(path.to_owned());
    if method == Method::POST && path == "/messages" {
        return shared.take_message(&body).into_response();
    }
    let file = shared.find(path);
    let status = match &file {
        Some(_) => StatusCode::OK,
        None => StatusCode::NOT_FOUND,
    };
    let file = file.unwrap_or_else(|| File::new("text/plain", "nothing here\n"));
    let headers = [
        (header::CONTENT_TYPE, file.kind),
        (header::CACHE_CONTROL, "no-store".into()),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".into()),
    ];
    let mut response = (status, headers, file.body).into_response();
    let more = response.headers_mut();
    let policy = file
        .policy
        .and_then(|policy| HeaderValue::try_from(policy).ok());
    if let Some(policy) = policy {
        more.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let common = lock(&shared.headers).clone();
    for (name, value) in common.into_iter().chain(file.headers) {
        more.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    response
}

/// Replaces a text from where it says `start` to the next `end`, both included.
fn replace_between(text: &str, start: &str, end: &str, new: &str) -> Result<String> {
    let (before, rest) = text
        .split_once(start)
        .with_context(|| format!("nothing says {start}"))?;
    let (_, after) = rest
        .split_once(end)
        .with_context(|| format!("nothing ends with {end}"))?;
    Ok([before, new, after].concat())
}

impl Shared {
    fn take_message(&self, body: &[u8]) -> StatusCode {
        if !self.takes_messages.load(Ordering::Relaxed) {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        lock(&self.messages).push(String::from_utf8_lossy(body).into_owned());
        StatusCode::NO_CONTENT
    }

    fn find(&self, path: &str) -> Option<File> {
        if path.starts_with("/html/") {
            let page = "<!doctype html><title>Welcome</title><h1>Please log in</h1>";
            return Some(File::new("text/html", page));
        }
        if let Some(file) = lock(&self.files).get(path) {
            return Some(file.clone());
        }
        let name = path.strip_prefix('/')?;
        // The folder of the major version, and no other.
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        let is_version = |folder: &str| {
            let number = folder.strip_prefix('v').unwrap_or_default();
            number.parse::<u64>().is_ok()
        };
        if !(folder.is_empty() || is_version(folder))
            || file.is_empty()
            || self.is_empty.load(Ordering::Relaxed)
        {
            return None;
        }
        let kind = match file.rsplit('.').next() {
            Some("js") => "text/javascript; charset=utf-8",
            Some("json") => "application/json",
            Some("wasm") => "application/wasm",
            Some("html") => "text/html; charset=utf-8",
            _ => return None,
        };
        Some(File {
            kind: kind.into(),
            body: fs::read(self.folder.as_ref()?.join(folder).join(file)).ok()?,
            policy: None,
            headers: Vec::new(),
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
