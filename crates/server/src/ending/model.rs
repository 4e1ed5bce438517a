//! The certificate: what it says, how it is signed, and what a file that claims to be one is.

use std::collections::BTreeMap;

use base::{Day, Moment};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::reports::canonical;

/// What a certificate says. Nothing in it is about a resident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The form of this body; 1 so far.
    pub format: i64,
    pub program: String,
    pub towns: Vec<Town>,
    pub ended_at: Moment,
    /// Number of destroyed records by kind, those that went before the end in their time included.
    pub destroyed: BTreeMap<String, i64>,
    /// Number of what stays.
    pub kept: BTreeMap<String, i64>,
    /// The ids of the keys that were destroyed.
    pub keys: Vec<String>,
    pub playbook: String,
    /// The last link of the audit trail, which tells how it was done.
    pub audit: Head,
    pub demonstration: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Town {
    pub code: i64,
    pub name: String,
    pub started: Day,
    pub ended: Day,
    pub asked: Word,
    pub agreed: Word,
}

/// Who gave his word, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    pub name: String,
    pub at: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub n: i64,
    pub hash: String,
}

/// A body with what proves it: Ed25519 over its canonical JSON (RFC 8785).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    body: Value,
    /// The public key, 64 hex digits.
    pub key: String,
    signature: String,
}

/// What a file is found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Signed as it stands, with this key.
    Genuine(String),
    /// Its text is not what was signed.
    Altered,
    /// Sound in itself, but signed with another key than it should be.
    OtherKey(String),
    /// No certificate at all.
    NoCertificate,
}

impl Certificate {
    /// Signs a body with a key that is made for it and forgotten: nobody signs another with it.
    ///
    /// # Errors
    /// When the body holds what JSON cannot say.
    pub fn sign(body: &Body, secret: [u8; 32]) -> serde_json::Result<Certificate> {
        let body = serde_json::to_value(body)?;
        let key = SigningKey::from_bytes(&secret);
        let signature = key.sign(canonical(&body)?.as_bytes());
        let key = hex::encode(key.verifying_key().to_bytes());
        Ok(Certificate { body, key, signature: hex::encode(signature.to_bytes()) })
    }

    pub fn parse(text: &str) -> Option<Certificate> {
        serde_json::from_str(text).ok()
    }

    pub fn body(&self) -> Option<Body> {
        serde_json::from_value(self.body.clone()).ok()
    }

    /// The file, for people to read too.
    ///
    /// # Errors
    /// When it holds what JSON cannot say.
    pub fn text(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    fn is_signed(&self) -> bool {
        fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
            hex::decode(text).ok()?.try_into().ok()
        }
        let key = bytes(&self.key).and_then(|key| VerifyingKey::from_bytes(&key).ok());
        let signature = bytes(&self.signature).map(|bytes| Signature::from_bytes(&bytes));
        let text = canonical(&self.body).ok();
        let parts = key.zip(signature).zip(text);
        parts.is_some_and(|((key, signature), text)| key.verify_strict(text.as_bytes(), &signature).is_ok())
    }

    /// What a file is; `wanted` is the key that it should be signed with, where that is known.
    pub fn verify(text: &str, wanted: Option<&str>) -> Verdict {
        let Some(certificate) = Certificate::parse(text) else { return Verdict::NoCertificate };
        if certificate.body().is_none() {
            return Verdict::NoCertificate;
        }
        if !certificate.is_signed() {
            return Verdict::Altered;
        }
        match wanted {
            Some(wanted) if !wanted.trim().eq_ignore_ascii_case(&certificate.key) => {
                Verdict::OtherKey(certificate.key)
            }
            _ => Verdict::Genuine(certificate.key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body() -> Body {
        let word = |name: &str| Word { name: name.to_owned(), at: Moment(1) };
        let day = Day::new(2020, 2, 3).unwrap();
        Body {
            format: 1,
            program: "firebreak".to_owned(),
            towns: vec![Town {
                code: 141_023_105,
                name: "襄陵镇".to_owned(),
                started: day,
                ended: day.plus(90),
                asked: word("甲"),
                agreed: word("乙"),
            }],
            ended_at: Moment(2),
            destroyed: BTreeMap::from([("checks".to_owned(), 12)]),
            kept: BTreeMap::from([("reports".to_owned(), 3)]),
            keys: vec!["ab".to_owned()],
            playbook: "outbreak-123456/2".to_owned(),
            audit: Head { n: 9, hash: "00".to_owned() },
            demonstration: false,
        }
    }

    #[test]
    fn a_certificate_is_genuine_until_a_letter_of_it_changes() {
        let certificate = Certificate::sign(&body(), [7; 32]).unwrap();
        let text = certificate.text().unwrap();
        assert_eq!(Certificate::parse(&text).unwrap().body().unwrap(), body());
        assert_eq!(Certificate::verify(&text, None), Verdict::Genuine(certificate.key.clone()));
        assert_eq!(
            Certificate::verify(&text, Some(&certificate.key)),
            Verdict::Genuine(certificate.key.clone())
        );
        // Other spaces and another order say the same.
        let compact = serde_json::to_string(&certificate).unwrap();
        assert_eq!(Certificate::verify(&compact, None), Verdict::Genuine(certificate.key.clone()));
        for (from, to) in
            [("\"checks\": 12", "\"checks\": 11"), ("襄陵镇", "襄汾镇"), ("\"n\": 9", "\"n\": 8")]
        {
            let altered = text.replacen(from, to, 1);
            assert_ne!(altered, text);
            assert_eq!(Certificate::verify(&altered, None), Verdict::Altered, "{to}");
        }
    }

    #[test]
    fn one_that_somebody_else_signed_is_told_apart() {
        let own = Certificate::sign(&body(), [7; 32]).unwrap().key;
        let other = Certificate::sign(&body(), [8; 32]).unwrap();
        assert_eq!(
            Certificate::verify(&other.text().unwrap(), Some(&own)),
            Verdict::OtherKey(other.key.clone())
        );
        // With our key written in, the signature does not fit.
        let forged = Certificate { key: own.clone(), ..other };
        assert_eq!(Certificate::verify(&forged.text().unwrap(), Some(&own)), Verdict::Altered);
        for no in ["", "{}", "[]", "{\"body\":{},\"key\":\"\",\"signature\":\"\"}"] {
            assert_eq!(Certificate::verify(no, None), Verdict::NoCertificate, "{no}");
        }
    }
}
