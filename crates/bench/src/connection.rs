//! A connection that is kept open, as browsers do. Written by hand: the load generator shares the processor with the
//! emulator, and should need little of it.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// About what a browser sends with every request; the server keeps it while it reads.
const USUAL_HEADERS: &str = "Origin: https://shop.example\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n\
    Accept: */*\r\nAccept-Language: en-GB,en;q=0.9\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n\
    Referer: https://shop.example/\r\nSec-Fetch-Dest: empty\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Site: cross-site\r\n";

pub(crate) const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";
pub(crate) const JSON: &str = "application/json;charset=UTF-8";

#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    address: SocketAddr,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await;
        let stream = stream.context("the emulator takes no connection")?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            address,
            buffer: Vec::new(),
        })
    }

    /// Sends a GET and reads the JSON of its reply.
    pub(crate) async fn get(&mut self, path: &str) -> Result<Value> {
        self.exchange("GET", path, "").await
    }

    /// Sends a POST and reads the JSON of its reply, which must be HTTP 200.
    pub(crate) async fn post(&mut self, path: &str, kind: &str, body: &str) -> Result<Value> {
        let length = body.len();
        let rest = format!("Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}");
        self.exchange("POST", path, &rest).await
    }

    async fn exchange(&mut self, method: &str, path: &str, rest: &str) -> Result<Value> {
        let host = self.address;
        let end = if rest.is_empty() { "\r\n" } else { rest };
        let request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{USUAL_HEADERS}{end}");
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(head) = Head::read(&self.buffer)? {
                break head;
            }
            self.more().await?;
        };
        let whole = head.end.saturating_add(head.length);
        while self.buffer.len() < whole {
            self.more().await?;
        }
        let body = self.buffer.get(head.end..whole).unwrap_or_default();
        if head.status != 200 {
            bail!("HTTP {}: {}", head.status, String::from_utf8_lossy(body));
        }
        serde_json::from_slice(body).context("a reply that is no JSON")
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the emulator has closed a connection");
        }
        Ok(())
    }
}

/// The parts of a reply's head that matter for reading its body.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    /// Where the body begins.
    end: usize,
    length: usize,
}

impl Head {
    /// Reads the head once it has arrived.
    fn read(bytes: &[u8]) -> Result<Option<Self>> {
        let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(bytes.get(..at).unwrap_or_default());
        let mut lines = text.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let status = status.and_then(|word| word.parse().ok());
        let length = lines.filter_map(|line| line.split_once(':'));
        let length = length
            .filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .find_map(|(_, value)| value.trim().parse().ok());
        match (status, length) {
            (Some(status), Some(length)) => Ok(Some(Self {
                status,
                end: at + 4,
                length,
            })),
            _ => bail!("a reply without status or length: {text}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        let reply = b"HTTP/1.1 200 OK\r\nContent-Type: x\r\ncontent-LENGTH: 12\r\n\r\n{}";
        assert_eq!(Head::read(&reply[..reply.len() - 4]).unwrap(), None);
        let head = Head::read(reply).unwrap().unwrap();
        assert_eq!((head.status, head.length), (200, 12));
        assert_eq!(&reply[head.end..], b"{}");
    }

    #[test]
    fn a_reply_whose_end_cannot_be_told_is_an_error() {
        assert!(Head::read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").is_err());
        assert!(Head::read(b"SSH-2.0\r\nContent-Length: 1\r\n\r\n").is_err());
    }
}
