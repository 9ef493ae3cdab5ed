//! HTTP requests by curl, which knows the machine's certificates and proxies and saves the workspace a
//! TLS stack.

use std::ffi::OsStr;
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

use anyhow::{Context as _, Result, bail};

use super::reply::{Failure, Outcome, Reply};
use crate::programs::find;

/// The time limit of a request, in seconds.
const TIME_LIMIT: &str = "10";
/// The size limit of a body, in bytes; no API's reply is nearly as large.
const SIZE_LIMIT: u64 = 256 * 1024;
/// The report that curl writes to its standard error at the end: named lines, to tell them from errors.
const REPORT: &str =
    "%{stderr}\nstatus=%{http_code}\nkind=%{content_type}\nredirect=%{redirect_url}\n";

/// A request. There is no `Debug`: headers may hold a key.
pub(crate) struct Request<'a> {
    /// The URL.
    pub(crate) url: String,
    /// Names and values.
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    /// The media type and body of a POST; nothing for a GET.
    pub(crate) body: Option<(&'static str, String)>,
}

/// The curl program.
#[derive(Debug)]
pub(crate) struct Curl(PathBuf);

impl Curl {
    /// Finds the program on a search path. The error says how to install it.
    pub(crate) fn find(path: &OsStr) -> Result<Self> {
        let found = find("curl", path).context(
            "the probe needs curl: type `apt-get install curl` (or use your system's way)",
        )?;
        Ok(Self(found))
    }

