//! The citizen identity number, GB 11643: six digits of division, eight of birth date, three of
//! sequence (odd is male), one check digit.

use std::fmt;

use crate::{Day, fold_width};

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: &[u8; 11] = b"10X98765432";

/// A valid identity number of 18 characters. It does not print itself: `Debug` shows it masked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    Male,
    Female,
}

/// What was changed in an entered number before it was taken; shown to who entered it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Normalised {
    /// Full-width digits, spaces or a lower-case x were put right.
    Written,
    /// A number of 15 digits, as issued until 1999, was completed to 18.
    FromFifteen,
}

/// Why a text is no identity number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    #[error("an identity number has 18 characters (or 15 when old)")]
    Length,
    #[error("an identity number consists of digits, the last may be X")]
    Characters,
    #[error("digits 7 to 14 are no birth date")]
    BirthDate,
    #[error("the check digit does not fit: one digit is mistyped")]
    CheckDigit,
}

impl Identity {
    /// Reads a number as people write it: full-width digits, spaces, lower-case x and the old 15
    /// digits are taken, and what was changed is said.
    pub fn parse(text: &str) -> Result<(Identity, Option<Normalised>), IdentityError> {
        let folded: String = fold_width(text).split_whitespace().collect::<String>().to_ascii_uppercase();
        let written = (folded != text).then_some(Normalised::Written);
        match folded.len() {
            18 => Ok((Identity::checked(folded)?, written)),
            15 => Ok((Identity::from_fifteen(&folded)?, Some(Normalised::FromFifteen))),
            _ => Err(IdentityError::Length),
        }
    }

    /// The number made of its parts, as the made-up town needs it (sequence 000 is nobody's).
    /// Nothing where `region` has more than six digits or `sequence` more than three.
    pub fn compose(region: u32, birth: Day, sequence: u16) -> Option<Identity> {
        let body = format!("{region:06}{:08}{sequence:03}", birth.number());
        let check = check_digit(&body)?;
        Some(Identity(format!("{body}{check}")))
    }

    fn from_fifteen(old: &str) -> Result<Identity, IdentityError> {
        if !old.bytes().all(|b| b.is_ascii_digit()) {
            return Err(IdentityError::Characters);
        }
        let body = format!("{}19{}", &old[..6], &old[6..]);
        let check = check_digit(&body).ok_or(IdentityError::Characters)?;
        Identity::checked(format!("{body}{check}"))
    }

    fn checked(number: String) -> Result<Identity, IdentityError> {
        if !number.is_ascii() {
            return Err(IdentityError::Characters);
        }
        let (body, check) = number.split_at(17);
        let expected = check_digit(body).ok_or(IdentityError::Characters)?;
        let birth: i32 = body[6..14].parse().map_err(|_| IdentityError::Characters)?;
        Day::from_number(birth).ok_or(IdentityError::BirthDate)?;
        if check.starts_with(expected) { Ok(Identity(number)) } else { Err(IdentityError::CheckDigit) }
    }

    /// All 18 characters: for the vault and for a deliberate look only.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as screens show it: 140**************2. Birth date and town often stand beside
    /// it, so that the sequence must not: whoever knows all three has the number.
    pub fn masked(&self) -> String {
        format!("{}{}{}", &self.0[..3], "*".repeat(14), &self.0[17..])
    }

    pub fn birth(&self) -> Option<Day> {
        self.0[6..14].parse().ok().and_then(Day::from_number)
    }

    pub fn sex(&self) -> Sex {
        if self.0.as_bytes()[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

fn check_digit(body: &str) -> Option<char> {
    let digits: Option<Vec<u32>> = body.chars().map(|c| c.to_digit(10)).collect();
    let digits = digits.filter(|digits| digits.len() == WEIGHTS.len())?;
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    Some(char::from(CHECK[sum as usize % CHECK.len()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_decides() {
        let (number, changed) = Identity::parse("34052419800101001X").unwrap();
        assert_eq!(changed, None);
        assert_eq!(number.birth(), Day::new(1980, 1, 1));
        assert_eq!(number.sex(), Sex::Male);
        assert_eq!(Identity::parse("340524198001010013"), Err(IdentityError::CheckDigit));
    }

    #[test]
    fn what_people_write_is_put_right_and_said() {
        let plain = Identity::parse("34052419800101001X").unwrap().0;
        for written in ["34052419800101001x", " 340524 19800101 001X", "３４０５２４１９８００１０１００１Ｘ"]
        {
            assert_eq!(Identity::parse(written).unwrap(), (plain.clone(), Some(Normalised::Written)));
        }
        let old = Identity::parse("340524800101001").unwrap();
        assert_eq!(old, (plain, Some(Normalised::FromFifteen)));
    }

    #[test]
    fn what_is_none_says_why() {
        assert_eq!(Identity::parse("12345"), Err(IdentityError::Length));
        assert_eq!(Identity::parse("3405241980010100AX"), Err(IdentityError::Characters));
        assert_eq!(Identity::parse("34052419801301001X"), Err(IdentityError::BirthDate));
        assert_eq!(Identity::parse("身份证号码未知"), Err(IdentityError::Length));
    }

    #[test]
    fn a_made_up_number_is_valid_and_masked() {
        let made_up = Identity::compose(141_023, Day::new(1980, 2, 29).unwrap(), 0).unwrap();
        assert!(Identity::parse(made_up.as_str()).is_ok());
        assert!(format!("{made_up:?}").starts_with("141***********"));
    }

    #[test]
    fn a_masked_number_is_that_of_many_born_on_one_day_in_one_place() {
        for number in ["34052419800101001X", "34052419800101028X", "34052419800101036X"] {
            assert_eq!(Identity::parse(number).unwrap().0.masked(), "340**************X");
        }
    }
}
