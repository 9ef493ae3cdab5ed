//! A static file server with the headers of a careful host.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use tokio::runtime::Runtime;

/// Files by URL path, loaded once, so that nothing outside of the folder can be requested.
#[derive(Debug, Default)]
struct Files(BTreeMap<String, File>);

#[derive(Debug, Default, PartialEq, Eq)]
struct File {
    raw: Vec<u8>,
    brotli: Option<Vec<u8>>,
    gzip: Option<Vec<u8>>,
}

/// A running server, stopped when dropped.
pub(crate) struct Site(Option<Runtime>);

impl Site {
    /// Serves the files that are in `folder` now, through a port that [`bind`] has taken.
    pub(crate) fn start(listener: TcpListener, folder: &Path) -> Result<Self> {
        let mut files = Files::default();
        files.load(folder, "/")?;
        let router = Router::new().fallback(answer).with_state(Arc::new(files));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        listener.set_nonblocking(true)?;
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            axum::serve(listener, router).await
        });
        Ok(Self(Some(runtime)))
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Binds a port of this machine, 0 for any free one. If it is taken, the error names the flag to change it.
pub(crate) fn bind(port: u16, flag: &str) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            anyhow!("port {port} is in use by another program: choose one with `{flag} N`")
        }
        _ => anyhow!("cannot listen on port {port}: {error}"),
    })
}

impl Files {
    fn load(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        let entries =
            fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                bail!(
                    "a file in {} has a name that no address can hold",
                    folder.display()
                );
            };
            let path = format!("{prefix}{name}");
            if entry.file_type()?.is_dir() {
                self.load(&entry.path(), &format!("{path}/"))?;
            } else {
                self.add(&path, fs::read(entry.path())?);
            }
        }
        Ok(())
    }

    fn add(&mut self, path: &str, bytes: Vec<u8>) {
        if let Some(path) = path.strip_suffix(".br") {
            self.0.entry(path.into()).or_default().brotli = Some(bytes);
        } else if let Some(path) = path.strip_suffix(".gz") {
            self.0.entry(path.into()).or_default().gzip = Some(bytes);
        } else {
            self.0.entry(path.into()).or_default().raw = bytes;
        }
    }

    /// Finds the file of a URL; a folder's file is its `index.html`.
    fn find(&self, url: &str) -> Option<(&str, &File)> {
        let path = url.split(['?', '#']).next()?;
        let index = format!("{path}index.html");
        let path = if path.ends_with('/') { &index } else { path };
        self.0
            .get_key_value(path)
            .map(|(path, file)| (path.as_str(), file))
    }
}

async fn answer(State(files): State<Arc<Files>>, request: Request) -> Response {
    let readable = matches!(*request.method(), Method::GET | Method::HEAD);
    match files.find(request.uri().path()).filter(|_| readable) {
        Some((path, file)) => {
            let (body, encoding) = file.encoded(&accepted(request.headers()));
            (headers(path, encoding), body.to_vec()).into_response()
        }
        None => (
            StatusCode::NOT_FOUND,
            headers("/missing.txt", None),
            "There is nothing here.\n",
        )
            .into_response(),
    }
}

/// Lists the encodings that a client accepts.
fn accepted(headers: &HeaderMap) -> String {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter();
    let values: Vec<_> = values.filter_map(|value| value.to_str().ok()).collect();
    values.join(",")
}

impl File {
    /// Chooses the smallest encoding that the client accepts.
    fn encoded(&self, accepted: &str) -> (&[u8], Option<&'static str>) {
        let takes = |name: &str| {
            accepted.split(',').any(|choice| {
                let mut parts = choice.split(';').map(str::trim);
                parts.next() == Some(name) && !parts.any(|quality| quality == "q=0")
            })
        };
        if let Some(brotli) = self.brotli.as_deref().filter(|_| takes("br")) {
            (brotli, Some("br"))
        } else if let Some(gzip) = self.gzip.as_deref().filter(|_| takes("gzip")) {
            (gzip, Some("gzip"))
        } else {
            (&self.raw, None)
        }
    }
}

