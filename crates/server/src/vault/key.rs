//! One key: what it seals, opens and digests.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::RngExt as _;

const NONCE: usize = 24;
/// Bytes of a key's id, which stand before everything that it seals.
pub const ID: usize = 8;

/// What a key is called by: anybody may read it, and nobody learns the key from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyId(pub [u8; ID]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// A key of 32 secret bytes. It does not print itself.
#[derive(Clone)]
pub struct Key {
    secret: [u8; 32],
    id: KeyId,
    cipher: XChaCha20Poly1305,
    index: [u8; 32],
}

impl Key {
    pub fn new(secret: [u8; 32]) -> Key {
        let derive = |what| blake3::derive_key(what, &secret);
        let mut id = [0; ID];
        id.copy_from_slice(&derive("firebreak 2026 id of a key of the vault")[..ID]);
        Key {
            secret,
            id: KeyId(id),
            cipher: XChaCha20Poly1305::new(&secret.into()),
            index: derive("firebreak 2026 blind index of exact values"),
        }
    }

    pub fn random() -> Key {
        Key::new(rand::rng().random())
    }

    /// The key as it stands in a file: 64 hex digits.
    pub fn parse(text: &str) -> Option<Key> {
        Some(Key::new(hex::decode(text).ok()?.try_into().ok()?))
    }

    /// For the key's own file only.
    pub fn reveal(&self) -> String {
        hex::encode(self.secret)
    }

    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The id, a fresh nonce and the ciphertext.
    pub fn seal(&self, value: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE] = rand::rng().random();
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), value);
        let sealed = sealed.expect("a value shorter than the cipher's limit of 256 GiB");
        [self.id.0.as_slice(), &nonce, &sealed].concat()
    }

    /// The value, where this key sealed it. Without an id before it, it was sealed before there was
    /// more than one key.
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let named = sealed.strip_prefix(&self.id.0).and_then(|sealed| self.decrypt(sealed));
        named.or_else(|| self.decrypt(sealed))
    }

    fn decrypt(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        self.cipher.decrypt(&XNonce::from(*nonce), sealed).ok()
    }

    /// The digest of an exact value.
    pub fn index(&self, value: &str) -> Vec<u8> {
        blake3::keyed_hash(&self.index, value.as_bytes()).as_bytes()[..16].to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_opens() {
        let key = Key::new([7; 32]);
        let sealed = key.seal(b"12900000001");
        assert_eq!(key.open(&sealed).as_deref(), Some(&b"12900000001"[..]));
        assert_ne!(sealed, key.seal(b"12900000001"));
        assert_eq!(Key::new([8; 32]).open(&sealed), None);
        assert_eq!(key.open(b"short"), None);
        assert_eq!(sealed[..ID], key.id().0);
    }

    #[test]
    fn what_was_sealed_before_keys_had_ids_is_opened() {
        let key = Key::new([7; 32]);
        assert_eq!(key.open(&key.seal(b"12900000001")[ID..]).as_deref(), Some(&b"12900000001"[..]));
    }

    #[test]
    fn the_same_value_has_the_same_digest_and_another_key_another() {
        let key = Key::new([7; 32]);
        assert_eq!(key.index("12900000001"), key.index("12900000001"));
        assert_ne!(key.index("12900000001"), Key::new([8; 32]).index("12900000001"));
    }
}
