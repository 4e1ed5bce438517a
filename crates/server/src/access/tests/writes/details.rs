//! Whatever an entry tells, an auditor reads it in words.

use std::collections::BTreeSet;

use db::on_db;
use serde_json::Value;

use crate::audit;
use crate::testing::TestApp;
use crate::web::Language;

/// Every field of all entries written so far has its words in every language.
pub async fn have_words(app: &TestApp) {
    let mut tx = app.test.db.read().await.unwrap();
    let sql = "SELECT DISTINCT detail FROM audit_entry";
    let details: Vec<String> = on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap();
    let fields: BTreeSet<String> =
        details.iter().flat_map(|detail| fields(&serde_json::from_str(detail).unwrap())).collect();
    assert!(fields.len() > 40, "{fields:?}");
    for language in Language::ALL {
        let words = app.app.site.languages.of(language);
        let wordless: Vec<_> =
            fields.iter().filter(|field| !words.has(&audit::field_message(field))).collect();
        assert!(wordless.is_empty(), "{language:?}: {wordless:?}");
    }
}

/// The fields of an entry's detail that an auditor reads.
fn fields(detail: &Value) -> Vec<String> {
    let Value::Object(inner) = detail else { return Vec::new() };
    let field = |(name, value): (&String, &Value)| match value {
        Value::Object(inner) if !inner.contains_key("before") => fields(value),
        _ => vec![name.clone()],
    };
    inner.iter().flat_map(field).collect()
}
