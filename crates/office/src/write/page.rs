//! How a sheet prints: A4, as wide as the page, header line repeated, name and page on each.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::sheet::Sheet;

const A4: u8 = 9;

/// Digits that fit across an upright page in a readable size.
const UPRIGHT: u32 = 95;

/// `header` is the row of the column titles, from 0.
pub fn set_up(page: &mut Worksheet, sheet: &Sheet, header: u32) -> Result<(), XlsxError> {
    for (column, described) in (0..).zip(&sheet.columns) {
        page.set_column_width(column, described.width)?;
    }
    page.set_freeze_panes(header + 1, 0)?;
    page.set_repeat_rows(header, header)?;
    page.set_paper_size(A4).set_print_fit_to_pages(1, 0);
    if sheet.columns.iter().map(|column| u32::from(column.width)).sum::<u32>() > UPRIGHT {
        page.set_landscape();
    }
    page.set_margins(0.5, 0.5, 0.75, 0.75, 0.3, 0.3);
    page.set_header(running_head(sheet)).set_footer(running_foot(sheet));
    Ok(())
}

// A running line holds 255 characters, codes included: the parts are cut to stay below.

fn running_head(sheet: &Sheet) -> String {
    let name = sheet.titles.first().unwrap_or(&sheet.name);
    format!("&L{}&R{}", quoted(name, 100), quoted(sheet.mark.as_deref().unwrap_or(""), 20))
}

fn running_foot(sheet: &Sheet) -> String {
    format!("&L{}&R&P / &N", quoted(sheet.watermark.as_deref().unwrap_or(""), 110))
}

/// In these lines `&` begins a code, two are one.
fn quoted(text: &str, most: usize) -> String {
    let one_line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    one_line.take(most).collect::<String>().replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_lines_stay_below_the_limit_and_run_no_code() {
        let sheet =
            Sheet::new("a", vec![]).title("&D".repeat(200)).mark("&".repeat(99)).watermark("&".repeat(300));
        for line in [running_head(&sheet), running_foot(&sheet)] {
            assert!(line.chars().count() < 255, "{line}");
        }
        assert!(running_head(&sheet).starts_with("&L&&D&&D"));
        assert!(running_foot(&sheet).ends_with("&R&P / &N"));
    }
}
