//! An HTTP client of a few lines: it shares no code with the server and sees when a connection is cut.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Far above anything that should happen: a test that waits so long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends one request on a connection of its own. A connection that is cut before the whole reply is there is an error.
pub(crate) fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Reply> {
    let mut stream = connect(address)?;
    write_head(&mut stream, method, path, headers, body.len())?;
    stream.write_all(body)?;
    read_reply(&mut stream)
}

pub(crate) fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

pub(crate) fn write_head(
    stream: &mut TcpStream,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    length: usize,
) -> io::Result<()> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nContent-Length: {length}\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        head += &format!("Host: {}\r\n", stream.peer_addr()?);
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all((head + "\r\n").as_bytes())
}

/// Reads one reply; the connection may live on.
pub(crate) fn read_reply(stream: &mut TcpStream) -> io::Result<Reply> {
    let mut head = Vec::new();
    let mut byte = [0_u8];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .unwrap()
        .parse()
        .unwrap();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let mut reply = Reply {
        status,
        headers,
        body: Vec::new(),
    };
    if reply.header("transfer-encoding").is_some() {
        read_chunks(stream, &mut reply.body)?;
    } else {
        let length = reply
            .header("content-length")
            .map_or(0, |text| text.parse().unwrap());
        reply.body = vec![0; length];
        stream.read_exact(&mut reply.body)?;
    }
    Ok(reply)
}

fn read_chunks(stream: &mut TcpStream, body: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let size = usize::from_str_radix(read_line(stream)?.trim(), 16).unwrap();
        let mut chunk = vec![0; size];
        stream.read_exact(&mut chunk)?;
        body.extend_from_slice(&chunk);
        read_line(stream)?;
        if size == 0 {
            return Ok(());
        }
    }
}

fn read_line(stream: &mut TcpStream) -> io::Result<String> {
    let mut line = Vec::new();
    let mut byte = [0_u8];
    while !line.ends_with(b"\n") {
        stream.read_exact(&mut byte)?;
        line.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&line).into_owned())
}

/// Makes a multipart body, in the order given; a value that starts with `@` is a file's name.
pub(crate) fn multipart(fields: &[(&str, &str)], contents: &[u8]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = match value.strip_prefix('@') {
            Some(file) => format!(
                "--bound\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            ),
            None => format!("--bound\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n"),
        };
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(if value.starts_with('@') {
            contents
        } else {
            value.as_bytes()
        });
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--bound--\r\n");
    ("multipart/form-data; boundary=bound".to_owned(), body)
}
