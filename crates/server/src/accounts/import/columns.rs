//! From a table to rows: which column is which.

use std::path::Path;

use office::{Limits, ReadError, Table};
use serde::{Deserialize, Serialize};

use crate::web::sheets;

/// Rows of one list; each new one gets a printed slip.
const MOST_ROWS: usize = 5_000;

/// A row as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its line as the spreadsheet program shows it, from 1.
    pub line: u32,
    pub login: String,
    pub name: String,
    pub phone: String,
    pub role: String,
    pub division: String,
}

/// Why a file is not taken.
#[derive(Debug)]
pub enum Wrong {
    Unreadable(ReadError),
    /// A column is missing; the message names it.
    Column(&'static str),
    NoRows,
}

const LOGIN: &[&str] = &["login", "账号", "账户", "登录名", "帳號", "登入名"];
const NAME: &[&str] = &["name", "姓名", "名字", "人员姓名", "人員姓名"];
const PHONE: &[&str] = &["phone", "电话", "手机", "手机号", "联系电话", "電話", "手機", "聯繫電話"];
const ROLE: &[&str] = &["role", "岗位", "角色", "职务", "崗位", "職務"];
const DIVISION: &[&str] = &["division", "区划", "村", "单位", "所在村", "村街", "區劃", "單位"];

/// Reads the rows of a list of accounts, of any make; `program` as in [`sheets`].
pub fn read(file: &[u8], program: Option<&Path>) -> Result<Vec<Entry>, Wrong> {
    let table = sheets(file, program, &Limits::default()).and_then(Table::of).map_err(Wrong::Unreadable)?;
    if let Some(row) = table.rows.get(MOST_ROWS) {
        let limit = u32::try_from(MOST_ROWS).unwrap_or(u32::MAX);
        return Err(Wrong::Unreadable(ReadError::TooManyRows { line: row.number, limit }));
    }
    let column = |names: &[&str]| {
        let plain = |head: &String| base::fold_width(head).to_lowercase().replace([' ', '*'], "");
        table.head.columns.iter().position(|head| names.contains(&plain(head).as_str()))
    };
    let needed = |names, key| column(names).ok_or(Wrong::Column(key));
    let name = needed(NAME, "accounts-import-no-name")?;
    let role = needed(ROLE, "accounts-import-no-role")?;
    let division = needed(DIVISION, "accounts-import-no-division")?;
    let (login, phone) = (column(LOGIN), column(PHONE));
    let entry = |row: &office::Row| {
        let cell =
            |column: usize| row.cells.get(column).map(|cell| cell.trim().to_owned()).unwrap_or_default();
        Entry {
            line: row.number,
            login: login.map(cell).unwrap_or_default(),
            name: cell(name),
            phone: phone.map(cell).unwrap_or_default(),
            role: cell(role),
            division: cell(division),
        }
    };
    let entries: Vec<Entry> = table.rows.iter().map(entry).collect();
    if entries.is_empty() { Err(Wrong::NoRows) } else { Ok(entries) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_what_people_call_them() {
        let rows =
            read("襄陵镇账号\n姓名 *,村,岗位,手机号\n张文秀,北街村,包户人,12900000001\n".as_bytes(), None)
                .unwrap();
        let expected = Entry {
            line: 3,
            name: "张文秀".into(),
            phone: "12900000001".into(),
            role: "包户人".into(),
            division: "北街村".into(),
            login: String::new(),
        };
        assert_eq!(rows, [expected]);
    }

    #[test]
    fn what_is_missing_is_named() {
        let wrong = |text: &str| match read(text.as_bytes(), None) {
            Err(Wrong::Column(key)) => key,
            Err(Wrong::NoRows) => "no rows",
            Err(Wrong::Unreadable(error)) => error.key(),
            Ok(_) => "taken",
        };
        assert_eq!(wrong("姓名,村\n张,北街村\n"), "accounts-import-no-role");
        assert_eq!(wrong("姓名,岗位\n张,包户人\n"), "accounts-import-no-division");
        assert_eq!(wrong("村,岗位\n北街村,包户人\n"), "accounts-import-no-name");
        assert_eq!(wrong("姓名,村,岗位\n"), "no rows");
        assert_eq!(wrong(""), "table-empty");
    }
}
