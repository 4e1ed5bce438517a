//! What an entry tells besides who, what and when, in words.

use serde_json::{Map, Value};

use crate::audit::field_message;
use crate::web::Words;

/// Messages that name the values of a field, by what their keys begin with.
const VALUES: [(&str, &str); 7] = [
    ("role", "role-"),
    ("kind", "kind-"),
    ("event", "history-"),
    ("occupancy", "occupancy-"),
    ("sex", "sex-"),
    ("state", "finding-state-"),
    ("tags", "tag-"),
];

/// The lines of an entry's detail: changes as `户主: #1f… → #9a…`, the rest as `行数: 12`.
pub fn lines(detail: &Value, words: &Words) -> Vec<String> {
    let mut lines = Vec::new();
    if let Value::Object(fields) = detail {
        tell(fields, words, &mut lines);
    }
    lines
}

fn tell(fields: &Map<String, Value>, words: &Words, lines: &mut Vec<String>) {
    for (field, value) in fields {
        match value {
            Value::Object(inner) if inner.contains_key("before") && inner.contains_key("after") => {
                let [before, after] = ["before", "after"].map(|side| told(field, &inner[side], words));
                lines.push(format!("{}: {before} → {after}", name(field, words)));
            }
            Value::Object(inner) => tell(inner, words, lines),
            value => lines.push(format!("{}: {}", name(field, words), told(field, value, words))),
        }
    }
}

fn name(field: &str, words: &Words) -> String {
    let key = field_message(field);
    if words.has(&key) { words.get(&key) } else { field.to_owned() }
}

fn told(field: &str, value: &Value, words: &Words) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(yes) => words.get(if *yes { "audit-yes" } else { "audit-no" }),
        // A digest is told by its first digits: enough to see whether two are the same.
        Value::String(text) if text.starts_with('#') => text.chars().take(9).collect(),
        Value::String(text) => named(field, text, words),
        Value::Array(values) => {
            values.iter().map(|value| told(field, value, words)).collect::<Vec<_>>().join("、")
        }
        Value::Object(fields) => {
            let parts = fields.iter().map(|(field, value)| told(field, value, words));
            parts.collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

/// A text, with those words of it that have a message.
fn named(field: &str, text: &str, words: &Words) -> String {
    let Some((_, prefix)) = VALUES.iter().find(|(of, _)| *of == field) else { return text.to_owned() };
    let named = text.split_whitespace().map(|word| {
        let key = format!("{prefix}{word}");
        if words.has(&key) { words.get(&key) } else { word.to_owned() }
    });
    named.collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::{Language, Languages};

    #[test]
    fn a_detail_is_told_in_words() {
        let words = Languages::load().unwrap().of(Language::Simplified);
        let detail = serde_json::json!({
            "changes": {
                "head": { "before": "#1f00aa99ff", "after": "#9a00aa99ff" },
                "tags": { "before": " living-alone ", "after": " living-alone no-phone " },
            },
            "nodes": [{ "role": "headquarters", "division": "141023105000" }],
            "rows": 12,
        });
        let told = [
            "户主: #1f00aa99 → #9a00aa99",
            "标签: 独居 → 独居、无电话",
            "包联: 141023105000 指挥部",
            "行数: 12",
        ];
        assert_eq!(lines(&detail, &words), told);
        assert_eq!(
            lines(&serde_json::json!({ "changes": 2, "no-such-field": true }), &words),
            ["改动: 2", "no-such-field: 是"]
        );
    }
}
