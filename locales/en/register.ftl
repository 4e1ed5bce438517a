households-title = Households
households-count = { $n } households
households-found = { $n } households found
households-find = Find a household or a person
households-find-hint = Name, pinyin initials, house number, or a whole phone or identity number
households-find-button = Find
households-all = See all
households-everywhere = Every village
households-any-occupancy = Lived in or not
households-any-tag = Any circumstance
households-any-contact = With or without contact
households-without-contact = Without contact
households-none-found = No such household
households-number-in-address = A phone or identity number may not stand in an address: use the search field, or POST /api/v1/households/search.
households-none = Here every household is listed
households-none-hint = There is none yet. Import the list that the village has, one row a person; it takes ten minutes.
households-pages = Pages
households-next = Further households
households-back = Back to the households
households-printed = Households · { $when } · printed by { $who }
households-filter-wrong = This filter cannot be read. Write it as the API describes, or leave it out.
household-head = Head
household-no-head = No head listed
household-of = Household of { $head }
household-place = Village, team
household-house = House number
household-house-hint = Such as 12号
household-people = People
household-away = Away
household-know = Tags
household-contact = Contact
household-back = Back
household-add = Add a household
household-edit = Change house number, phone, tags
household-turn = Moved, empty, back again
household-turn-of = From which day has the household of { $head } changed?
household-turn-hint = From that day on the expected number follows; what was recorded before stays.
household-close = Closed (the household is no more)
household-closed-since = Closed from { $day }
household-address = Address
household-address-hint = Only where it differs from village, team and house number
household-address-long = Too long: at most 200 characters
household-phone = Phone
household-no-phone = No phone
household-no-tags = No tags
household-since = Since
household-occupancy = Lived in?
household-from = From which day
household-from-hint = Today at the latest
household-residents = { $n } people
household-no-residents = Nobody is listed yet
household-past = The last 14 days
household-no-past = The daily round has not begun
household-head-missing = Enter the head's name; a vacant house may have none
household-house-missing = Enter the house number or the address, so that it can be found
household-too-long = Too long: at most 50 characters
household-day-wrong = No day, or later than today. Write it like 2020-02-03.
household-division-missing = Choose village and team
household-occupancy-missing = Choose whether it is lived in
household-there-already = There is a household with this head in this house already
household-later-change = The household changed later than that. Choose that day or a later one.
household-closed-at-once = A household cannot be closed on the day it was listed. Choose the next.
household-no-span = The records of this household are incomplete. Tell the administrator.
occupancy-lived-in = Lived in
occupancy-vacant = Vacant
occupancy-away = All away
tag-living-alone = Living alone
tag-elderly = Elderly
tag-no-phone = No phone
tag-disabled = Disabled
tag-chronic = Chronic illness
tag-infant = Infant
tag-pregnant = Pregnant
tag-left-behind = Left-behind children
tag-low-income = Low income
tag-lodgers = Lodgers
answers-household = Assigned
answers-household-role = household contact
answers-group = Responsible
answers-group-role = street lead
answers-village = Supervising
answers-village-role = town cadre
answers-stand-in = in place of { $name }
check-state-done = Done
check-state-late = Late
check-state-unreachable = Unreachable
check-state-silent = Not checked
check-state-not-due = Not due
check-well-short = all well
check-measured = { $n } measured
check-feverish = { $n } with fever
identity-title = Identity number of { $name }
identity-button = Show
phone-why = To reach the household in the daily round
phone-wrong = No phone number. Mobile numbers have 11 digits, landlines need the area code; digits only.
register-form-wrong = Something is not right yet
register-form-kept = Everything else is kept.
register-form-stale = Somebody changed this while you were filling it in
register-form-stale-kept = What you typed is kept. Look at the marked places, then save again.
form-now = { $what }: the register now says “{ $now }”
form-now-empty = nothing
form-now-same = Somebody just changed what is not shown here (a phone or identity number)
form-choose = Choose
form-unknown = Not known
form-hidden = Now { $now }; leave empty to keep it
form-phone-remove = Remove this phone number
form-identity-remove = Remove this identity number
form-save = Save
form-cancel = Leave as it was
resident-add = Add a person
resident-edit = Change { $name }
resident-name = Name
resident-name-wrong = Enter the name, at most 50 characters
resident-relation = Relation to the head
resident-sex = Sex
resident-sex-contradicts = The identity number says otherwise. Look at the identity card.
resident-age = Age
resident-birth = Date of birth
resident-birth-wrong = No day, or later than today
resident-birth-contradicts = The identity number says otherwise. Look at the identity card.
resident-identity = Identity number
resident-identity-why = Only to tell whether it is the same person
resident-identity-taken = Somebody in the town has this identity number already. Find that household first.
resident-phone = Phone
resident-registration = Registration
resident-presence = At home?
resident-whereabouts = Where, if away
resident-whereabouts-hint = Down to the county
resident-since = Since which day
resident-since-day = since { $day }
resident-since-wrong = No day, or later than today
resident-key-person = Key person
resident-key-from = Listed from which day
resident-key-from-hint = Empty for who is no key person. Measured every day from then on.
resident-key-from-wrong = Choose a day, today at the latest; leave all three empty for who is no key person
resident-key-until = From which day no longer
resident-key-until-hint = Empty: until further notice
resident-key-until-wrong = No day, or before the first day of the list
resident-key-reason = Why
resident-key-reason-wrong = Say why, in at most 200 characters
resident-lodging = Lodging
registration-registered = Registered here
registration-lodging = Lodging
sex-male = Male
sex-female = Female
presence-present = At home
presence-away = Away
import-title = Import households
import-step-file = Choose a file
import-step-look = Look
import-step-take = Import
import-columns = One row a person, the first row names the columns. Known: 户号, 门牌号, 户主, 与户主关系, 姓名, 性别, 出生日期, 身份证号, 联系电话, 村, 组, 现住址, 是否本村, 在家/外出, 外出地点, 备注, 重点人员 (says why), 包户人. Names (or heads) with house numbers (or household numbers, or relations) are enough.
import-file = File
import-file-hint = .xlsx, .xls, .ods or .csv, up to 20 MB; with title lines, merged cells, a sheet for each street
import-village = Of which village
import-village-in-list = The list has a column 村
import-look = Upload and look first
import-choose-village = The list has no column 村: choose the village
import-no-name = No column of names (姓名 or 户主). Columns found: { $found }
import-no-household = Nothing tells who lives together: there is no column such as 户号, 与户主关系, 户主 or 门牌号. Columns found: { $found }
import-no-rows = There is no row below the header. Is it the right file?
import-nothing-kept = Nothing was kept.
import-nothing-yet = Nothing is in the register yet: the button below imports. The uploaded list is kept encrypted and destroyed after a day.
import-looked = { $n } rows: please look
import-changed = The register changed while you were looking, and the outcome with it. Look again, then import.
import-ignored = Columns that are not used: { $columns }
import-columns-title = What the columns mean
import-columns-see = Columns read wrongly? See what they mean
import-columns-back = Back to the rows
import-columns-wrong = The list cannot be read yet
import-columns-say = Choose below what each column means; the file need not be changed.
import-columns-why = Under each column stand its first values, numbers masked. This list is read as you choose, and so is the next one with the same header.
import-columns-elsewhere = The header is another line, or another sheet is meant
import-columns-head = Which line is the header
import-columns-line = line { $line }
import-columns-sheets = Sheets that are read
import-columns-sheet = { $name } ({ $n } lines)
import-columns-turn = Look at it so
import-columns-one = Column { $letter }
import-columns-take = Read it so, and remember it
import-column-twice = Two columns are said to be { $found }. One is enough.
import-remembered = Somebody said before what the columns of such a header mean; this list is read so.
import-forget = Forget that; go by the words over the columns
import-column-none = not taken
import-column-number = household number (户号)
import-column-house = house number
import-column-head = head's name
import-column-relation = relation to the head
import-column-name = name
import-column-sex = sex
import-column-birth = date of birth
import-column-identity = identity number
import-column-phone = phone
import-column-house-phone = household's phone
import-column-village = village
import-column-group = group or street
import-column-address = address
import-column-registration = registered here or elsewhere
import-column-presence = at home or away
import-column-away = away: yes or no
import-column-whereabouts = place where somebody is away
import-column-away-since = away since
import-column-tags = remarks, tags
import-column-contact = contact
import-column-key-person = key person, and why
import-unread = These sheets have other columns and were not read. Save them as files of their own: { $sheets }
import-passed = These lines are nobody's and were not read (line and what stands there): { $lines }
import-outcomes = Outcomes
import-rows = Outcome of each row
import-line = Line
import-outcome = Outcome
import-next = Further rows
import-take = Import what is clear: { $what }
import-take-changes = Also change the register for { $n } people, as the list says
import-take-only-changes = Change these { $n } people as the list says
import-take-doubts = Import with what is in doubt: { $what }
import-discard = Do not import; destroy this list
import-taken = Imported: { $what }
import-changes = Changed the particulars of { $n } people
import-part-groups = { $n } new streets or teams
import-made = { $n } streets or teams will be made: { $names }. If one is mistyped, correct the list first.
import-group-new = "{ $group }" is new and will be made
import-part-households = { $n } new households
import-part-people = { $n } people
import-part-contacts = contacts for { $n } households
import-part-changes = changes to { $n } people
import-part-listings = { $n } key persons
import-part-none = nothing new
import-part-and = {", "}
import-given = { $n } households get a contact, for example: { $examples }
import-strangers = Not contacts yet: { $names }. Their households are imported without a contact; add them among the stewards, and import the list again to assign them.
import-contact-given = Gets the contact { $name }
import-sample = Download a sample table (made-up people)
import-sample-name = sample-households
import-see = See the households
import-another = Import another
outcome-new = New
outcome-changed = Changed
outcome-same = Known
outcome-doubt = In doubt
outcome-rejected = Rejected
outcome-new-hint = Not in the register yet; will be added.
outcome-changed-hint = In the register, which says otherwise. When confirmed it is changed to what the list says; the trail keeps that it was.
outcome-same-hint = In the register already, the same; not doubled.
outcome-doubt-hint = Somebody has to look. Imported with the rest, what is in doubt stays empty.
outcome-rejected-hint = Correct the list and upload it again; what was imported is not doubled.
import-cell-too-long = "{ $column }" is too long: at most { $limit } characters
import-cell-error = "{ $column }" shows a formula error: write what it should be
import-name-missing = No name. Write 空户 among the remarks for a vacant house.
import-sex-unreadable = Sex "{ $value }" cannot be read: write 男 or 女
import-sex-contradicts = Sex and identity number contradict each other: look at the identity card
import-phone-unreadable = "{ $value }" is no phone number; imported without
import-phone-digits = { $digits } digits are no phone number: mobile numbers have 11, landlines need the area code; imported without
import-phone-first = Several phone numbers: the first is kept
import-identity-digits-lost = The spreadsheet program replaced the last digits of the identity number by zeros. Make the column text and enter it again.
import-identity-fifteen = The old number of 15 digits was completed to 18
import-identity-length = An identity number has 18 characters (15 when old)
import-identity-characters = The identity number holds characters it cannot have
import-identity-birth = The birth date in the identity number does not exist
import-identity-check-digit = The last character of the identity number does not fit: one digit is mistyped. Look at the identity card.
import-birth-month = Only year and month of birth: not taken
import-birth-short-year = The year of "{ $value }" has two digits: read as the latest one that is not to come
import-birth-unreadable = Birth date "{ $value }" cannot be read: write 1980-02-09
import-birth-contradicts = Birth date and identity number contradict each other; imported by the identity number
import-birth-impossible = Birth date "{ $value }" is impossible
import-registration-unreadable = Registration "{ $value }" cannot be read: write 本村 or 外来; imported as registered here
import-presence-unreadable = "{ $value }" cannot be read: write 在家 or 外出; imported as at home
import-away-since-unreadable = "{ $value }" is no day, or one to come: not taken
import-remark-not-kept = The remark "{ $value }" does not go into the register
import-village-missing = No village is named
import-village-unknown = There is no village or team "{ $village }", or it is not yours
import-group-missing = { $village } has teams, and this household names none
import-group-unknown = { $village } has no "{ $group }". Add it to the divisions first, or correct the list.
import-place-ending = { $place } is about to be closed or merged: import these rows after that day
import-listed-now = Is listed as a key person from today on
import-listed-before = Was listed as a key person before, and no longer is: list them again by hand, on their page
import-contact-unknown = "{ $name }" is no contact yet: imported, the household without a contact
import-contact-ambiguous = The village has several called "{ $name }": choose among the stewards after the import
import-contact-differs = Contact: now { $was }, in the list { $name }; not changed. Hand it over among the stewards.
import-changes-name = Name: { $was ->
    [none] empty
   *[other] { $was }
} → { $new }
import-changes-sex = Sex: { $was ->
    [male] male
    [female] female
   *[none] empty
} → { $new ->
    [male] male
    [female] female
   *[none] empty
}
import-changes-birth = Birth date: { $was ->
    [none] empty
   *[other] { $was }
} → { $new }
import-changes-identity = Identity number: { $was ->
    [none] empty
   *[other] { $was }
} → { $new }
import-changes-phone = Phone: { $was ->
    [none] empty
   *[other] { $was }
} → { $new }
import-changes-phone-hidden = Phone: another number with the same beginning and end; look at the list
import-twice-in-register = The same person of the register as line { $line }: not taken. If they are two, write their identity numbers or birth dates.
import-changes-relation = Relation: { $was ->
    [none] empty
   *[other] { $was }
} → { $new }
import-changes-registration = Registration: { $was ->
    [registered] registered
    [lodging] lodging
   *[none] empty
} → { $new ->
    [registered] registered
    [lodging] lodging
   *[none] empty
}
import-changes-presence = At home or away: { $was ->
    [away] away
   *[present] at home
} → { $new ->
    [away] away
   *[present] at home
}
import-changes-whereabouts = Whereabouts: { $was ->
    [none] empty
   *[other] { $was }
} → { $new }
import-changes-away-since = Away since: { $was ->
    [none] empty
   *[other] { $was }
} → { $new }
import-differs-house = The register has another house number: change it there
export-title = Export the register
export-what = One row for each person, as an Excel file with the columns that the import knows: with what is told of people corrected, it can be imported again. Phone, address and tags of a household are changed on its page. Closed households are not in it.
export-care = Identity and phone numbers stand in it in full. Give it to those who need it, delete it afterwards, post it to no group.
export-where = Of which place
export-everywhere = All that is mine to look after
export-purpose = What for
export-purpose-hint = It is written on the list and into the trail
export-purpose-missing = Say what the list is for, in 200 characters at most
export-nobody = No household is registered here yet
export-take = Export
export-name = { $place }: register
export-file = register_{ $code }_{ $day }
export-taken = Taken by { $name }, { $at }, for: { $purpose }
import-returned = Not taken
import-returned-of = Rows not taken of { $file }
import-returned-purpose = to be put right and imported again
import-returned-beside = Nothing is wrong with this row: it is of the same household as one that is
import-returned-take = Download the { $n } rows that cannot be taken, to put them right
import-returned-left = { $n } rows were not taken, with those of the same households. Download them, put them right as the last column (不能导的原因) says, and upload them again; what was taken is not taken twice. They are kept for a day, or until you upload another list.
import-returned-have = Download the rows that were not taken
import-doubles = Pairs who may be one person: { $open } open, { $later } put off, { $decided } decided.
import-doubles-decide = Decide them one by one
import-doubles-see = See these pairs
import-double-row = May be the same person as { $name } in line { $line } ({ double-why }): not taken
import-double-known = May be the same person as { $name } in the household of { $place } ({ double-why }): not taken
import-double-unseen = Somebody registered elsewhere in the town may be the same person ({ double-why }): not taken; ask the town
import-double-same-row = The same person as { $name } in line { $line }, which is taken
import-double-same = Decided: is { $name } in the household of { $place }
import-double-same-unseen = Decided by the town: registered elsewhere in the town, not doubled
import-double-two-row = Decided: not the same person as { $name } in line { $line }
import-double-two = Decided: not the same person as { $name } in the household of { $place }
import-double-later = Whether this is the one in the register was put off: not taken
import-identity-is-others = The identity number in the list is somebody else's already: not taken
double-why = { $named ->
    [same] same name
    [sound] names that sound alike
    [shape] names that look alike
   *[otherwise] other names
}, { $by ->
    [number] same identity number
    [birth] born on the same day
    [phone] same phone
    [house] same household
   *[village] same village
}
doubles-title = Possible doubles
doubles-open = { $n } pairs are open
doubles-none-open = Nothing is left to decide
doubles-how = Look from one side to the other; what differs is marked. The same person: the register is changed as the list says (of two rows, the first is taken). Two people: taken as somebody new. Not now: not taken this time. What is decided is remembered: the same list does not ask again.
doubles-back = Back to the list
doubles-done = Back to the list, to import it
doubles-tab-open = Open
doubles-tab-later = Put off
doubles-tab-decided = Decided
doubles-none-here = There is nothing here.
doubles-next = Further pairs
doubles-everywhere = All that is mine
doubles-registered = These people of the register may be one person registered twice. Press Two people, and they are not listed again; if they are one, open the two households and put it right.
double-same = The same person
double-two = Two people
double-later = Not now
double-again = Take back
double-decided = Decided by { $who }, { $when }: { $what ->
    [same] the same person
    [two] two people
   *[later] not now
}
double-not-said = not said
double-in-list = List, line { $line }
double-in-register = Register
double-differs = differs
import-village-other = the address names { $village }, not the village chosen: check it
import-returned-now = nothing is found wrong: it can be imported
