//! Printed slips: A4, eight to a sheet, each with a code to scan and to type.

use askama::Template;
use axum::http::{HeaderMap, header};
use base::Moment;
use db::Snapshot;
use qrcode::{Color, EcLevel, QrCode};

use super::model::Code;
use super::pages::Names;
use super::store::{list, slips::VALID_DAYS};
use crate::site::Site;
use crate::web::{Error, Html, Page, Visit};

/// Slips on one sheet of paper.
const PER_SHEET: usize = 8;

/// The sheets of some slips, shown once: the codes are kept nowhere.
#[derive(Template)]
#[template(path = "accounts/slip_sheet.html")]
pub struct Sheet {
    page: Page,
    sheets: Vec<Vec<Slip>>,
    count: usize,
    /// Where people go to type the code.
    address: String,
    /// The address answers on this machine only: nobody else can use the slips.
    only_here: bool,
    printed: String,
    until: String,
}

struct Slip {
    name: String,
    login: String,
    place: String,
    code: String,
    qr: Qr,
}

/// A QR code as the path of an SVG: dark runs of modules, with the quiet border it needs.
struct Qr {
    width: usize,
    path: String,
}

impl Sheet {
    /// The slips of accounts with the codes just made for them.
    pub async fn of(
        tx: &mut Snapshot,
        site: &Site,
        visit: &Visit,
        headers: &HeaderMap,
        made: &[(i64, Code)],
    ) -> Result<Sheet, Error> {
        let ids: Vec<i64> = made.iter().map(|(account, _)| *account).collect();
        let people = list::people(tx, &ids).await?;
        let roles = list::roles(tx, &ids).await?;
        let first = |account: &i64| roles.get(account).and_then(|held| held.first()).map(|(_, place)| *place);
        let names = Names::of(tx, ids.iter().filter_map(first)).await?;
        let address = public_address(site, headers);
        let mut printed = Vec::with_capacity(made.len());
        for (account, code) in made {
            let (login, name) = people.get(account).cloned().unwrap_or_default();
            let place = first(account).map(|place| names.name(place)).unwrap_or_default();
            let qr = qr(&format!("{address}/slip/{}", code.as_str()))?;
            printed.push(Slip { name, login, place, code: code.grouped(), qr });
        }
        let count = printed.len();
        Ok(Sheet {
            page: visit.page.clone(),
            sheets: in_sheets(printed),
            count,
            only_here: is_local(&address),
            address,
            printed: moment(site, visit, visit.now),
            until: visit.words.day(visit.today.plus(VALID_DAYS - 1)),
        })
    }

    pub fn page(&self) -> Result<Html, Error> {
        Html::of(self)
    }
}

fn moment(site: &Site, visit: &Visit, at: Moment) -> String {
    visit.words.moment(&site.playbook.time, at)
}

fn in_sheets(slips: Vec<Slip>) -> Vec<Vec<Slip>> {
    let mut sheets: Vec<Vec<Slip>> = Vec::new();
    for slip in slips {
        match sheets.last_mut() {
            Some(sheet) if sheet.len() < PER_SHEET => sheet.push(slip),
            _ => sheets.push(vec![slip]),
        }
    }
    sheets
}

/// The address people reach the server by: as set, else as the browser that prints does.
fn public_address(site: &Site, headers: &HeaderMap) -> String {
    if let Some(set) = &site.settings.public_url {
        return set.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let scheme = if site.settings.secure_cookies { "https" } else { "http" };
    format!("{scheme}://{host}")
}

fn is_local(address: &str) -> bool {
    let host = address.split("//").nth(1).unwrap_or_default();
    ["localhost", "127.", "[::1]"].iter().any(|local| host.starts_with(local))
}

/// Modules of white around a code, as the standard (ISO/IEC 18004) asks.
const BORDER: usize = 4;

fn qr(text: &str) -> Result<Qr, Error> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|error| Error::Failed(format!("a QR code of {} characters: {error}", text.len())))?;
    let (side, colors) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in colors.chunks(side).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                path += &format!("M{} {}h{}v1h-{}z", x + BORDER, y + BORDER, run.len(), run.len());
            }
            x += run.len();
        }
    }
    Ok(Qr { width: side + 2 * BORDER, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_with_its_border() {
        let qr = qr("http://192.168.1.5:8080/slip/7K3M9QXD").unwrap();
        assert_eq!(qr.width, 29 + 8);
        assert!(qr.path.starts_with("M4 4h7v1h-7z"), "{}", qr.path);
        assert!(qr.path.len() < 6_000);
    }

    #[test]
    fn an_address_of_this_machine_only_is_told() {
        assert!(is_local("http://127.0.0.1:8080"));
        assert!(is_local("http://localhost"));
        assert!(!is_local("http://192.168.1.5:8080"));
    }
}
