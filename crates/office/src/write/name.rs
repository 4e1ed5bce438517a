//! Names of sheets: short, without some marks, no two alike.

/// UTF-16 units that a sheet's name holds.
const LONGEST: usize = 31;

/// The nearest name that a workbook takes and that none of `taken` bears.
pub fn free_name(wanted: &str, taken: &[String]) -> String {
    let allowed = |c: char| if "*?:[]\\/".contains(c) || c.is_control() { '_' } else { c };
    let plain: String = wanted.chars().map(allowed).collect();
    let plain = Some(cut(plain.trim_matches(['\'', ' ']), LONGEST)).filter(|name| !name.is_empty());
    let plain = plain.unwrap_or_else(|| "Sheet".to_owned());
    let numbered = |n: usize| {
        let tail = format!(" ({n})");
        cut(&plain, LONGEST - tail.len()) + &tail
    };
    let free = |name: &String| !taken.iter().any(|other| other.to_lowercase() == name.to_lowercase());
    std::iter::once(plain.clone()).chain((2..).map(numbered)).find(free).unwrap_or(plain)
}

fn cut(text: &str, most: usize) -> String {
    let mut left = most;
    let fits = |c: &char| match left.checked_sub(c.len_utf16()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    text.chars().take_while(fits).collect::<String>().trim_end_matches(['\'', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_one_that_workbooks_take() {
        assert_eq!(free_name("北街村 2/3", &[]), "北街村 2_3");
        assert_eq!(free_name("''", &[]), "Sheet");
        assert_eq!(free_name(&"村".repeat(40), &[]).chars().count(), 31);
        assert_eq!(free_name("𠮷".repeat(20).as_str(), &[]).encode_utf16().count(), 30);
    }

    #[test]
    fn two_sheets_never_share_a_name() {
        let mut taken = Vec::new();
        for expected in ["abc", "ABC (2)", "abc (3)"] {
            let name = free_name(&expected[..3], &taken);
            assert_eq!(name, expected);
            taken.push(name);
        }
    }
}