    /// Sends a request and follows no redirect. A failure of the network is an outcome; it is an error only if curl
    /// does not run.
    pub(crate) fn send(&self, request: &Request<'_>) -> Result<Outcome> {
        let mut child = Command::new(&self.0)
            // `-q` must be first to ignore the user's configuration.
            .args(["-q", "--silent", "--show-error", "--globoff", "--max-time"])
            .args([TIME_LIMIT, "--proto", "=http,https", "--write-out", REPORT])
            .args(["--config", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", self.0.display()))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(mut stdin), Some(mut stdout), Some(mut stderr)) = pipes else {
            bail!("no pipes to curl");
        };
        // If curl ends early this fails, but its own error message says more.
        let _ = stdin.write_all(config(request).as_bytes());
        drop(stdin);
        let report = thread::spawn(move || {
            let mut report = Vec::new();
            stderr.read_to_end(&mut report).map(|_| report)
        });
        let mut body = Vec::new();
        let read = stdout.by_ref().take(SIZE_LIMIT).read_to_end(&mut body);
        // The rest is read too, or curl would wait on a full pipe.
        let drained = read.and_then(|_| io::copy(&mut stdout, &mut io::sink()));
        let code = exit_code(&mut child)?;
        drained.context("cannot read curl's output")?;
        let Ok(report) = report.join() else {
            bail!("the thread that reads curl's messages panicked");
        };
        let report = report.context("cannot read curl's messages")?;
        Ok(outcome(code, &String::from_utf8_lossy(&report), &body))
    }
}

fn exit_code(child: &mut Child) -> Result<i32> {
    let status = child.wait().context("cannot wait for curl")?;
    // Without a code it was ended by a signal; curl's own codes are not negative.
    Ok(status.code().unwrap_or(-1))
}

/// Formats a request as curl's configuration. It is passed by standard input, because arguments are visible to every
/// user of the machine.
fn config(request: &Request<'_>) -> String {
    let mut lines = vec![
        line("url", &request.url),
        line("user-agent", "Parlour probe"),
    ];
    for (name, value) in &request.headers {
        lines.push(match value.is_empty() {
            // `name:` would remove the header; `name;` sends it empty.
            true => line("header", &format!("{name};")),
            false => line("header", &format!("{name}: {value}")),
        });
    }
    if let Some((kind, body)) = &request.body {
        lines.push(line("header", &format!("Content-Type: {kind}")));
        lines.push(line("data-raw", body));
    }
    lines.concat()
}

fn line(option: &str, value: &str) -> String {
    let mut line = format!("{option} = \"");
    for c in value.chars() {
        match c {
            '"' | '\\' => line.extend(['\\', c]),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            c => line.push(c),
        }
    }
    line + "\"\n"
}

fn outcome(code: i32, report: &str, body: &[u8]) -> Outcome {
    let field = |name: &str| {
        let mut lines = report.lines();
        lines.find_map(|line| line.strip_prefix(name)).unwrap_or("")
    };
    let status = field("status=").parse().unwrap_or(0);
    if code == 0 && status != 0 {
        return Outcome::Reply(Reply::new(status, field("kind="), field("redirect="), body));
    }
    // Only the error: warnings may quote headers.
    let message = report.lines().find(|line| line.starts_with("curl: ("));
    let message = message.map_or_else(|| format!("curl ended with {code}"), str::to_owned);
    Outcome::Failure(Failure { code, message })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request<'a>(headers: Vec<(&'a str, &'a str)>) -> Request<'a> {
        Request {
            url: "https://chat.example/a".into(),
            headers,
            body: Some(("application/json", "[{\"a\": \"\\\"\"}]".into())),
        }
    }

    #[test]
    fn nothing_in_a_value_can_become_another_option() {
        let config = config(&request(vec![
            ("x", "a\"\noutput = \"/etc/x"),
            ("empty", ""),
        ]));
        assert_eq!(
            config,
            "url = \"https://chat.example/a\"\n\
             user-agent = \"Parlour probe\"\n\
             header = \"x: a\\\"\\noutput = \\\"/etc/x\"\n\
             header = \"empty;\"\n\
             header = \"Content-Type: application/json\"\n\
             data-raw = \"[{\\\"a\\\": \\\"\\\\\\\"\\\"}]\"\n"
        );
    }

    #[test]
    fn curls_report_is_read() {
        let report = "\nstatus=302\nkind=text/html\nredirect=https://other.example/?k=1\n";
        let Outcome::Reply(reply) = outcome(0, report, b"") else {
            panic!("a redirect is a reply");
        };
        assert_eq!(reply.status, 302);
        assert_eq!(reply.redirect.as_deref(), Some("https://other.example/"));

        let report = "<stdin>:3: warning: 'x: secret'\ncurl: (6) Could not resolve host: chat.example\n\nstatus=000\n";
        let Outcome::Failure(failure) = outcome(6, report, b"") else {
            panic!("nobody was there");
        };
        assert_eq!(failure.code, 6);
        assert_eq!(
            failure.message,
            "curl: (6) Could not resolve host: chat.example"
        );

        // The headers came, the body did not.
        let report = "curl: (28) Operation timed out\nstatus=200\nkind=\nredirect=\n";
        assert!(matches!(outcome(28, report, b"["), Outcome::Failure(_)));
        assert!(matches!(outcome(-1, "", b""), Outcome::Failure(_)));
    }

    #[test]
    fn the_error_says_how_to_install_curl() {
        let error = Curl::find(OsStr::new("/nowhere")).unwrap_err();
        assert!(
            error.to_string().contains("apt-get install curl"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_key_goes_by_standard_input_only_and_a_large_body_is_cut() {
        let folder = std::env::temp_dir().join(format!("parlour-cli-curl-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let program = folder.join("curl");
        let script = "#!/bin/sh\n\
             cat > \"$0.config\"\n\
             echo \"$*\" > \"$0.arguments\"\n\
             head -c 3000000 /dev/zero | tr '\\0' ' '\n\
             printf 'status=200\\nkind=\\nredirect=\\n' >&2\n";
        // Written by another process: a program that any of ours still has open cannot be run.
        let written = "printf '%s' \"$1\" > \"$0\" && chmod +x \"$0\"";
        let mut writer = Command::new("sh");
        writer.args(["-c", written]).arg(&program).arg(script);
        assert!(writer.status().unwrap().success());
        let curl = Curl::find(folder.as_os_str()).unwrap();
        let answer = curl.send(&request(vec![("apikey", "secret")])).unwrap();
        let written = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        assert!(written("curl.config").contains("header = \"apikey: secret\"\n"));
        let arguments = written("curl.arguments");
        assert!(
            arguments.starts_with("-q ") && !arguments.contains("secret"),
            "{arguments}"
        );
        assert_eq!(answer.reply().unwrap().status, 200);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
