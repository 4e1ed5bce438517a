//! The chain of hashes over the entries, and the encoding that is hashed (ADR 9).

use base::Moment;

use super::store::Row;

/// A hash of the chain: BLAKE3, keyed.
pub type Hash = [u8; 32];

/// What stands before the first link.
pub const NOTHING: Hash = [0; 32];

/// The key of a chain. It does not print itself.
#[derive(Clone)]
pub struct Key {
    links: [u8; 32],
    heads: [u8; 32],
}

impl Key {
    /// The key of 32 secret bytes.
    pub fn new(secret: [u8; 32]) -> Key {
        let derive = |what| blake3::derive_key(what, &secret);
        Key {
            links: derive("firebreak 2026 links of the audit trail"),
            heads: derive("firebreak 2026 head of the audit trail"),
        }
    }

    /// The hash of a link: over the hash before it, its place and moment, and all of its entry.
    /// Numbers are 8 bytes, highest first; what may be missing has a byte 0 or 1 before it, a text
    /// its length. Nothing is left out, so that no two entries are encoded alike.
    pub fn link(&self, previous: &Hash, n: i64, linked_at: Moment, entry: &Row) -> Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.links);
        hasher.update(previous);
        hasher.update(&n.to_be_bytes()).update(&linked_at.0.to_be_bytes());
        hasher.update(entry.id.as_bytes()).update(&entry.at.to_be_bytes());
        for number in [entry.account, entry.division] {
            hasher.update(&[u8::from(number.is_some())]);
            hasher.update(&number.unwrap_or_default().to_be_bytes());
        }
        for text in [&entry.roles, &entry.address, &entry.action, &entry.object, &entry.detail] {
            hasher.update(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(text.as_bytes());
        }
        *hasher.finalize().as_bytes()
    }

    /// The seal of a head: who has no key cannot write down another.
    pub fn head(&self, n: i64, hash: &Hash) -> Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.heads);
        hasher.update(&n.to_be_bytes()).update(hash);
        *hasher.finalize().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn entry() -> Row {
        Row {
            id: Uuid::from_u128(7),
            at: 1,
            account: Some(3),
            roles: "auditor@14".into(),
            division: Some(14),
            address: "192.0.2.1".into(),
            action: "phone.show".into(),
            object: "household/141023105/1".into(),
            detail: "{}".into(),
            name: None,
            login: None,
        }
    }

    /// Part of every database there is: another hash would make every trail look forged.
    #[test]
    fn the_encoding_never_changes() {
        let hash = Key::new([7; 32]).link(&NOTHING, 1, Moment(2), &entry());
        insta::assert_snapshot!(hex::encode(hash));
    }

    #[test]
    fn every_part_of_an_entry_counts() {
        let (key, plain) = (Key::new([7; 32]), entry());
        let hash = |entry: &Row| key.link(&NOTHING, 1, Moment(2), entry);
        let changed = [
            Row { id: Uuid::from_u128(8), ..plain.clone() },
            Row { at: 2, ..plain.clone() },
            Row { account: None, ..plain.clone() },
            Row { roles: String::new(), ..plain.clone() },
            Row { division: None, ..plain.clone() },
            Row { address: String::new(), ..plain.clone() },
            Row { action: "sheet.print".into(), ..plain.clone() },
            // The same letters, told apart by their lengths.
            Row { object: "household/141023105/1{".into(), detail: "}".into(), ..plain.clone() },
        ];
        for other in &changed {
            assert_ne!(hash(other), hash(&plain), "{other:?}");
        }
        assert_ne!(key.link(&NOTHING, 2, Moment(2), &plain), hash(&plain));
        assert_ne!(key.link(&NOTHING, 1, Moment(3), &plain), hash(&plain));
        assert_ne!(key.link(&[1; 32], 1, Moment(2), &plain), hash(&plain));
        assert_ne!(Key::new([8; 32]).link(&NOTHING, 1, Moment(2), &plain), hash(&plain));
    }
}
