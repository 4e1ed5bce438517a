//! Words that never reach the main branch: notes to oneself, prints for looking, paths of one machine,
//! and shortcuts that end the program.

use super::Complaint;
use super::rust::Rust;
use super::tree::Tree;

/// In any text file, also in comments; written in two halves so that this file does not hold them.
const NEVER: &[(&str, &str, &str)] = &[
    ("TO", "DO", "do it now or file an issue"),
    ("FIX", "ME", "mend it now or file an issue"),
    ("/ro", "ot/", "a path of one machine"),
    ("/ho", "me/", "a path of one machine"),
    ("/Us", "ers/", "a path of one machine"),
    ("/wo", "rk/", "a path of one machine"),
    ("/tm", "p/", "a path of one machine: ask the system for its temporary folder"),
];

const TEXT: &[&str] = &[
    ".rs", ".toml", ".js", ".json", ".css", ".html", ".md", ".sh", ".sql", ".ftl", ".yml", ".yaml", ".txt",
    "/run",
];

const MACROS_NEVER: &[&str] = &["dbg", "todo", "unimplemented"];
const PRINTS: &[&str] = &["print", "println", "eprint", "eprintln"];

pub fn rule(tree: &Tree) -> Vec<Complaint> {
    let texts = tree.texts().filter(|(path, _)| TEXT.iter().any(|ending| path.ends_with(ending)));
    let mut complaints: Vec<Complaint> = texts.flat_map(|(path, text)| anywhere(path, text)).collect();
    complaints.extend(tree.rust().iter().flat_map(in_rust));
    complaints
        .extend(tree.texts().filter(|(path, _)| is_page_script(path)).flat_map(|(p, t)| in_script(p, t)));
    complaints
}

fn anywhere(path: &str, text: &str) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for (head, tail, why) in NEVER {
            let word = format!("{head}{tail}");
            if holds(line, &word) {
                complaints.push(Complaint::new(path, at + 1, format!("`{word}`: {why}")));
            }
        }
    }
    complaints
}

/// Whether the line holds the word, standing alone: no letter before it, and none after it if it ends in one.
/// A path may follow a sign, but not another folder's name: only then is it absolute.
fn holds(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let joins = |c: char| c.is_alphanumeric() || c == '_' || c == '}' || c == '.' || c == '-';
        let before = line[..at].chars().next_back().is_some_and(joins);
        let after = line[at + word.len()..].chars().next().is_some_and(char::is_alphanumeric);
        !before && (!after || word.ends_with('/'))
    })
}

fn in_rust(file: &Rust) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut complain = |line: usize, text: String| complaints.push(Complaint::new(&file.path, line, text));
    for window in file.tokens.windows(4) {
        let [a, b, c, d] = [0, 1, 2, 3].map(|at| window[at].text.as_str());
        let line = window[0].line;
        if b == "!" && MACROS_NEVER.contains(&a) {
            complain(line, format!("`{a}!` is for trying out"));
        }
        if b == "!" && PRINTS.contains(&a) && !may_print(&file.path) && !file.is_test(line) {
            complain(line, format!("`{a}!` belongs into the command line: elsewhere use tracing"));
        }
        if [a, b, c, d] == [".", "unwrap", "(", ")"] && !file.is_test(line) {
            complain(window[1].line, "`unwrap` ends the program: return the error".to_owned());
        }
        if [a, b] == ["allow", "("]
            && ["dead_code", "unused", "unused_imports", "unused_variables"].contains(&c)
        {
            complain(line, format!("`allow({c})` hides what is not used: remove it"));
        }
    }
    complaints
}

/// The command lines, and build scripts, which speak to cargo by printing.
fn may_print(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.starts_with("xtask/")
        || path.contains("/src/cli/")
        || ["main.rs", "cli.rs", "build.rs"].contains(&name)
}

fn is_page_script(path: &str) -> bool {
    path.starts_with("web/") && path.ends_with(".js") && !path.ends_with(".test.js")
}

fn in_script(path: &str, text: &str) -> Vec<Complaint> {
    let lines = text.lines().enumerate();
    let found = lines.flat_map(|(at, line)| {
        let words = ["console.log(", "debugger;"].into_iter().filter(|word| line.contains(*word));
        words.map(move |word| Complaint::new(path, at + 1, format!("`{word}` is for trying out")))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> usize {
        rule(&Tree::sample(&[(path, text)])).len()
    }

    const LIBRARY: &str = "crates/server/src/rounds/pages.rs";

    #[test]
    fn notes_to_oneself_are_found_in_any_text() {
        assert_eq!(complaints("docs/x.md", &format!("a {}: b", "TO".to_owned() + "DO")), 1);
        assert_eq!(complaints(LIBRARY, &format!("// {}", "FIX".to_owned() + "ME")), 1);
        assert_eq!(complaints("docs/x.md", "TODOS and a mastodon"), 0);
    }

    #[test]
    fn paths_of_one_machine_are_found_and_relative_ones_are_not() {
        let folder = |rest: &str| format!("see {}{rest}", "/ho".to_owned() + "me/");
        assert_eq!(complaints("docs/x.md", &folder("li/firebreak")), 1);
        assert_eq!(complaints("docs/x.md", &format!("see web{}x", "/ho".to_owned() + "me/")), 0);
    }

    #[test]
    fn prints_belong_to_the_command_line() {
        let print = "fn f() { println!(\"x\") }";
        assert_eq!(complaints(LIBRARY, print), 1);
        assert_eq!(complaints("crates/server/src/cli/serve.rs", print), 0);
        assert_eq!(complaints("crates/server/src/rounds/tests.rs", print), 0);
    }

    #[test]
    fn shortcuts_are_found_in_code_only() {
        assert_eq!(complaints(LIBRARY, "fn f() { x.unwrap(); }"), 1);
        assert_eq!(complaints(LIBRARY, "fn f() { dbg!(x); todo!() }"), 2);
        assert_eq!(complaints(LIBRARY, "#[allow(dead_code)] fn f() {}"), 1);
        assert_eq!(complaints(LIBRARY, "/// dbg!(x).unwrap();\nfn f() { x.unwrap_or(1); }"), 0);
        assert_eq!(complaints(LIBRARY, "#[cfg(test)] mod tests { fn f() { x.unwrap(); } }"), 0);
    }

    #[test]
    fn scripts_of_pages_do_not_print() {
        assert_eq!(complaints("web/page/x.js", "console.log(1);"), 1);
        assert_eq!(complaints("web/pure/x.test.js", "console.log(1);"), 0);
    }
}
