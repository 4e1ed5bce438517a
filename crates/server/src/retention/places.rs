//! Where each kind of record is stored and how it goes: the only list of them. A new feature adds a line.

use crate::playbook::Record;

/// How a kind of record goes.
pub enum Way {
    /// Day by day of the round; the figures of such a day stand still.
    Days(ByDay),
    /// By what a row says of its own time.
    Rows(Rows),
    /// Files of backups.
    Files,
    /// Not by the clock.
    Stays,
}

pub struct ByDay {
    /// The days of a town ($1) before a day ($2) that still hold such records.
    pub due: &'static str,
    /// The last number of so many ($3) households of a day ($2) of a town ($1), none where none is left; and what
    /// destroys the records of households up to that number ($3).
    pub few: &'static str,
    pub go: &'static [&'static str],
}

/// What is before a limit goes, a few at a time: of a town ($1), before a day or moment ($2), so many ($3).
pub struct Rows {
    pub limit: Limit,
    /// Whether they are a town's, or the whole installation's.
    pub of_town: bool,
    pub go: &'static [&'static str],
}

/// What is compared with a row's time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    Day,
    /// A day, but none that is needed to count a day whose checks are still there.
    CountedDay,
    Moment,
}

/// The checks of a household's day are found from the last of them back to the first: they have no index
/// by day (ADR 4).
const CHECKS: ByDay = ByDay {
    due: "SELECT d.day FROM round_day d WHERE d.town = $1 AND d.day < $2 AND NOT EXISTS \
          (SELECT 1 FROM destruction x WHERE x.town = d.town AND x.record = 'checks' AND x.day = d.day \
          AND x.ended_at IS NOT NULL) ORDER BY d.day",
    few: "SELECT MAX(household) FROM (SELECT household FROM round_standing WHERE town = $1 AND day = $2 \
          ORDER BY household LIMIT $3) few",
    go: &[
        "WITH RECURSIVE gone AS ( \
           SELECT s.last AS id FROM round_standing s WHERE s.town = $1 AND s.day = $2 AND s.household <= $3 \
           UNION ALL \
           SELECT c.previous FROM gone g CROSS JOIN round_check c \
           WHERE c.town = $1 AND c.id = g.id AND c.previous IS NOT NULL) \
         DELETE FROM round_check WHERE town = $1 AND id IN (SELECT id FROM gone)",
        "DELETE FROM round_standing WHERE town = $1 AND day = $2 AND household <= $3",
    ],
};

/// What nobody has closed stays until somebody does.
const FINDINGS: ByDay = ByDay {
    due: "SELECT DISTINCT day FROM finding WHERE town = $1 AND day < $2 \
          AND state IN ('closed', 'withdrawn') ORDER BY day",
    few: "SELECT MAX(household) FROM (SELECT household FROM finding WHERE town = $1 AND day = $2 \
          AND state IN ('closed', 'withdrawn') ORDER BY household LIMIT $3) few",
    go: &["DELETE FROM finding WHERE town = $1 AND day = $2 AND household <= $3 \
           AND state IN ('closed', 'withdrawn')"],
};

const PRESENCES: Rows = Rows {
    limit: Limit::Day,
    of_town: true,
    go: &[
        "UPDATE resident SET told_day = NULL, before_presence = NULL, before_since = NULL, \
         before_whereabouts = NULL WHERE town = $1 AND id IN \
         (SELECT id FROM resident WHERE town = $1 AND told_day < $2 ORDER BY id LIMIT $3)",
        // Who is away is away still: where is known until he is back.
        "UPDATE resident SET presence_since = NULL, whereabouts = '' WHERE town = $1 AND id IN \
         (SELECT id FROM resident WHERE town = $1 AND presence = 'present' AND presence_since < $2 \
         ORDER BY id LIMIT $3)",
    ],
};

