//! Words of the screen that the guides quote must stand on the screen: in “these” in the Chinese guides,
//! in *these* in the English.

use fluent_syntax::ast::{Entry, Expression, Message, Pattern, PatternElement};
use fluent_syntax::parser;

use super::Complaint;
use super::tree::Tree;

/// Where guides of a language lie, and where its words.
const LANGUAGES: [(&str, &str); 2] =
    [("docs/guide/zh/", "locales/zh-Hans/"), ("docs/guide/en/", "locales/en/")];

pub fn rule(tree: &Tree) -> Vec<Complaint> {
    LANGUAGES.into_iter().flat_map(|(guides, words)| language(tree, guides, words)).collect()
}

fn language(tree: &Tree, guides: &str, words: &str) -> Vec<Complaint> {
    let texts = tree.texts().filter(|(path, _)| path.starts_with(words));
    let screen: Vec<Said> = texts.flat_map(|(_, text)| said(text)).collect();
    let mut complaints = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| path.starts_with(guides)) {
        for (at, line) in text.lines().enumerate() {
            for quoted in quoted(line).into_iter().filter(|quoted| !screen.iter().any(|said| said.is(quoted)))
            {
                let told = format!("'{quoted}' is quoted here but is no whole text of the screen");
                complaints.push(Complaint::new(path, at + 1, told));
            }
        }
    }
    complaints
}

/// A whole text of the screen: what stands between its variables.
struct Said(Vec<String>);

impl Said {
    /// Whether a quotation is this text, with anything in the place of its variables, or what it puts
    /// in quotation marks itself.
    fn is(&self, words: &str) -> bool {
        let Said(parts) = self;
        if parts.iter().any(|part| quoted(part).iter().any(|quoted| quoted == words)) {
            return true;
        }
        let [first, between @ .., last] = parts.as_slice() else {
            return parts.first().is_some_and(|only| only.trim() == words);
        };
        let mut rest = words.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()));
        for part in between {
            rest = rest.and_then(|rest| rest.split_once(part.as_str())).map(|(_, rest)| rest);
        }
        rest.is_some()
    }
}

/// The texts of a file, each variant of a message by itself. Of such as are all variables nothing can be
/// quoted.
fn said(text: &str) -> Vec<Said> {
    let resource = match parser::parse(text) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    let mut all = Vec::new();
    for entry in &resource.body {
        if let Entry::Message(Message { value: Some(value), .. }) = entry {
            pattern(value, &mut all);
        }
    }
    all.retain(|Said(parts)| parts.iter().any(|part| !part.trim().is_empty()));
    all
}

fn pattern(value: &Pattern<&str>, all: &mut Vec<Said>) {
    let mut parts = vec![String::new()];
    for element in &value.elements {
        match element {
            PatternElement::TextElement { value } => {
                parts.last_mut().into_iter().for_each(|part| *part += value)
            }
            PatternElement::Placeable { expression } => {
                parts.push(String::new());
                if let Expression::Select { variants, .. } = expression {
                    variants.iter().for_each(|variant| pattern(&variant.value, all));
                }
            }
        }
    }
    all.push(Said(parts));
}

fn quoted(line: &str) -> Vec<String> {
    let chinese = line.split('“').skip(1).filter_map(|rest| rest.split_once('”'));
    let chinese = chinese.map(|(quoted, _)| quoted.to_owned());
    // What is bold is no quotation.
    let plain = line.replace("**", "");
    chinese.chain(plain.split('*').skip(1).step_by(2).map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(guide: &str, text: &str) -> Vec<Complaint> {
        rule(&Tree::sample(&[
            (guide, text),
            (
                "locales/zh-Hans/findings.ftl",
                "finding-take = 我来办\ntaken = 已由{ $name }接手\nhint = 照“原因”改\n",
            ),
            ("locales/en/findings.ftl", "finding-take = I take it\n"),
        ]))
    }

    #[test]
    fn a_guide_quotes_the_screen() {
        let zh = "docs/guide/zh/village.md";
        assert!(complaints(zh, "**情况**：先点“我来办”。").is_empty());
        assert_eq!(complaints(zh, "一\n先点“接手”，再点“我来办”。")[0].line, 2);
        let en = "docs/guide/en/guide.md";
        assert!(complaints(en, "**Village.** Press *I take it*.").is_empty());
        assert_eq!(complaints(en, "**Village.** Press *Take up*.").len(), 1);
        assert!(complaints("docs/operations.md", "“接手”").is_empty());
    }

    #[test]
    fn a_quotation_is_a_whole_text_of_the_screen() {
        let zh = "docs/guide/zh/village.md";
        assert_eq!(complaints(zh, "“我来”、“finding-take”").len(), 2);
        assert!(complaints(zh, "“已由王建国接手”，“原因”").is_empty());
    }
}
