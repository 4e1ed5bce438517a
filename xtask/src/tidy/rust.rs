//! A Rust source file as the rules see it: its words without comments and literals, its string literals,
//! its functions, and which lines are test code. A scanner, not a parser: it needs no more than that, and
//! a parser would cost every build of the tools its own build.

mod scan;

use super::rooms;

/// A word or sign of the code with its 1-based line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

/// A string literal's content, escapes left as written, with the line on which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    pub text: String,
    pub line: usize,
}

/// A function's name, the line of its `fn` and how many lines reach from there to its closing brace.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
}

pub struct Rust {
    pub path: String,
    pub tokens: Vec<Token>,
    pub literals: Vec<Literal>,
    /// Inclusive ranges of lines that are compiled for tests only.
    tests: Vec<(usize, usize)>,
}

impl Rust {
    pub fn parse(path: &str, text: &str) -> Self {
        let (tokens, literals) = scan::scan(text);
        let tests = if rooms::is_test_file(path) { vec![(1, usize::MAX)] } else { test_regions(&tokens) };
        Self { path: path.to_owned(), tokens, literals, tests }
    }

    /// Whether the line is compiled for tests only.
    pub fn is_test(&self, line: usize) -> bool {
        self.tests.iter().any(|(first, last)| (*first..=*last).contains(&line))
    }

    /// The paths, without `.rs`, of the modules that this file declares for tests only (`#[cfg(test)] mod x;`).
    pub fn test_modules(&self) -> Vec<String> {
        let folder = rooms::module_folder(&self.path);
        let declared = self.tokens.windows(3).filter(|w| w[0].text == "mod" && w[2].text == ";");
        declared.filter(|w| self.is_test(w[0].line)).map(|w| format!("{folder}/{}", w[1].text)).collect()
    }

    /// Makes the whole file test code if it is one of these modules or lies under one.
    pub fn mark_if_under(&mut self, modules: &[String]) {
        let stem = self.path.trim_end_matches(".rs");
        if modules.iter().any(|m| stem == m || stem.starts_with(&format!("{m}/"))) {
            self.tests = vec![(1, usize::MAX)];
        }
    }

    /// Every function with a body, nested ones too.
    pub fn functions(&self) -> Vec<Function> {
        let starts = self.tokens.windows(2).enumerate().filter(|(_, pair)| pair[0].text == "fn");
        starts.filter_map(|(at, pair)| self.function(at, &pair[1])).collect()
    }

    fn function(&self, at: usize, name: &Token) -> Option<Function> {
        if !name.text.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return None;
        }
        let last = item_end(&self.tokens, at)?;
        let closing = &self.tokens[last];
        let line = self.tokens[at].line;
        (closing.text == "}").then(|| Function {
            name: name.text.clone(),
            line,
            lines: closing.line - line + 1,
        })
    }
}

/// The lines of every item under an attribute `cfg(test)`.
fn test_regions(tokens: &[Token]) -> Vec<(usize, usize)> {
    let mut regions = Vec::new();
    for at in 0..tokens.len() {
        let Some(end) = cfg_test_end(tokens, at) else { continue };
        let last = item_end(tokens, end).map_or(usize::MAX, |last| tokens[last].line);
        regions.push((tokens[at].line, last));
    }
    regions
}

/// The index after `#[cfg(test)]` if one begins here.
fn cfg_test_end(tokens: &[Token], at: usize) -> Option<usize> {
    let wanted = ["#", "[", "cfg", "(", "test", ")", "]"];
    let found = tokens.get(at..at + wanted.len())?;
    found.iter().map(|token| token.text.as_str()).eq(wanted).then_some(at + wanted.len())
}

/// The index of the `;` or closing `}` that ends the item beginning at this index.
fn item_end(tokens: &[Token], from: usize) -> Option<usize> {
    let (mut round, mut curly) = (0_i32, 0_i32);
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.text.as_str() {
            "(" | "[" => round += 1,
            ")" | "]" => round -= 1,
            "{" => curly += 1,
            "}" => {
                curly -= 1;
                if curly <= 0 && round <= 0 {
                    return Some(at);
                }
            }
            ";" if curly == 0 && round == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "fn a(x: [u8; 2]) -> fn(u8) {\n  b();\n}\n\
        trait T { fn c(&self); }\n\
        #[cfg(test)]\nmod tests {\n  fn d() { '{'; \"}\"; }\n}\nfn e() {}\n";

    #[test]
    fn functions_are_measured_from_fn_to_closing_brace() {
        let found = Rust::parse("crates/base/src/x.rs", SOURCE).functions();
        let found: Vec<_> = found.iter().map(|f| (f.name.as_str(), f.line, f.lines)).collect();
        assert_eq!(found, [("a", 1, 3), ("d", 7, 1), ("e", 9, 1)]);
    }

    #[test]
    fn what_stands_under_cfg_test_is_test_code() {
        let file = Rust::parse("crates/base/src/x.rs", SOURCE);
        let test_lines: Vec<_> = (1..=9).filter(|line| file.is_test(*line)).collect();
        assert_eq!(test_lines, [5, 6, 7, 8]);
        assert!(Rust::parse("crates/server/src/rounds/tests.rs", SOURCE).is_test(1));
    }

    #[test]
    fn modules_declared_for_tests_are_found_beside_their_file() {
        let source = "#[cfg(test)]\nmod tests;\nmod model;";
        let modules = |path: &str| Rust::parse(path, source).test_modules();
        assert_eq!(modules("crates/server/src/rounds/mod.rs"), ["crates/server/src/rounds/tests"]);
        assert_eq!(modules("crates/base/src/day.rs"), ["crates/base/src/day/tests"]);
    }
}
