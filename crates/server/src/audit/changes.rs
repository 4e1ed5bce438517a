//! What was before and what is after, where something was changed.

use serde_json::{Map, Value, json};

use crate::vault::Vault;

/// Collects what differs. Personal values, names among them, are told only by keyed digests: whether
/// one is the value that was can be said, what it was cannot.
pub struct Changes<'a> {
    vault: &'a Vault,
    found: Map<String, Value>,
}

impl<'a> Changes<'a> {
    pub fn new(vault: &'a Vault) -> Changes<'a> {
        Changes { vault, found: Map::new() }
    }

    /// A value that says nothing of a person.
    #[must_use]
    pub fn plain<T: serde::Serialize + PartialEq>(mut self, what: &str, before: T, after: T) -> Self {
        if before != after {
            self.found.insert(what.to_owned(), json!({ "before": before, "after": after }));
        }
        self
    }

    /// A personal value; an empty text is none.
    #[must_use]
    pub fn secret(self, what: &str, before: Option<&str>, after: Option<&str>) -> Self {
        let digest = |value: Option<&str>| {
            let value = value.filter(|value| !value.is_empty())?;
            Some(format!("#{}", hex::encode(self.vault.index(value))))
        };
        let (before, after) = (digest(before), digest(after));
        self.plain(what, before, after)
    }

    /// A personal value that is stored sealed; nothing is told where it is kept as it was.
    #[must_use]
    pub fn hidden(self, what: &str, before: Option<&[u8]>, after: Option<Option<&str>>) -> Self {
        let Some(after) = after else { return self };
        let before = self.vault.open_stored(before);
        self.secret(what, before.as_deref(), after)
    }

    /// Adds them to an entry's detail, as `changes`.
    pub fn into(self, mut detail: Value) -> Value {
        detail["changes"] = Value::Object(self.found);
        detail
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told_and_nothing_personal() {
        let vault = Vault::new([7; 32]);
        let changes = Changes::new(&vault)
            .plain("tags", "a", "a")
            .plain("occupancy", "lived-in", "vacant")
            .secret("head", Some("王建国"), Some("王建国"))
            .secret("phone", Some("12900000001"), Some("12900000002"))
            .secret("identity", None, Some("x"))
            .secret("address", Some(""), None);
        let told = changes.into(json!({ "resident": 3 }));
        let changed: Vec<_> = told["changes"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(changed, ["identity", "occupancy", "phone"]);
        assert_eq!(told["changes"]["occupancy"], json!({ "before": "lived-in", "after": "vacant" }));
        assert_eq!(told["changes"]["identity"]["before"], Value::Null);
        let digest = format!("#{}", hex::encode(vault.index("12900000001")));
        assert_eq!(told["changes"]["phone"]["before"], digest);
        assert!(!told.to_string().contains("129000"), "{told}");
    }
}