const KEY_PERSONS: Rows = Rows {
    limit: Limit::CountedDay,
    of_town: true,
    go: &["UPDATE resident SET key_from = NULL, key_until = NULL, key_reason = NULL WHERE town = $1 \
           AND id IN (SELECT id FROM resident WHERE town = $1 AND key_from IS NOT NULL AND key_until < $2 \
           ORDER BY id LIMIT $3)"],
};

/// Households `h` that are no longer in the register, and of which nothing is there any more that was
/// counted.
macro_rules! gone {
    ($further:literal) => {
        concat!(
            // Few are out of the register: whatever an engine knows of its tables, it begins with them.
            "WITH left_it AS MATERIALIZED (SELECT s.household FROM household_span s WHERE s.town = $1 \
             GROUP BY s.household HAVING MAX(s.until_day) < $2) \
             SELECT h.id FROM left_it CROSS JOIN household h WHERE h.town = $1 AND h.id = left_it.household AND ",
            $further,
            " AND NOT EXISTS (SELECT 1 FROM finding f WHERE f.town = h.town AND f.household = h.id) \
             AND NOT EXISTS (SELECT 1 FROM round_day d JOIN round_standing t ON t.town = d.town \
             AND t.day = d.day AND t.household = h.id WHERE d.town = h.town) ORDER BY h.id LIMIT $3"
        )
    };
}

/// Their spans stay, which name nobody: what was expected of past days is counted from them.
const LEAVERS: Rows = Rows {
    limit: Limit::CountedDay,
    of_town: true,
    go: &[
        concat!(
            "DELETE FROM resident WHERE town = $1 AND household IN (",
            gone!("EXISTS (SELECT 1 FROM resident r WHERE r.town = h.town AND r.household = h.id)"),
            ")"
        ),
        concat!(
            "DELETE FROM register_change WHERE town = $1 AND household IN (",
            gone!("EXISTS (SELECT 1 FROM register_change c WHERE c.town = h.town AND c.household = h.id)"),
            ")"
        ),
        concat!("DELETE FROM household WHERE town = $1 AND id IN (", gone!("TRUE"), ")"),
    ],
};

const SIGN_INS: Rows = Rows {
    limit: Limit::Moment,
    of_town: false,
    go: &[
        "DELETE FROM session WHERE $1 = 0 AND secret IN \
         (SELECT secret FROM session WHERE expires_at < $2 ORDER BY secret LIMIT $3)",
        "DELETE FROM slip WHERE $1 = 0 AND code IN (SELECT code FROM slip \
         WHERE expires_at < $2 OR used_at < $2 ORDER BY code LIMIT $3)",
    ],
};

const UPLOADS: Rows = Rows {
    limit: Limit::Moment,
    of_town: true,
    go: &["DELETE FROM register_upload WHERE town = $1 AND id IN \
           (SELECT id FROM register_upload WHERE town = $1 AND uploaded_at < $2 ORDER BY id LIMIT $3)"],
};

/// Those that are closed.
const REQUESTS: Rows = Rows {
    limit: Limit::Moment,
    of_town: true,
    go: &["DELETE FROM rights_request WHERE town = $1 AND id IN \
           (SELECT id FROM rights_request WHERE town = $1 AND closed_at < $2 ORDER BY id LIMIT $3)"],
};

/// How the records of a kind go.
pub fn way(record: Record) -> Way {
    match record {
        Record::Checks => Way::Days(CHECKS),
        Record::Findings => Way::Days(FINDINGS),
        Record::Presences => Way::Rows(PRESENCES),
        Record::KeyPersons => Way::Rows(KEY_PERSONS),
        Record::Leavers => Way::Rows(LEAVERS),
        Record::SignIns => Way::Rows(SIGN_INS),
        Record::Uploads => Way::Rows(UPLOADS),
        Record::Requests => Way::Rows(REQUESTS),
        Record::Backups => Way::Files,
        Record::Register | Record::Audit | Record::Reports => Way::Stays,
    }
}
