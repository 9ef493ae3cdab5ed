//! Content hashes: in file names, and for subresource integrity.

use sha2::{Digest as _, Sha384};

/// Returns the hash for a file's name: 16 hexadecimal digits.
pub fn short(bytes: &[u8]) -> String {
    let digest = Sha384::digest(bytes);
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Returns the value of the `integrity` attribute: `sha384-` and base64.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", base64(&Sha384::digest(bytes)))
}

/// Encodes whole groups of three bytes, which is all that a 48-byte digest needs.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    debug_assert!(bytes.len().is_multiple_of(3), "no padding is written");
    bytes
        .chunks_exact(3)
        .flat_map(|group| {
            let word = group
                .iter()
                .fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
            [18, 12, 6, 0].map(|shift| char::from(ALPHABET[(word >> shift & 63) as usize]))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrity_is_what_browsers_compute() {
        // From `openssl dgst -sha384 -binary | base64`, the recipe of the SRI specification.
        assert_eq!(
            integrity(b"alert('Hello, world.');"),
            "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO"
        );
    }

    #[test]
    fn names_change_with_the_last_byte() {
        assert_eq!(short(b"a").len(), 16);
        assert_ne!(short(b"a"), short(b"b"));
        assert_eq!(short(b""), "38b060a751ac9638");
    }
}
