//! The curve of the day: households reached by the hour, today against the day before, with the
//! cut-off marked. Drawn as a template; a table of the same figures stands behind it.

use askama::Template;
use base::{Day, TownTime};

use super::view::Curve;
use super::view::grouped;
use crate::web::{Visit, Words};

/// Size of the drawing, and of the field inside its margins.
const LEFT: f64 = 44.0;
const RIGHT: f64 = 400.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 200.0;
/// The hours shown, to the day's end.
const FIRST: i8 = 6;
const LAST: i8 = 24;

/// The chart of a division's day.
#[derive(Clone, Debug, Template)]
#[template(path = "rounds/chart.html")]
pub struct Chart {
    words: Words,
    top_label: String,
    cut_off: f64,
    cut_off_label: String,
    today: String,
    before: String,
    today_last: i64,
    before_last: i64,
    end: (f64, f64),
    rows: Vec<(String, Option<i64>, i64)>,
    hours: Vec<(f64, String)>,
}

impl askama::filters::HtmlSafe for Chart {}

impl Chart {
    pub fn new(
        visit: &Visit,
        time: &TownTime,
        day: Day,
        expected: i64,
        today: Curve,
        before: Curve,
    ) -> Chart {
        let (hour, minute) = time.hour_minute(time.cut_off(day));
        // Today's line ends at the present hour; a past day's is whole.
        let until = if day == visit.today { time.hour_minute(visit.now).0 + 1 } else { LAST };
        let until = until.clamp(FIRST, LAST);
        let highest = expected.max(today[23]).max(before[23]).max(1);
        let at = |curve: &Curve, hour: i8| if hour == 0 { 0 } else { value(curve, hour - 1) };
        let point = |curve: &Curve, hour: i8| (x(f64::from(hour)), y(at(curve, hour), highest));
        let line = |curve: &Curve, until: i8| {
            let points = (FIRST..=until).map(|hour| point(curve, hour));
            points.map(|(x, y)| format!("{x:.0} {y:.0}")).collect::<Vec<_>>().join("L")
        };
        let rows = (FIRST..=LAST).step_by(2).map(|hour| {
            let own = (hour <= until).then(|| at(&today, hour));
            (format!("{hour}:00"), own, at(&before, hour))
        });
        Chart {
            words: visit.words.clone(),
            top_label: grouped(highest),
            cut_off: x(f64::from(hour) + f64::from(minute) / 60.0),
            cut_off_label: format!("{hour}:{minute:02}"),
            today: line(&today, until),
            before: line(&before, LAST),
            today_last: at(&today, until),
            before_last: at(&before, LAST),
            end: point(&today, until),
            rows: rows.collect(),
            hours: [6, 12, 18, LAST].map(|hour: i8| (x(f64::from(hour)), format!("{hour}:00"))).into(),
        }
    }
}

fn value(curve: &Curve, hour: i8) -> i64 {
    usize::try_from(hour).ok().and_then(|hour| curve.get(hour)).copied().unwrap_or(0)
}

fn x(hour: f64) -> f64 {
    LEFT + (RIGHT - LEFT) * (hour - f64::from(FIRST)) / f64::from(LAST - FIRST)
}

#[expect(clippy::cast_precision_loss, reason = "pixels")]
fn y(value: i64, highest: i64) -> f64 {
    BOTTOM - (BOTTOM - TOP) * value as f64 / highest as f64
}
