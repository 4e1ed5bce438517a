-- Whoever stands for a steward holds what the steward answers for while he does (ADR 6). What was
-- appointed for a stewardship goes; as a contact everybody stays in the town.
INSERT INTO appointment (account, role, division)
SELECT DISTINCT account, 'household-contact', division FROM steward WHERE account IS NOT NULL
ON CONFLICT (account, role, division) DO NOTHING;

DELETE FROM appointment WHERE EXISTS (
    SELECT 1 FROM steward s JOIN stewardship w ON w.town = s.town AND w.steward = s.id
    WHERE s.account = appointment.account AND w.node = appointment.division
    AND ((w.level = 'group' AND appointment.role = 'street-lead')
        OR (w.level IN ('village', 'town') AND appointment.role = 'town-cadre'))
);