fn headers(path: &str, encoding: Option<&'static str>) -> HeaderMap {
    let lifetime = match is_hashed(path) {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let always = [
        (header::CONTENT_TYPE, content_type(path)),
        (header::CACHE_CONTROL, lifetime),
        (header::VARY, "Accept-Encoding"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let encoding = encoding.map(|name| (header::CONTENT_ENCODING, name));
    let all = always.into_iter().chain(encoding);
    all.map(|(name, value)| (name, HeaderValue::from_static(value)))
        .collect()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("jpg") => "image/jpeg",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Returns whether the name contains a content hash: `chat-0123456789abcdef.js`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let hash = name
        .split('.')
        .next()
        .and_then(|stem| stem.rsplit('-').next());
    hash.is_some_and(|hash| {
        hash.len() == 16 && hash != name && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    use super::*;

    fn file() -> File {
        File {
            raw: b"raw".to_vec(),
            brotli: Some(b"br".to_vec()),
            gzip: Some(b"gz".to_vec()),
        }
    }

    #[test]
    fn the_smallest_form_that_is_taken_is_sent() {
        let file = file();
        assert_eq!(file.encoded("gzip, deflate, br").1, Some("br"));
        assert_eq!(file.encoded("gzip;q=0.5, br;q=0").1, Some("gzip"));
        assert_eq!(file.encoded("").1, None);
        assert_eq!(file.encoded("brotli").1, None);
        assert_eq!(
            File {
                raw: b"raw".to_vec(),
                ..File::default()
            }
            .encoded("br")
            .0,
            b"raw"
        );
    }

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        assert!(is_hashed("/widget/chat-0123456789abcdef.wasm"));
        for path in [
            "/widget/widget.js",
            "/index.html",
            "/a-b.js",
            "/0123456789abcdef",
        ] {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn a_folder_is_its_index_and_nothing_outside_can_be_had() {
        let mut files = Files::default();
        files.add("/index.html", b"shop".to_vec());
        files.add("/widget/widget.js", b"script".to_vec());
        files.add("/widget/widget.js.br", b"br".to_vec());
        assert_eq!(
            files.find("/?a=b").map(|(path, _)| path),
            Some("/index.html")
        );
        assert_eq!(
            files
                .find("/widget/widget.js?1")
                .unwrap()
                .1
                .brotli
                .as_deref(),
            Some(&b"br"[..])
        );
        for url in [
            "/widget",
            "/../index.html",
            "/widget/../index.html",
            "/widget/",
        ] {
            assert_eq!(files.find(url), None, "{url}");
        }
    }

    #[test]
    fn a_browser_gets_types_and_encodings() {
        let folder = std::env::temp_dir().join(format!("xtask-site-{}", std::process::id()));
        fs::create_dir_all(folder.join("widget")).unwrap();
        fs::write(folder.join("index.html"), "<p>shop").unwrap();
        fs::write(folder.join("widget/chat-0123456789abcdef.wasm"), "module").unwrap();
        fs::write(
            folder.join("widget/chat-0123456789abcdef.wasm.br"),
            "packed",
        )
        .unwrap();
        let listener = bind(0, "--port").unwrap();
        let address = listener.local_addr().unwrap();
        let site = Site::start(listener, &folder).unwrap();
        let ask = |line: &str| {
            let mut stream = TcpStream::connect(address).unwrap();
            write!(
                stream,
                "{line} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n"
            )
            .unwrap();
            let mut reply = String::new();
            stream.read_to_string(&mut reply).unwrap();
            reply
        };
        let page = ask("GET /");
        assert!(page.contains("200 OK") && page.contains("text/html") && page.ends_with("<p>shop"));
        let module = ask("GET /widget/chat-0123456789abcdef.wasm");
        assert!(module.contains("application/wasm") && module.contains("content-encoding: br"));
        assert!(
            module.contains("immutable") && module.ends_with("packed"),
            "{module}"
        );
        assert!(ask("GET /nothing").contains("404"));
        assert!(ask("POST /").contains("404"));
        drop(site);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_port_that_is_taken_is_named_with_the_way_out() {
        let taken = bind(0, "--port").unwrap();
        let port = taken.local_addr().unwrap().port();
        let words = bind(port, "--port").unwrap_err().to_string();
        assert!(
            words.contains(&port.to_string()) && words.contains("--port N"),
            "{words}"
        );
    }
}
