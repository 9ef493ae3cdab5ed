//! Sends requests by curl, which has the machine's certificates and proxies, and a TLS stack that the
//! workspace need not carry.

use std::ffi::OsStr;
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

use anyhow::{Context as _, Result, bail};

use super::reply::{Answer, Reply, Silence};
use crate::process::find;

/// The longest that a request may take (s).
const PATIENCE: &str = "10";
/// The most of a body that is read (bytes); no answer of any API's is nearly as large.
const LARGEST: u64 = 256 * 1024;
/// What curl tells on its standard error when it is done: a line each, told apart from its complaints by the name.
const TOLD: &str =
    "%{stderr}\nstatus=%{http_code}\nkind=%{content_type}\nredirect=%{redirect_url}\n";

/// A request. There is no `Debug`: headers may hold a key.
pub(crate) struct Request<'a> {
    /// The whole address.
    pub(crate) url: String,
    /// Names and values.
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    /// What is posted, and its media type; none: GET.
    pub(crate) body: Option<(&'static str, String)>,
}

/// The program.
#[derive(Debug)]
pub(crate) struct Curl(PathBuf);

impl Curl {
    /// Finds the program on a search path; says how to install it if it is not there.
    pub(crate) fn find(path: &OsStr) -> Result<Self> {
        let found = find("curl", path).context(
            "curl is needed to ask the server: type `apt-get install curl` (or use your system's way)",
        )?;
        Ok(Self(found))
    }

    /// Sends a request, and follows nothing: a redirect is an answer, too. A failure of the network is one as well;
    /// an error is only what keeps curl from running.
    pub(crate) fn send(&self, request: &Request<'_>) -> Result<Answer> {
        let mut child = Command::new(&self.0)
            // First, or the user's own configuration counts.
            .args(["-q", "--silent", "--show-error", "--globoff", "--max-time"])
            .args([PATIENCE, "--proto", "=http,https", "--write-out", TOLD])
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
        // One that dies early closes its input: what it says of that tells more.
        let _ = stdin.write_all(config(request).as_bytes());
        drop(stdin);
        let told = thread::spawn(move || {
            let mut told = Vec::new();
            stderr.read_to_end(&mut told).map(|_| told)
        });
        let mut body = Vec::new();
        let read = stdout.by_ref().take(LARGEST).read_to_end(&mut body);
        // It must not wait for a reader.
        let drained = read.and_then(|_| io::copy(&mut stdout, &mut io::sink()));
        let code = exit_code(&mut child)?;
        drained.context("cannot read what curl brings")?;
        let Ok(told) = told.join() else {
            bail!("the reader of curl's words died");
        };
        let told = told.context("cannot read what curl says")?;
        Ok(answer(code, &String::from_utf8_lossy(&told), &body))
    }
}

fn exit_code(child: &mut Child) -> Result<i32> {
    let status = child.wait().context("cannot wait for curl")?;
    // Ended by a signal: no code of curl's own is below zero.
    Ok(status.code().unwrap_or(-1))
}

/// Writes a request as curl's configuration. It goes by standard input: everybody on the machine can read the
/// arguments of its programs.
fn config(request: &Request<'_>) -> String {
    let mut lines = vec![
        line("url", &request.url),
        line("user-agent", "Parlour probe"),
    ];
    for (name, value) in &request.headers {
        lines.push(match value.is_empty() {
            // Curl takes a header without a value for one to leave out, but for this.
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

fn answer(code: i32, told: &str, body: &[u8]) -> Answer {
    let field = |name: &str| {
        let mut lines = told.lines();
        lines.find_map(|line| line.strip_prefix(name)).unwrap_or("")
    };
    let status = field("status=").parse().unwrap_or(0);
    if code == 0 && status != 0 {
        return Answer::Reply(Reply::new(status, field("kind="), field("redirect="), body));
    }
    // Only its last word on it: warnings may quote what they were given.
    let words = told.lines().find(|line| line.starts_with("curl: ("));
    let words = words.map_or_else(|| format!("curl ended with {code}"), str::to_owned);
    Answer::Silence(Silence { code, words })
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
    fn what_curl_tells_is_read() {
        let told = "\nstatus=302\nkind=text/html\nredirect=https://other.example/?k=1\n";
        let Answer::Reply(reply) = answer(0, told, b"") else {
            panic!("a redirect is a reply");
        };
        assert_eq!(reply.status, 302);
        assert_eq!(reply.redirect.as_deref(), Some("https://other.example/"));

        let told = "<stdin>:3: warning: 'x: secret'\ncurl: (6) Could not resolve host: chat.example\n\nstatus=000\n";
        let Answer::Silence(silence) = answer(6, told, b"") else {
            panic!("nobody was there");
        };
        assert_eq!(silence.code, 6);
        assert_eq!(
            silence.words,
            "curl: (6) Could not resolve host: chat.example"
        );

        // The head came, the body did not.
        let told = "curl: (28) Operation timed out\nstatus=200\nkind=\nredirect=\n";
        assert!(matches!(answer(28, told, b"["), Answer::Silence(_)));
        assert!(matches!(answer(-1, "", b""), Answer::Silence(_)));
    }

    #[test]
    fn it_is_said_how_to_install_it() {
        let error = Curl::find(OsStr::new("/nowhere")).unwrap_err();
        assert!(
            error.to_string().contains("apt-get install curl"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_key_goes_by_standard_input_only_and_a_large_body_is_cut() {
        let folder =
            std::env::temp_dir().join(format!("parlour-xtask-curl-{}", std::process::id()));
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
