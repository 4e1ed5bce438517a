//! The messages of the three languages: the same keys with the same variables in each, every key used.

use super::Complaint;
use super::tree::Tree;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use std::collections::{BTreeMap, BTreeSet};

/// The language that the others are compared with.
const FIRST: &str = "zh-Hans";

pub fn rule(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut languages = Languages::new();
    let mut called = BTreeSet::new();
    for (path, text) in
        tree.texts().filter(|(path, _)| path.starts_with("locales/") && path.ends_with(".ftl"))
    {
        let language = path.split('/').nth(1).unwrap_or_default().to_owned();
        complaints.extend(read(path, text, languages.entry(language).or_default(), &mut called));
    }
    let empty = Messages::new();
    let first = languages.get(FIRST).unwrap_or(&empty);
    for (language, messages) in languages.iter().filter(|(language, _)| *language != FIRST) {
        complaints.extend(differences(language, first, messages));
    }
    complaints.extend(unused(tree, first, &called));
    complaints
}

/// One message: where it stands and which variables it takes.
struct Message {
    path: String,
    line: usize,
    variables: BTreeSet<String>,
}

type Messages = BTreeMap<String, Message>;
type Languages = BTreeMap<String, Messages>;

/// Reads one file into the messages of its language and notes which messages it calls itself.
fn read(path: &str, text: &str, messages: &mut Messages, called: &mut BTreeSet<String>) -> Vec<Complaint> {
    let (resource, errors) = match parser::parse(text) {
        Ok(resource) => (resource, Vec::new()),
        Err((resource, errors)) => (resource, errors),
    };
    let line_at = |at: usize| text[..at.min(text.len())].lines().count().max(1);
    let broken =
        errors.iter().map(|e| Complaint::new(path, line_at(e.pos.start), format!("not Fluent: {e}")));
    let mut complaints: Vec<Complaint> = broken.collect();
    for entry in resource.body {
        let (key, pattern, attributes) = match &entry {
            Entry::Message(message) => {
                (message.id.name.to_owned(), message.value.as_ref(), &message.attributes)
            }
            Entry::Term(term) => (format!("-{}", term.id.name), Some(&term.value), &term.attributes),
            _ => continue,
        };
        let mut seen = Seen { variables: BTreeSet::new(), called };
        pattern.into_iter().chain(attributes.iter().map(|a| &a.value)).for_each(|p| seen.pattern(p));
        let line = line_of(text, &key);
        let message = Message { path: path.to_owned(), line, variables: seen.variables };
        if messages.insert(key.clone(), message).is_some() {
            complaints.push(Complaint::new(path, line, format!("the key `{key}` stands here a second time")));
        }
    }
    complaints
}

fn line_of(text: &str, key: &str) -> usize {
    let begins = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
    text.lines().position(begins).map_or(1, |at| at + 1)
}

/// What a message's text names: variables and other messages.
struct Seen<'a> {
    variables: BTreeSet<String>,
    called: &'a mut BTreeSet<String>,
}

impl Seen<'_> {
    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                variants.iter().for_each(|variant| self.pattern(&variant.value));
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => drop(self.variables.insert(id.name.to_owned())),
            InlineExpression::MessageReference { id, .. } => drop(self.called.insert(id.name.to_owned())),
            InlineExpression::TermReference { id, .. } => drop(self.called.insert(format!("-{}", id.name))),
            InlineExpression::FunctionReference { arguments, .. } => {
                arguments.positional.iter().for_each(|argument| self.inline(argument));
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }
}

fn differences(language: &str, first: &Messages, other: &Messages) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (key, message) in first {
        let complain = |text: String| Complaint::new(&message.path, message.line, text);
        match other.get(key) {
            None => complaints.push(complain(format!("the key `{key}` is missing in {language}"))),
            Some(same) if same.variables != message.variables => {
                complaints.push(complain(format!("`{key}` takes other variables in {language}")));
            }
            Some(_) => {}
        }
    }
    let extra = other.iter().filter(|(key, _)| !first.contains_key(*key));
    complaints.extend(extra.map(|(key, message)| {
        Complaint::new(&message.path, message.line, format!("the key `{key}` is missing in {FIRST}"))
    }));
    complaints
}

/// Keys that neither code nor pages nor playbooks nor other messages name, whole or by a beginning up to a `-`
/// that is completed when it runs (`"role-{}"`).
fn unused(tree: &Tree, messages: &Messages, called: &BTreeSet<String>) -> Vec<Complaint> {
    let mut named = BTreeSet::new();
    let mut beginnings = BTreeSet::new();
    let mut take = |text: &str| {
        for (at, word) in words(text) {
            let completed =
                text[at + word.len()..].starts_with(['{', '"', '$']) || at + word.len() == text.len();
            if word.ends_with('-') && word.len() > 1 && completed {
                beginnings.insert(word.to_owned());
            }
            named.insert(word.to_owned());
        }
    };
    let literals = tree.rust().iter().flat_map(|file| &file.literals);
    literals.for_each(|literal| take(&literal.text));
    let pages = tree.texts().filter(|(path, _)| {
        path.starts_with("playbooks/")
            || path.ends_with(".html")
            || path.starts_with("web/") && path.ends_with(".js")
    });
    pages.for_each(|(_, text)| take(text));
    let is_used = |key: &String| {
        named.contains(key) || called.contains(key) || beginnings.iter().any(|b| key.starts_with(b.as_str()))
    };
    let idle = messages.iter().filter(|(key, _)| !is_used(key));
    idle.map(|(key, m)| Complaint::new(&m.path, m.line, format!("the key `{key}` is used nowhere"))).collect()
}

/// The words of a text as keys are spelt, with where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let parts = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    let words = parts.map(|word| (word.as_ptr().addr() - text.as_ptr().addr(), word));
    words.filter(|(_, word)| !word.is_empty())
}

#[cfg(test)]
mod tests;
