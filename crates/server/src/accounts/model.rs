//! The rules of signing in: what a login, a password, a PIN and a slip's code may be, and how long
//! somebody waits who keeps failing.

use std::fmt;

use base::{Division, Moment, Role, fold_width};
use rand::RngExt as _;

/// An account to be made. Its person comes in by a slip and chooses a password then.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// As [`login`] gives it.
    pub login: &'a str,
    pub name: &'a str,
    /// Sealed by the vault.
    pub phone_sealed: Option<&'a [u8]>,
    pub roles: &'a [(Role, Division)],
}

/// A role that an account gets in a division.
pub type Grant = (i64, Role, Division);

impl New<'_> {
    /// Its roles, once its number is known.
    pub fn grants(&self, account: i64) -> impl Iterator<Item = Grant> {
        self.roles.iter().map(move |(role, division)| (account, *role, *division))
    }
}

/// The login as it is kept: plain, lower case. 2 to 40 letters, digits, dots, hyphens; a phone
/// number will do.
pub fn login(text: &str) -> Result<String, &'static str> {
    let folded = fold_width(text).to_lowercase();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_');
    let fits = (2..=40).contains(&folded.len()) && folded.bytes().all(plain);
    if fits { Ok(folded) } else { Err("login-form") }
}

/// A person's name: 1 to 40 characters.
pub fn name(text: &str) -> Result<String, &'static str> {
    let folded = fold_width(text);
    let fits = (1..=40).contains(&folded.chars().count()) && !folded.chars().any(char::is_control);
    if fits { Ok(folded) } else { Err("account-name-form") }
}

/// A phone number as it is kept; nothing for nothing.
pub fn phone(text: &str) -> Result<Option<String>, &'static str> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    base::phone(text).map(Some).ok_or("account-phone-form")
}

const COMMON: &str = include_str!("common_passwords.txt");
/// More would let a request keep a core busy.
const LONGEST: usize = 200;

/// Whether a password may be chosen: at least 10 characters (GB/T 22239 asks for complexity; length
/// and a list of the commonest do more), none of the commonest, not the login.
pub fn check_password(password: &str, login: &str) -> Result<(), &'static str> {
    let lower = password.to_lowercase();
    let mut chars = lower.chars();
    let first = chars.next();
    if password.chars().count() < 10 {
        Err("password-short")
    } else if password.len() > LONGEST {
        Err("password-long")
    } else if lower == login || chars.all(|c| Some(c) == first) || COMMON.lines().any(|line| line == lower) {
        Err("password-common")
    } else {
        Ok(())
    }
}

/// Whether a PIN may be chosen: six digits, neither all the same nor a run.
pub fn check_pin(pin: &str) -> Result<(), &'static str> {
    let digits: Vec<i32> = pin.bytes().filter(u8::is_ascii_digit).map(|b| i32::from(b) - 48).collect();
    if pin.len() != 6 || digits.len() != 6 {
        return Err("pin-form");
    }
    let step = |by: i32| digits.windows(2).all(|pair| pair[1] - pair[0] == by);
    if step(0) || step(1) || step(-1) { Err("pin-easy") } else { Ok(()) }
}

/// Wrong PINs in a row after which the session ends.
pub const PIN_TRIES: i32 = 5;

/// When somebody who failed so many times in a row may try again: at once for the first four times,
/// then after a minute, which doubles each time up to an hour.
pub fn locked_until(failures: i32, now: Moment) -> Option<Moment> {
    let over = u32::try_from(failures - 5).ok()?;
    Some(now.plus_minutes(60.min(1_i64 << over.min(6))))
}

/// Letters and digits without look-alikes: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code of a slip: eight characters, 40 random bits. It does not print itself by accident.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Code(String);

impl Code {
    pub fn random() -> Code {
        let bits: u64 = rand::rng().random();
        let character = |n: u32| char::from(ALPHABET[(bits >> (5 * n) & 31) as usize]);
        Code((0..8).map(character).collect())
    }

    /// Reads a code as people type it: lower case, full width, with spaces or hyphens, O for 0, I
    /// and L for 1.
    pub fn parse(text: &str) -> Option<Code> {
        let plain = |c: char| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let folded = fold_width(text);
        let code: String =
            folded.chars().filter(|c| !matches!(c, ' ' | '-' | '–' | '—')).map(plain).collect();
        let fits = code.len() == 8 && code.bytes().all(|b| ALPHABET.contains(&b));
        fits.then_some(Code(code))
    }

    /// As an address carries it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As paper shows it: 7K3M-9QXD.
    pub fn grouped(&self) -> String {
        format!("{}-{}", &self.0[..4], &self.0[4..])
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_plain_and_lower_case() {
        assert_eq!(login(" ＺｈａｎｇWX1 "), Ok("zhangwx1".into()));
        for bad in ["a", "", "张三", "a b", &"x".repeat(41)] {
            assert!(login(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn weak_passwords_are_told_why() {
        assert_eq!(check_password("short", "a"), Err("password-short"));
        assert_eq!(check_password("Password123", "a"), Err("password-common"));
        assert_eq!(check_password("1111111111", "a"), Err("password-common"));
        assert_eq!(check_password("zhangwenxiu", "zhangwenxiu"), Err("password-common"));
        assert_eq!(check_password(&"长".repeat(67), "a"), Err("password-long"));
        assert_eq!(check_password("村口老槐树下第三家院", "a"), Ok(()));
    }

    #[test]
    fn the_commonest_are_all_long_enough_to_matter() {
        assert!(COMMON.lines().all(|line| line.len() >= 10 && line == line.to_lowercase()));
    }

    #[test]
    fn a_pin_is_six_digits_and_no_run() {
        assert_eq!(check_pin("290417"), Ok(()));
        for easy in ["111111", "123456", "987654"] {
            assert_eq!(check_pin(easy), Err("pin-easy"));
        }
        for wrong in ["", "12345", "1234567", "12345x", "１２３４５６"] {
            assert_eq!(check_pin(wrong), Err("pin-form"));
        }
    }

    #[test]
    fn who_keeps_failing_waits_longer_each_time() {
        let minutes = |failures| locked_until(failures, Moment(0)).map(|at| at.0 / 60_000);
        let waits: Vec<_> = [1, 4, 5, 6, 7, 10, 11, 40].map(minutes).into();
        assert_eq!(waits, [None, None, Some(1), Some(2), Some(4), Some(32), Some(60), Some(60)]);
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = Code::parse(" o1i3-９qxd").unwrap();
        assert_eq!(code.grouped(), "0113-9QXD");
        assert_eq!(Code::parse(&code.grouped()), Some(code));
        for bad in ["", "7K3M9QX", "7K3M9QXDD", "7K3M9QXU", "七七七七七七七七"] {
            assert_eq!(Code::parse(bad), None, "{bad}");
        }
        let random = Code::random();
        assert_eq!(Code::parse(random.as_str()), Some(random));
    }

    #[test]
    fn a_phone_number_loses_its_blanks() {
        assert_eq!(phone("129 0000-0001"), Ok(Some("12900000001".into())));
        assert_eq!(phone("+86 (129)00000001"), Ok(Some("12900000001".into())));
        assert_eq!(phone(" "), Ok(None));
        assert!(phone("王建国").is_err());
    }
}
