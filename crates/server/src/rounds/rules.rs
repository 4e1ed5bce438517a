//! Whether a check may be taken: everything that can be said without the database.

use base::{Day, Moment};

use super::model::{Answers, Check, Outcome, ResidentAnswer};
use crate::playbook::{Choice, Playbook, Temperatures};

/// Minutes by which a phone's clock may run ahead before its checks lie in the future.
const AHEAD: i64 = 5;
/// Characters of a free text.
const TEXT: usize = 500;
/// People and visitors in one check.
const MANY: usize = 60;

/// Why a check cannot be taken, as the key of the message that says what to do.
pub type Refusal = &'static str;

/// Tenths of a degree, or nothing where the value is odd and has to be asked back: outside the
/// bounds (3.65, 365) or with more than one decimal.
#[expect(clippy::cast_possible_truncation, reason = "compared with small bounds first")]
pub fn tenths(degrees: f64, bounds: Temperatures) -> Option<i32> {
    let tenths = (degrees * 10.0).round();
    let exact = (degrees * 10.0 - tenths).abs() < 1e-6;
    let within = tenths >= f64::from(bounds.lowest) && tenths <= f64::from(bounds.highest);
    (exact && within).then_some(tenths as i32)
}

/// The day a check belongs to.
///
/// # Errors
/// The refusal, when the check contradicts itself, the playbook or the calendar.
pub fn accept(check: &Check, playbook: &Playbook, now: Moment) -> Result<Day, Refusal> {
    if check.id.get_version_num() != 7 {
        return Err("check-id-kind");
    }
    let day = playbook.time.day(check.happened_at);
    let today = playbook.time.day(now);
    if check.happened_at > now.plus_minutes(AHEAD) {
        return Err("check-future");
    }
    if today.days_since(day) > playbook.round.late_days {
        return Err("check-too-old");
    }
    let playbook = playbook.on(day);
    match (check.outcome, &check.reason, &check.answers) {
        (Outcome::Well, None, None) => Ok(day),
        (Outcome::Unreachable, Some(reason), None) if known(reason, &playbook.unreachable) => Ok(day),
        (Outcome::Detailed, None, Some(answers)) => accept_answers(answers, playbook, day).map(|()| day),
        (Outcome::Withdrawn, None, None) if check.corrects.is_some() => Ok(day),
        (Outcome::Withdrawn, ..) => Err("check-withdrawn"),
        (Outcome::Unreachable, ..) => Err("check-reason"),
        (Outcome::Detailed, ..) => Err("check-answers"),
        (Outcome::Well, ..) => Err("check-well"),
    }
}

fn accept_answers(answers: &Answers, playbook: &Playbook, day: Day) -> Result<(), Refusal> {
    let texts = answers.visitors.iter().flat_map(|visitor| [&visitor.name, &visitor.from]);
    if answers.residents.len() > MANY || answers.visitors.len() > MANY {
        return Err("check-too-many");
    }
    if answers.visitors.iter().any(|visitor| visitor.name.trim().is_empty()) {
        return Err("check-visitor-name");
    }
    if texts.chain([&answers.note]).any(|text| too_long(text)) {
        return Err("check-text");
    }
    if !answers.needs.iter().all(|need| known(need, &playbook.needs)) {
        return Err("check-need");
    }
    answers.residents.iter().try_for_each(|resident| accept_resident(resident, playbook, day))
}

fn accept_resident(answer: &ResidentAnswer, playbook: &Playbook, day: Day) -> Result<(), Refusal> {
    if answer.temperature.is_some_and(|degrees| tenths(degrees, playbook.temperature).is_none()) {
        return Err("check-temperature");
    }
    if !answer.symptoms.iter().all(|symptom| known(symptom, &playbook.symptoms)) {
        return Err("check-symptom");
    }
    if answer.away.is_some() && answer.back.is_some() {
        return Err("check-away-and-back");
    }
    if let Some(away) = &answer.away
        && (away.since > day || too_long(&away.place))
    {
        return Err("check-away");
    }
    if let Some(back) = &answer.back {
        let transport = back.transport.as_ref().is_none_or(|key| known(key, &playbook.transports));
        if back.on > day || back.from.trim().is_empty() || too_long(&back.from) || !transport {
            return Err("check-back");
        }
    }
    Ok(())
}

