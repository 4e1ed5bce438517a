//! From text to words: comments dropped, literals set aside, lines counted.

use super::{Literal, Token};

/// The words and signs of the code and its string literals, in order.
pub fn scan(text: &str) -> (Vec<Token>, Vec<Literal>) {
    let mut scanner =
        Scanner { rest: text.chars().collect(), at: 0, line: 1, tokens: vec![], literals: vec![] };
    while scanner.at < scanner.rest.len() {
        scanner.step();
    }
    (scanner.tokens, scanner.literals)
}

struct Scanner {
    rest: Vec<char>,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
    literals: Vec<Literal>,
}

impl Scanner {
    fn peek(&self, ahead: usize) -> char {
        self.rest.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn next(&mut self) -> char {
        let c = self.peek(0);
        self.at += 1;
        self.line += usize::from(c == '\n');
        c
    }

    fn step(&mut self) {
        match (self.peek(0), self.peek(1)) {
            ('/', '/') => self.line_comment(),
            ('/', '*') => self.block_comment(),
            ('"', _) => self.string(),
            ('\'', _) => self.quote(),
            (c, _) if c.is_alphanumeric() || c == '_' => self.word(),
            (':', ':') => {
                self.at += 2;
                self.push("::".to_owned());
            }
            (c, _) if c.is_whitespace() => {
                self.next();
            }
            (c, _) => {
                self.at += 1;
                self.push(c.to_string());
            }
        }
    }

    fn push(&mut self, text: String) {
        self.tokens.push(Token { text, line: self.line });
    }

    fn line_comment(&mut self) {
        while self.at < self.rest.len() && self.peek(0) != '\n' {
            self.at += 1;
        }
    }

    /// Block comments nest in Rust.
    fn block_comment(&mut self) {
        let mut depth = 0;
        while self.at < self.rest.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => depth += 1,
                ('*', '/') => depth -= 1,
                _ => {
                    self.next();
                    continue;
                }
            }
            self.at += 2;
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        let line = self.line;
        let mut text = String::new();
        self.next();
        while self.at < self.rest.len() && self.peek(0) != '"' {
            let c = self.next();
            text.push(c);
            if c == '\\' {
                text.push(self.next());
            }
        }
        self.next();
        self.literals.push(Literal { text, line });
    }

    /// `r"..."`, `r#"..."#` and so on; we stand on the first `#` or quote.
    fn raw_string(&mut self) {
        let line = self.line;
        let mut hashes = 0;
        while self.peek(0) == '#' {
            hashes += 1;
            self.at += 1;
        }
        self.next();
        let mut text = String::new();
        while self.at < self.rest.len() {
            let closes = self.peek(0) == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == '#');
            if closes {
                self.at += 1 + hashes;
                break;
            }
            text.push(self.next());
        }
        self.literals.push(Literal { text, line });
    }

    /// A character, or the mark of a lifetime or label.
    fn quote(&mut self) {
        self.next();
        if self.peek(0) == '\\' {
            self.at += 2;
            while self.at < self.rest.len() && self.next() != '\'' {}
        } else if self.peek(1) == '\'' {
            self.next();
            self.at += 1;
        }
    }

    fn word(&mut self) {
        let mut text = String::new();
        while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
            text.push(self.next());
        }
        let raw = matches!(text.as_str(), "r" | "br" | "cr");
        match self.peek(0) {
            '"' if raw => self.raw_string(),
            '#' if raw && matches!(self.peek(1), '"' | '#') => self.raw_string(),
            '"' if matches!(text.as_str(), "b" | "c") => self.string(),
            '\'' if text == "b" => self.quote(),
            _ => self.push(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        scan(text).0.into_iter().map(|token| token.text).collect()
    }

    fn strings(text: &str) -> Vec<(String, usize)> {
        scan(text).1.into_iter().map(|literal| (literal.text, literal.line)).collect()
    }

    #[test]
    fn comments_are_not_code() {
        assert_eq!(words("a // b\n/* c /* d */ e */ f /// g\nh"), ["a", "f", "h"]);
    }

    #[test]
    fn literals_are_set_aside_with_their_line() {
        let text = "x(\"a \\\" b\",\n r#\"c \" d\"#, b\"e\", br##\"f\"# g\"##)";
        let found = strings(text);
        let expected = [("a \\\" b", 1), ("c \" d", 2), ("e", 2), ("f\"# g", 2)];
        assert_eq!(found, expected.map(|(text, line)| (text.to_owned(), line)));
        assert_eq!(words(text), ["x", "(", ",", ",", ",", ")"]);
    }

    #[test]
    fn characters_are_no_braces_and_lifetimes_no_characters() {
        assert_eq!(words("'{' '\\'' '\\u{7d}' b'}' &'a str 'b: loop"), ["&", "a", "str", "b", ":", "loop"]);
        assert_eq!(words("fn f<'a>(x: &'a str) -> char { 'x' }").last().unwrap(), "}");
    }

    #[test]
    fn a_string_over_lines_counts_them() {
        let (tokens, _) = scan("\"a\nb\"\nc");
        assert_eq!((tokens[0].text.as_str(), tokens[0].line), ("c", 3));
    }
}
