//! The words for what is done. Each has a message, by which auditors read it and filter by it.

/// Every word that entries are written with, in the order in which the filter offers them.
pub const DEEDS: &[&str] = &[
    "session.start",
    "session.refuse",
    "session.wait",
    "session.unlock",
    "session.unlock-refuse",
    "session.end",
    "slip.use",
    "slip.refuse",
    "access.refuse",
    "household.see",
    "phone.show",
    "identity.show",
    "report.export",
    "sheet.print",
    "audit.export",
    "register.export",
    "round.open",
    "checks.enter",
    "finding.take",
    "finding.close",
    "finding.reopen",
    "household.add",
    "household.change",
    "household.turn",
    "resident.add",
    "resident.change",
    "resident.leave",
    "household.head",
    "register.upload",
    "register.import",
    "register.undo",
    "register.discard",
    "register.return",
    "households.destroy-uploads",
    "steward.add",
    "steward.change",
    "stewardship.give",
    "stand-in.add",
    "stand-in.end",
    "report.confirm-zeros",
    "report.withdraw-zeros",
    "report.compile",
    "report.check",
    "report.seal",
    "report.correct",
    "division.add",
    "division.rename",
    "division.close",
    "division.merge",
    "division.import",
    "division.settle-mergers",
    "account.create",
    "account.rename",
    "account.appoint",
    "account.dismiss",
    "account.disable",
    "account.enable",
    "account.join",
    "account.part",
    "account.password",
    "account.pin",
    "account.screen",
    "slip.make",
    "token.make",
    "town.found",
    "playbook.take",
    "audit.head-missing",
    "vault.rotate",
    "vault.drop-key",
    "backup.make",
    "backup.fail",
    "backup.make-by-hand",
    "backup.fail-by-hand",
    "backup.remove",
    "backup.restore",
    "demo.settle",
    "demo.round",
    "demo.findings",
    "demo.come-in",
];

pub fn is_deed(word: &str) -> bool {
    DEEDS.contains(&word)
}

/// The message of a word: `household.see` is `deed-household_see`.
pub fn message(word: &str) -> String {
    format!("deed-{}", word.replace('.', "_"))
}

/// The message that names a field of an entry's detail.
pub fn field_message(field: &str) -> String {
    format!("audit-field-{field}")
}