fn known(key: &str, choices: &[Choice]) -> bool {
    choices.iter().any(|choice| choice.key == key)
}

fn too_long(text: &str) -> bool {
    text.chars().count() > TEXT
}

#[cfg(test)]
mod tests {
    use super::super::model::{Back, Source};
    use super::*;
    use crate::playbook::BUILT_IN;
    use base::Clock;

    fn playbook() -> Playbook {
        Playbook::parse(BUILT_IN).unwrap()
    }

    /// 3 February 2020, 10:00 in Shanghai.
    const NOW: Moment = Moment(1_580_695_200_000);

    fn check() -> Check {
        Check {
            id: Clock::fixed(NOW).new_id(),
            town: 141_023_105,
            household: 1,
            outcome: Outcome::Well,
            reason: None,
            answers: None,
            happened_at: NOW,
            source: Source::App,
            checked_by: None,
            corrects: None,
        }
    }

    fn detailed(answer: ResidentAnswer) -> Check {
        let answers = Answers { residents: vec![answer], ..Answers::default() };
        Check { outcome: Outcome::Detailed, answers: Some(answers), ..check() }
    }

    fn refusal(check: &Check) -> Option<Refusal> {
        accept(check, &playbook(), NOW).err()
    }

    #[test]
    fn odd_temperatures_are_asked_back() {
        for odd in [3.65, 365.0, 34.9, 43.1, 36.55, f64::NAN] {
            let answer = ResidentAnswer { resident: 1, temperature: Some(odd), ..ResidentAnswer::default() };
            assert_eq!(refusal(&detailed(answer)), Some("check-temperature"), "{odd}");
        }
        for sound in [35.0, 36.6, 43.0] {
            let answer =
                ResidentAnswer { resident: 1, temperature: Some(sound), ..ResidentAnswer::default() };
            assert_eq!(refusal(&detailed(answer)), None, "{sound}");
        }
    }

    #[test]
    fn a_check_of_tomorrow_or_of_last_month_is_refused() {
        assert_eq!(refusal(&Check { happened_at: NOW.plus_minutes(4), ..check() }), None);
        assert_eq!(refusal(&Check { happened_at: NOW.plus_minutes(6), ..check() }), Some("check-future"));
        let days = |days: i64| NOW.plus_minutes(-days * 24 * 60);
        assert_eq!(refusal(&Check { happened_at: days(14), ..check() }), None);
        assert_eq!(refusal(&Check { happened_at: days(15), ..check() }), Some("check-too-old"));
    }

    #[test]
    fn an_outcome_comes_with_what_belongs_to_it() {
        let unreachable = Check { outcome: Outcome::Unreachable, ..check() };
        assert_eq!(refusal(&unreachable), Some("check-reason"));
        let known = Check { reason: Some("nobody-home".into()), ..unreachable.clone() };
        assert_eq!(refusal(&known), None);
        assert_eq!(refusal(&Check { reason: Some("holiday".into()), ..unreachable }), Some("check-reason"));
        assert_eq!(refusal(&Check { answers: Some(Answers::default()), ..check() }), Some("check-well"));
        assert_eq!(refusal(&Check { outcome: Outcome::Detailed, ..check() }), Some("check-answers"));
    }

    #[test]
    fn a_return_says_from_where_and_not_from_the_future() {
        let day = playbook().time.day(NOW);
        let back = |from: &str, on| Back { from: from.into(), on, transport: Some("train".into()) };
        let answer = |back| ResidentAnswer { resident: 1, back: Some(back), ..ResidentAnswer::default() };
        assert_eq!(refusal(&detailed(answer(back("武汉", day)))), None);
        assert_eq!(refusal(&detailed(answer(back("", day)))), Some("check-back"));
        assert_eq!(refusal(&detailed(answer(back("武汉", day.next())))), Some("check-back"));
    }

    #[test]
    fn an_id_that_does_not_sort_by_time_is_refused() {
        let random = uuid::Uuid::from_u128(0x1234_5678_9abc_4def_8123_4567_89ab_cdef);
        assert_eq!(refusal(&Check { id: random, ..check() }), Some("check-id-kind"));
    }
}
