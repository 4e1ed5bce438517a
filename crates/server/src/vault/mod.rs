//! The vault: identity and phone numbers are sealed before they reach the database, so that a
//! copied file gives none. Exact search goes by a keyed digest. The key never leaves this module.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, bail};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use rand::RngExt as _;

const NONCE: usize = 24;

/// Seals and opens personal values with the key of one installation.
pub struct Vault {
    cipher: XChaCha20Poly1305,
    index_key: [u8; 32],
}

impl Vault {
    /// A vault of the given 32-byte key.
    pub fn new(key: [u8; 32]) -> Vault {
        let index_key = blake3::derive_key("firebreak 2026 blind index of exact values", &key);
        Vault { cipher: XChaCha20Poly1305::new(&Key::from(key)), index_key }
    }

    /// The vault whose key lies in `file`; the key is made at first use, readable by the owner only.
    pub fn at(file: &Path) -> anyhow::Result<Vault> {
        if let Ok(text) = fs::read_to_string(file) {
            let key = hex::decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
            let Some(key) = key else {
                bail!("{} is no key of 64 hex digits: put back the file it was made as", file.display())
            };
            return Ok(Vault::new(key));
        }
        let key: [u8; 32] = rand::rng().random();
        write_private(file, &hex::encode(key)).with_context(|| format!("cannot write {}", file.display()))?;
        Ok(Vault::new(key))
    }

    /// The sealed form of a value, as it is stored: a fresh nonce and the ciphertext.
    pub fn seal(&self, value: &str) -> Vec<u8> {
        self.seal_bytes(value.as_bytes())
    }

    /// The same for what is no text, such as a whole file.
    pub fn seal_bytes(&self, value: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE] = rand::rng().random();
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), value);
        let sealed = sealed.expect("a value shorter than the cipher's limit of 256 GiB");
        [nonce.as_slice(), &sealed].concat()
    }

    /// The value of a sealed form; nothing where it was sealed with another key or is damaged.
    pub fn open(&self, sealed: &[u8]) -> Option<String> {
        String::from_utf8(self.open_bytes(sealed)?).ok()
    }

    /// The same for what is no text.
    pub fn open_bytes(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        self.cipher.decrypt(&XNonce::from(*nonce), sealed).ok()
    }

    /// The value of a column that may hold nothing.
    pub fn open_stored(&self, sealed: Option<&[u8]>) -> Option<String> {
        self.open(sealed?)
    }

    /// The digest by which an exact value is found without being stored.
    pub fn index(&self, value: &str) -> Vec<u8> {
        blake3::keyed_hash(&self.index_key, value.as_bytes()).as_bytes()[..16].to_vec()
    }
}

/// A phone number as screens show it: 138****5678. Of a shorter one, a landline's, three digits and
/// four would be nearly all: the last two are shown.
pub fn masked_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().collect();
    let (first, last) = if digits.len() >= MOBILE { (3, 4) } else { (0, 2.min(digits.len() / 2)) };
    let (head, rest) = digits.split_at(first);
    let (hidden, tail) = rest.split_at(rest.len() - last);
    head.iter().copied().chain(hidden.iter().map(|_| '*')).chain(tail.iter().copied()).collect()
}

/// Digits of a mobile number.
const MOBILE: usize = 11;

fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_opens() {
        let vault = Vault::new([7; 32]);
        let sealed = vault.seal("12900000001");
        assert_eq!(vault.open(&sealed).as_deref(), Some("12900000001"));
        assert_ne!(sealed, vault.seal("12900000001"));
        assert_eq!(Vault::new([8; 32]).open(&sealed), None);
        assert_eq!(vault.open(b"short"), None);
    }

    #[test]
    fn the_same_value_has_the_same_digest_and_another_key_another() {
        let vault = Vault::new([7; 32]);
        assert_eq!(vault.index("12900000001"), vault.index("12900000001"));
        assert_ne!(vault.index("12900000001"), Vault::new([8; 32]).index("12900000001"));
    }

    #[test]
    fn the_key_is_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vault.key");
        let sealed = Vault::at(&file).unwrap().seal("x");
        assert_eq!(Vault::at(&file).unwrap().open(&sealed).as_deref(), Some("x"));
        fs::write(&file, "damaged").unwrap();
        assert!(Vault::at(&file).is_err());
    }

    #[test]
    fn a_phone_number_is_masked_in_its_middle() {
        assert_eq!(masked_phone("12912345678"), "129****5678");
        assert_eq!(masked_phone("035712345678"), "035*****5678");
    }

    #[test]
    fn a_short_phone_number_is_hidden_but_for_its_end() {
        assert_eq!(masked_phone("3620001"), "*****01");
        assert_eq!(masked_phone("36200012"), "******12");
        assert_eq!(masked_phone("0362000123"), "********23");
        assert_eq!(masked_phone("110"), "**0");
        assert_eq!(masked_phone(""), "");
    }
}
