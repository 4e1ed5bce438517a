//! A stream sealed in chunks (STREAM over XChaCha20-Poly1305): a chunk that was changed, left out, put
//! elsewhere or taken from another file does not open, nor does a stream without its last.

use std::io::{self, ErrorKind, Read, Write};

use aead_stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::aead::{KeyInit as _, Payload};
use chacha20poly1305::{Key as CipherKey, XChaCha20Poly1305};

use super::key::Key;

/// Bytes of a chunk before it is sealed, and what sealing adds.
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
/// Bytes of a stream's nonce; five more count its chunks and mark the last.
pub const NONCE: usize = 19;

/// A chunk does not open.
#[derive(Debug, thiserror::Error)]
#[error("a chunk does not open")]
pub struct Broken;

/// Seals what is written to it.
pub struct Sealing<W: Write> {
    out: W,
    stream: EncryptorBE32<XChaCha20Poly1305>,
    about: Vec<u8>,
    chunk: Vec<u8>,
}

impl<W: Write> Sealing<W> {
    /// `about` stands in the open before the stream: with another, nothing opens.
    pub fn new(out: W, key: &Key, nonce: [u8; NONCE], about: Vec<u8>) -> Sealing<W> {
        let stream = EncryptorBE32::from_aead(cipher(key), &nonce.into());
        Sealing { out, stream, about, chunk: Vec::with_capacity(CHUNK + TAG) }
    }

    /// Seals the last chunk.
    pub fn finish(mut self) -> io::Result<W> {
        let payload = Payload { msg: &self.chunk, aad: &self.about };
        let sealed = self.stream.encrypt_last(payload).map_err(|_| io::Error::other(Broken))?;
        self.out.write_all(&sealed)?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The last chunk is sealed apart: a full one waits until more comes.
        if self.chunk.len() == CHUNK {
            let payload = Payload { msg: &self.chunk, aad: &self.about };
            // Fails after 256 TiB.
            let sealed = self.stream.encrypt_next(payload).map_err(|_| io::Error::other(Broken))?;
            self.out.write_all(&sealed)?;
            self.chunk.clear();
        }
        let taken = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Opens what was sealed.
pub struct Opening<R: Read> {
    sealed: R,
    /// Bytes of the stream that were not read yet.
    left: u64,
    /// None once the last chunk was opened.
    stream: Option<DecryptorBE32<XChaCha20Poly1305>>,
    about: Vec<u8>,
    chunk: Vec<u8>,
    read: usize,
}

impl<R: Read> Opening<R> {
    /// Opens a stream of `length` bytes.
    pub fn new(sealed: R, length: u64, key: &Key, nonce: [u8; NONCE], about: Vec<u8>) -> Opening<R> {
        let stream = Some(DecryptorBE32::from_aead(cipher(key), &nonce.into()));
        Opening { sealed, left: length, stream, about, chunk: Vec::new(), read: 0 }
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        let Some(mut stream) = self.stream.take() else { return Ok(()) };
        let length = self.left.min((CHUNK + TAG) as u64);
        let mut sealed = Vec::with_capacity(CHUNK + TAG);
        self.sealed.by_ref().take(length).read_to_end(&mut sealed)?;
        if sealed.len() as u64 != length {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.left -= length;
        let payload = Payload { msg: &sealed, aad: &self.about };
        let opened = if self.left == 0 {
            stream.decrypt_last(payload)
        } else {
            let opened = stream.decrypt_next(payload);
            self.stream = Some(stream);
            opened
        };
        self.chunk = opened.map_err(|_| io::Error::other(Broken))?;
        self.read = 0;
        Ok(())
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.read == self.chunk.len() {
            self.chunk.clear();
            self.read = 0;
            self.next_chunk()?;
        }
        let given = into.len().min(self.chunk.len() - self.read);
        into[..given].copy_from_slice(&self.chunk[self.read..self.read + given]);
        self.read += given;
        Ok(given)
    }
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&CipherKey::from(key.of_seals()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(bytes: &[u8]) -> Vec<u8> {
        let mut sealing = Sealing::new(Vec::new(), &Key::new([7; 32]), [1; NONCE], b"about".to_vec());
        sealing.write_all(bytes).unwrap();
        sealing.finish().unwrap()
    }

    fn opened(sealed: &[u8], key: u8, about: &str) -> io::Result<Vec<u8>> {
        let (key, length) = (Key::new([key; 32]), sealed.len() as u64);
        let mut bytes = Vec::new();
        let mut opening = Opening::new(sealed, length, &key, [1; NONCE], about.into());
        opening.read_to_end(&mut bytes).map(|_| bytes)
    }

    #[test]
    fn any_length_comes_back() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let bytes: Vec<u8> = (0..length).map(|n| u8::try_from(n % 251).unwrap()).collect();
            assert_eq!(opened(&sealed(&bytes), 7, "about").unwrap(), bytes);
        }
    }

    #[test]
    fn nothing_that_was_changed_cut_off_or_put_elsewhere_opens() {
        let whole = sealed(&[5; 3 * CHUNK]);
        let part = CHUNK + TAG;
        assert!(opened(&whole, 8, "about").is_err(), "another key");
        assert!(opened(&whole, 7, "other").is_err(), "another header");
        for at in [0, part - 1, part, whole.len() - 1] {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            assert!(opened(&flipped, 7, "about").is_err(), "flipped at {at}");
        }
        for length in [0, part, 2 * part, whole.len() - 1] {
            assert!(opened(&whole[..length], 7, "about").is_err(), "cut off at {length}");
        }
        let swapped = [&whole[part..2 * part], &whole[..part], &whole[2 * part..]].concat();
        assert!(opened(&swapped, 7, "about").is_err(), "swapped");
    }
}
