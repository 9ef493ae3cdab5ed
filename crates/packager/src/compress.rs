//! Compression of files ahead of time, for hosts that do not compress on the fly.

use std::io::{Cursor, Write as _};

use anyhow::{Context as _, Result, bail};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, GzBuilder};

/// Compresses with brotli's best settings (quality 11, a window of 4 MiB).
pub(crate) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut Cursor::new(bytes), &mut packed, &params)
        .context("brotli failed")?;
    let mut unpacked = Vec::new();
    brotli::BrotliDecompress(&mut Cursor::new(&packed), &mut unpacked).context("brotli failed")?;
    if unpacked != bytes {
        bail!("brotli's output does not decompress to its input");
    }
    Ok(packed)
}

/// Compresses with gzip's best settings, without a time stamp, so that equal input gives equal output.
pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzBuilder::new()
        .mtime(0)
        .write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish().context("gzip failed")
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn both_encodings_unpack_to_what_went_in() {
        for bytes in [&b""[..], b"a", &[b'a'; 100_000]] {
            let mut unpacked = Vec::new();
            let packed = brotli(bytes).unwrap();
            brotli::BrotliDecompress(&mut Cursor::new(&packed), &mut unpacked).unwrap();
            assert_eq!(unpacked, bytes);
            let mut unpacked = Vec::new();
            let packed = gzip(bytes).unwrap();
            flate2::read::GzDecoder::new(&packed[..])
                .read_to_end(&mut unpacked)
                .unwrap();
            assert_eq!(unpacked, bytes);
        }
    }

    #[test]
    fn equal_files_pack_to_equal_bytes() {
        assert_eq!(gzip(b"same").unwrap(), gzip(b"same").unwrap());
    }
}
