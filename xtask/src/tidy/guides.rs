//! Words of the screen that the guides quote must stand on the screen: in “these” in the Chinese guides,
//! in *these* in the English.

use super::Complaint;
use super::tree::Tree;

/// Where guides of a language lie, and where its words.
const LANGUAGES: [(&str, &str); 2] =
    [("docs/guide/zh/", "locales/zh-Hans/"), ("docs/guide/en/", "locales/en/")];

pub fn rule(tree: &Tree) -> Vec<Complaint> {
    LANGUAGES.into_iter().flat_map(|(guides, words)| language(tree, guides, words)).collect()
}

fn language(tree: &Tree, guides: &str, words: &str) -> Vec<Complaint> {
    let screen: String =
        tree.texts().filter(|(path, _)| path.starts_with(words)).map(|(_, text)| text).collect();
    let mut complaints = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| path.starts_with(guides)) {
        for (at, line) in text.lines().enumerate() {
            for quoted in quoted(line).into_iter().filter(|quoted| !screen.contains(quoted)) {
                let told = format!("'{quoted}' is quoted here but stands nowhere on the screen");
                complaints.push(Complaint::new(path, at + 1, told));
            }
        }
    }
    complaints
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
            ("locales/zh-Hans/findings.ftl", "finding-take = 我来办\n"),
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
}
