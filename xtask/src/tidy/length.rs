//! Files and functions that have grown too long, and the list of those that are still allowed to be,
//! which can only shrink: an entry that is no longer needed, or allows more than there is, is a complaint too.

use super::Complaint;
use super::tree::Tree;
use std::collections::BTreeMap;

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;

/// One line an entry: `file PATH LINES` or `function PATH NAME LINES`; `#` begins a remark.
pub const ALLOWED: &str = "xtask/tidy-allowed.txt";

pub fn rule(tree: &Tree) -> Vec<Complaint> {
    let allowed = tree.text(ALLOWED).unwrap_or_default();
    let (mut allowed, mut complaints) = read(allowed);
    for long in long_files(tree).into_iter().chain(long_functions(tree)) {
        match allowed.remove(&long.entry) {
            Some((_, lines)) if lines == long.lines => {}
            Some((at, lines)) if lines > long.lines => {
                let text = format!("`{}` has {} lines by now: write {0} {1} here", long.entry, long.lines);
                complaints.push(Complaint::new(ALLOWED, at, text));
            }
            _ => complaints.push(long.complaint()),
        }
    }
    for (entry, (at, _)) in allowed {
        complaints.push(Complaint::new(
            ALLOWED,
            at,
            format!("`{entry}` needs no allowance any more: remove it"),
        ));
    }
    complaints
}

/// Something longer than it may be.
struct Long {
    entry: String,
    path: String,
    line: usize,
    lines: usize,
    limit: usize,
}

impl Long {
    fn complaint(&self) -> Complaint {
        let text = format!("`{}` has {} lines, {} are allowed: split it", self.entry, self.lines, self.limit);
        Complaint::new(&self.path, self.line, text)
    }
}

/// The entries with their line in the list and the length that they allow, and what is wrong with the list.
fn read(text: &str) -> (BTreeMap<String, (usize, usize)>, Vec<Complaint>) {
    let mut entries = BTreeMap::new();
    let mut complaints = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
    {
        match line.rsplit_once(' ').and_then(|(entry, lines)| Some((entry, lines.parse().ok()?))) {
            Some((entry, lines)) => drop(entries.insert(entry.to_owned(), (at + 1, lines))),
            None => complaints.push(Complaint::new(ALLOWED, at + 1, "an entry ends with a number of lines")),
        }
    }
    (entries, complaints)
}

fn long_files(tree: &Tree) -> Vec<Long> {
    let sources = tree.texts().filter(|(path, _)| {
        [".rs", ".js", ".css", ".html", ".sql"].iter().any(|ending| path.ends_with(ending))
    });
    sources
        .map(|(path, text)| Long {
            entry: format!("file {path}"),
            path: path.to_owned(),
            line: 1,
            lines: text.lines().count(),
            limit: FILE_LINES,
        })
        .filter(|long| long.lines > long.limit)
        .collect()
}

fn long_functions(tree: &Tree) -> Vec<Long> {
    let functions = tree.rust().iter().flat_map(|file| file.functions().into_iter().map(move |f| (file, f)));
    functions
        .filter(|(_, function)| function.lines > FUNCTION_LINES)
        .map(|(file, function)| Long {
            entry: format!("function {} {}", file.path, function.name),
            path: file.path.clone(),
            line: function.line,
            lines: function.lines,
            limit: FUNCTION_LINES,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(lines: usize, allowed: &str) -> Vec<String> {
        let source = format!("fn long() {{\n{}}}\n", "    a();\n".repeat(lines - 2));
        let tree = Tree::sample(&[("crates/base/src/x.rs", &source), (ALLOWED, allowed)]);
        rule(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_function_of_sixty_lines_is_allowed_and_one_more_is_not() {
        assert!(complaints(60, "").is_empty());
        let found = complaints(61, "");
        assert!(found[0].contains("function crates/base/src/x.rs long` has 61 lines"), "{found:?}");
    }

    #[test]
    fn a_file_of_four_hundred_lines_is_allowed_and_one_more_is_not() {
        let file = |lines: usize| Tree::sample(&[("web/css/x.css", "a {}\n".repeat(lines).as_str())]);
        assert!(rule(&file(400)).is_empty());
        assert_eq!(rule(&file(401)).len(), 1);
    }

    #[test]
    fn the_list_of_allowed_lengths_only_shrinks() {
        let entry = "function crates/base/src/x.rs long";
        assert!(complaints(70, &format!("# why\n{entry} 70")).is_empty());
        assert!(complaints(71, &format!("{entry} 70"))[0].contains("split it"));
        assert!(complaints(69, &format!("{entry} 70"))[0].contains("69 lines by now"));
        assert!(complaints(60, &format!("{entry} 70"))[0].contains("remove it"));
        assert!(complaints(60, "function x")[0].contains("ends with a number"));
    }
}
