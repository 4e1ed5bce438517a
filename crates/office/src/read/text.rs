//! CSV bytes to text: UTF-8, GB18030 as Chinese Windows saves it, UTF-16 as Excel's 'Unicode text'.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::error::ReadError;
use super::kind::UTF16;

/// Chinese characters in good UTF-8 before the first bad byte that show a file to be UTF-8 with a
/// damaged place; one may come about by chance in GB18030.
const ENOUGH: usize = 2;

pub fn decoded(file: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    if UTF16.iter().any(|mark| file.starts_with(mark)) {
        let encoding = if file.starts_with(UTF16[0]) { UTF_16LE } else { UTF_16BE };
        let text = encoding.decode_without_bom_handling_and_without_replacement(&file[2..]);
        return text.ok_or_else(|| ReadError::damaged("broken UTF-16"));
    }
    let (bytes, marked) = match file.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest, true),
        None => (file, false),
    };
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(error) => error,
    };
    let good = &bytes[..error.valid_up_to()];
    let chinese = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    let is_utf8 = marked || String::from_utf8_lossy(good).chars().filter(chinese).nth(ENOUGH - 1).is_some();
    let text =
        if is_utf8 { None } else { GB18030.decode_without_bom_handling_and_without_replacement(bytes) };
    text.ok_or_else(|| {
        let before = good.iter().filter(|byte| **byte == b'\n').count();
        ReadError::NotUtf8 { line: u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "姓名,村\n张三,北街\n联通,镕\n";

    #[test]
    fn what_chinese_programs_save_is_read() {
        let (gb, _, _) = GB18030.encode(TEXT);
        assert_eq!(decoded(&gb).unwrap(), TEXT);
        assert_eq!(decoded(TEXT.as_bytes()).unwrap(), TEXT);
        let little: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&[b"\xff\xfe".as_slice(), &little].concat()).unwrap(), TEXT);
        let big: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&[b"\xfe\xff".as_slice(), &big].concat()).unwrap(), TEXT);
    }

    #[test]
    fn damaged_text_is_not_taken_for_another_encoding() {
        let mut bytes = TEXT.as_bytes().to_vec();
        let at = bytes.len() - 5;
        bytes[at] = 0xff;
        assert_eq!(decoded(&bytes), Err(ReadError::NotUtf8 { line: 3 }));
        assert_eq!(decoded(b"\xef\xbb\xbfa\n\xcd\xf5"), Err(ReadError::NotUtf8 { line: 2 }));
        assert_eq!(decoded(b"a\n\xff\xff"), Err(ReadError::NotUtf8 { line: 2 }));
        assert!(matches!(decoded(b"\xff\xfea\0\x00\xd8"), Err(ReadError::Damaged { .. })));
    }
}
