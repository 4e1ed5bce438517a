households-title = 戶冊
households-count = 戶冊共 { $n } 戶
households-found = 找到 { $n } 戶
households-find = 找戶、找人
households-find-hint = 姓名、拼音首字母、門牌，或整個電話、身份證號
households-find-button = 找
households-all = 看全部
households-everywhere = 各村各組
households-any-occupancy = 在住的和沒人的
households-any-tag = 不分情況
households-any-contact = 有沒有包戶人都看
households-without-contact = 沒有包戶人的
households-none-found = 沒有找到這樣的戶
households-number-in-address = 電話號碼和身分證號不能寫在網址裡：請用這一頁的「查找」框。
households-none = 這裡會列出各村各戶
households-none-hint = 現在一戶也沒有。把村裡現成的表格導進來，每人一行，大約十分鐘。
households-pages = 翻頁
households-next = 後面的戶
households-back = 返回戶冊
households-printed = 戶冊 · { $when } · { $who }列印
households-filter-wrong = 篩選條件寫錯了。請照接口說明填，或去掉它。
household-head = 戶主
household-no-head = 沒登戶主
household-of = { $head }家
household-place = 村、組
household-house = 門牌
household-house-hint = 如 12號、東巷114號附2
household-people = 人數
household-away = 在外
household-know = 標籤
household-contact = 包戶人
household-back = 返回
household-add = 加一戶
household-edit = 改門牌、電話、標籤
household-turn = 搬走、空了、回來住
household-turn-of = { $head }家從哪天起變了
household-turn-hint = 應查戶數從這天起跟著變；這天以前的記錄不動。
household-close = 銷戶（這戶沒有了）
household-closed-since = 這戶從 { $day } 起已銷戶
household-address = 住址
household-address-hint = 和村、組、門牌不一樣時才填
household-address-long = 太長，請寫在 200 字以內
household-phone = 電話
household-no-phone = 沒有電話
household-no-tags = 沒有標籤
household-since = 從哪天起
household-occupancy = 住沒住人
household-from = 從哪天起
household-from-hint = 不能晚於今天
household-residents = 家裡 { $n } 人
household-no-residents = 還沒有登人
household-past = 最近 14 天
household-no-past = 還沒開始每日排查
household-head-missing = 請填戶主姓名；空戶可以不填
household-house-missing = 門牌和住址至少填一樣，好找到這戶
household-too-long = 太長，請寫在 50 字以內
household-day-wrong = 日期不對，或晚於今天。請填 2020-02-03 這樣的日期。
household-division-missing = 請選村、組
household-occupancy-missing = 請選住沒住人
household-there-already = 這個門牌下已有同名戶主的戶，不用再加
household-later-change = 這戶後來又變過，不能改到那之前。請選那天或更晚的日期。
household-closed-at-once = 登記當天不能銷戶，請選第二天
household-no-span = 這戶的記錄不全，請告訴系統管理員
occupancy-lived-in = 有人住
occupancy-vacant = 空戶
occupancy-away = 全家在外
tag-living-alone = 獨居
tag-elderly = 老年戶
tag-no-phone = 無電話
tag-disabled = 殘疾
tag-chronic = 慢性病
tag-infant = 嬰幼兒
tag-pregnant = 孕婦
tag-left-behind = 留守兒童
tag-low-income = 低保
tag-lodgers = 有租戶
answers-household = 分包
answers-household-role = 包戶人
answers-group = 負責
answers-group-role = 街長
answers-village = 監管
answers-village-role = 包村幹部
answers-stand-in = 代{ $name }
check-state-done = 已查
check-state-late = 補錄
check-state-unreachable = 聯繫不上
check-state-silent = 沒查
check-state-not-due = 當天不用查
check-well-short = 都好
check-measured = { $n } 人量了體溫
check-feverish = { $n } 人發熱
identity-title = { $name }的身分證號
identity-button = 看全號
phone-why = 每天排查時聯繫用
phone-wrong = 號碼不對。手機 11 位，座機帶區號，只填數字。
register-form-wrong = 還有地方沒填對
register-form-kept = 其他內容都留著，不用重填。
register-form-stale = 您填寫時，別人改了這份資料
register-form-stale-kept = 您填的都留著。看看標出的幾處，確認後再按「儲存」。
form-now = { $what }：戶冊裡現在是「{ $now }」
form-now-empty = 空
form-now-same = 別人剛改過這裡沒有顯示的內容（電話或身分證號）
form-choose = 請選
form-unknown = 不清楚
form-hidden = 現在是 { $now }，不改就空著
form-phone-remove = 去掉這個電話
form-identity-remove = 去掉這個身份證號
form-save = 儲存
form-cancel = 不改了
resident-add = 加一人
resident-edit = 改{ $name }的情況
resident-name = 姓名
resident-name-wrong = 請填姓名，50 字以內
resident-relation = 與戶主關係
resident-sex = 性別
resident-sex-contradicts = 和身份證號上的性別對不上，請對照身份證
resident-age = 年齡
resident-birth = 出生日期
resident-birth-wrong = 日期不對，或晚於今天
resident-birth-contradicts = 和身份證號上的出生日期對不上，請對照身份證
resident-identity = 身份證號
resident-identity-why = 只用來核對是不是同一個人
resident-identity-taken = 鎮裡已有人登記這個身份證號。請先找到那一戶。
resident-phone = 電話
resident-registration = 戶籍
resident-presence = 在不在家
resident-whereabouts = 在外地點
resident-whereabouts-hint = 在外的才填，寫到縣
resident-since = 從哪天起
resident-since-day = { $day }起
resident-since-wrong = 日期不對，或晚於今天
resident-key-person = 重點人員
resident-key-from = 從哪天起列入
resident-key-from-hint = 不是重點人員的不填。列入後每天量體溫。
resident-key-from-wrong = 請選列入的日期，不晚於今天；不是重點人員的，三欄都空著
resident-key-until = 從哪天起不再列入
resident-key-until-hint = 沒定的不填
resident-key-until-wrong = 日期不對，或早於列入那天
resident-key-reason = 為什麼列入
resident-key-reason-wrong = 請寫為什麼列入，200 字以內
resident-lodging = 寄住
registration-registered = 本村戶口
registration-lodging = 寄住
sex-male = 男
sex-female = 女
presence-present = 在家
presence-away = 在外
import-title = 匯入戶冊
import-step-file = 選檔案
import-step-look = 核對
import-step-take = 匯入
import-columns = 每人一行，第一行是欄名。認得：戶號、門牌號、戶主、與戶主關係、姓名、性別、出生日期、身份證號、聯繫電話、村、組、現住址、是否本村、在家/外出、外出地點、備註、重點人員（寫為什麼）、包戶人。有姓名（或戶主）和門牌（或戶號、關係）就能匯入。
import-file = 檔案
import-file-hint = .xlsx、.xls、.ods 或 .csv，20 MB 以內；可以有標題行、合併的儲存格、一街一張表
import-village = 哪個村的
import-village-in-list = 表裡有「村」這一欄
import-look = 上傳，先核對
import-choose-village = 表裡沒有「村」這一欄，請選是哪個村的
import-no-name = 找不到姓名這一欄（「姓名」或「戶主」）。現有的欄：{ $found }
import-no-household = 看不出誰和誰是一戶：沒有「戶號」「與戶主關係」「戶主」或「門牌號」這樣的欄。現有的欄：{ $found }
import-no-rows = 欄名下面一行也沒有。請看是不是選錯了檔案。
import-nothing-kept = 什麼也沒有儲存。
import-nothing-yet = 現在什麼也沒寫進戶冊，按下面的按鈕才匯入。上傳的表格加密存放，一天後自動銷毀。
import-looked = 表裡 { $n } 行，請核對
import-changed = 您核對的時候戶冊有了變動，結果不一樣了。請再看一遍，再匯入。
import-ignored = 這些欄沒用上：{ $columns }
import-columns-title = 各欄是什麼
import-columns-see = 欄不對？看各欄是什麼
import-columns-back = 回到核對
import-columns-wrong = 還讀不出這份名單
import-columns-say = 請在下面選各欄是什麼，不用改表。
import-columns-why = 每欄下面是前幾個內容，號碼遮住中間。選的這一份照著讀；下次欄名一樣的表，也照著讀。
import-columns-elsewhere = 欄名不在這一行，或要換一張表
import-columns-head = 欄名在哪一行
import-columns-line = 第 { $line } 行
import-columns-sheets = 讀哪幾張表
import-columns-sheet = { $name }（{ $n } 行）
import-columns-turn = 換成這樣看
import-columns-one = { $letter } 欄
import-columns-take = 照這樣讀，並記住
import-column-twice = 有兩欄都選了「{ $found }」，只能選一欄。
import-remembered = 欄名一樣的表以前改過各欄是什麼，這份照著讀的。
import-forget = 不照以前的，按欄名認
import-column-none = 不取這一欄
import-column-number = 戶號
import-column-house = 門牌號
import-column-head = 戶主姓名
import-column-relation = 與戶主關係
import-column-name = 姓名
import-column-sex = 性別
import-column-birth = 出生日期
import-column-identity = 身份證號
import-column-phone = 聯繫電話
import-column-house-phone = 戶聯繫電話
import-column-village = 村
import-column-group = 組、街
import-column-address = 住址
import-column-registration = 是否本村戶籍
import-column-presence = 在家/外出
import-column-away = 是否外出
import-column-whereabouts = 外出地點
import-column-away-since = 外出時間
import-column-tags = 備註、標籤
import-column-contact = 包戶人
import-column-key-person = 重點人員，為什麼
import-unread = 這些表的欄不一樣，沒有讀，要用請分開存：{ $sheets }
import-passed = 這些行不是人，沒有讀（行號和內容）：{ $lines }
import-outcomes = 結果
import-rows = 各行結果
import-line = 行號
import-outcome = 結果
import-next = 後面的行
import-take = 匯入沒問題的：{ $what }
import-take-changes = 同時按表改戶冊裡 { $n } 人的資料
import-take-only-changes = 按表改這 { $n } 人的資料
import-take-doubts = 連有疑問的一起匯入：{ $what }
import-discard = 不導了，銷毀這份表
import-taken = 匯入好了：{ $what }
import-changes = 改了 { $n } 人的資料
import-part-groups = 新設 { $n } 個組、街
import-made = 會新設 { $n } 個組、街：{ $names }。是寫錯的，請先改表，再匯。
import-group-new = 「{ $group }」是新的，匯入時設
import-part-households = { $n } 戶新戶
import-part-people = { $n } 人
import-part-contacts = { $n } 戶定包戶人
import-part-changes = 改 { $n } 人的資料
import-part-listings = { $n } 人列入重點人員
import-part-none = 沒有新的
import-part-and = ，
import-given = 會給 { $n } 戶定包戶人，例如：{ $examples }
import-strangers = 這些包戶人還沒登記：{ $names }。這些戶照樣匯入，先沒有包戶人；在包聯裡加上人，再匯一遍就定上。
import-contact-given = 包戶人定為{ $name }
import-sample = 下載樣表（編的人，照著填）
import-sample-name = 戶冊樣表
import-see = 去看戶冊
import-another = 再導一份
outcome-new = 新增
outcome-changed = 有變化
outcome-same = 已有
outcome-doubt = 有疑問
outcome-rejected = 不能導
outcome-new-hint = 戶冊裡還沒有，會加進去。
outcome-changed-hint = 戶冊裡有，說法不一樣。確認後改成表上的，改前改後都記入日誌。
outcome-same-hint = 戶冊裡已有，一樣，不會重複。
outcome-doubt-hint = 要人看一眼。一起匯入時，有疑問的那一項空著。
outcome-rejected-hint = 照原因改表，再上傳一次；已匯入的不會重複。
import-cell-too-long = 「{ $column }」太長，{ $limit } 字以內
import-cell-error = 「{ $column }」是公式錯誤，請改成實際內容
import-name-missing = 沒有姓名。空戶請在備註寫「空戶」。
import-sex-unreadable = 性別「{ $value }」看不懂，應是男或女
import-sex-contradicts = 性別和身份證號對不上，請對照身份證
import-phone-unreadable = 電話「{ $value }」不像號碼；一起匯入時電話空著
import-phone-digits = 電話寫了 { $digits } 位數字，不像號碼：手機 11 位，座機帶區號；一起匯入時電話空著
import-phone-first = 寫了幾個電話，只留第一個
import-identity-digits-lost = 身份證號末幾位被表格軟體變成了 0。請把這一欄設成「文本」，重新填。
import-identity-fifteen = 15 位舊號已補成 18 位
import-identity-length = 身份證號應是 18 位（舊號 15 位）
import-identity-characters = 身份證號裡有不該有的字元
import-identity-birth = 身份證號裡的出生日期不存在
import-identity-check-digit = 身份證號最後一位對不上，有一位寫錯了，請對照身份證
import-birth-month = 出生日期只有年月，沒有記
import-birth-short-year = 「{ $value }」的年份只有兩位：按不晚於今天的最近一個理解
import-birth-unreadable = 出生日期「{ $value }」看不懂，請寫成 1980-02-09
import-birth-contradicts = 出生日期和身份證號對不上；一起匯入時按身份證號
import-birth-impossible = 出生日期「{ $value }」不可能
import-registration-unreadable = 戶籍「{ $value }」看不懂，應是「本村」或「外來」；一起匯入時按本村
import-presence-unreadable = 在家外出「{ $value }」看不懂，應是「在家」或「外出」；一起匯入時按在家
import-away-since-unreadable = 外出時間「{ $value }」看不懂，或者還沒到，沒有記
import-remark-not-kept = 備註「{ $value }」不進戶冊
import-village-missing = 沒寫是哪個村
import-village-unknown = 沒有「{ $village }」這個村、組，或不歸您管
import-group-missing = { $village }分了組，這戶沒寫組
import-group-unknown = { $village }沒有「{ $group }」。先在行政區劃裡加上，或改表裡的組名。
import-place-ending = { $place }就要撤併：請等撤併那天過後再導
import-listed-now = 從今天起列入重點人員
import-listed-before = 以前列入過重點人員，已不再列入：要再列入，請在本人頁面上改
import-contact-unknown = 「{ $name }」還不是包戶人：照樣匯入，這戶先沒有包戶人
import-contact-ambiguous = 村裡有幾個「{ $name }」，匯入後請到包聯裡選
import-contact-differs = 包戶人：現在是{ $was }，表上是{ $name }，沒有換。換人請到包聯裡改。
import-changes-name = 姓名：{ $was ->
    [none] 空
   *[other] { $was }
} → { $new }
import-changes-sex = 性別：{ $was ->
    [male] 男
    [female] 女
   *[none] 空
} → { $new ->
    [male] 男
    [female] 女
   *[none] 空
}
import-changes-birth = 出生日期：{ $was ->
    [none] 空
   *[other] { $was }
} → { $new }
import-changes-identity = 身分證號：{ $was ->
    [none] 空
   *[other] { $was }
} → { $new }
import-changes-phone = 電話：{ $was ->
    [none] 空
   *[other] { $was }
} → { $new }
import-changes-phone-hidden = 電話：換成另一個號碼，開頭和末四位一樣，請對照表格
import-twice-in-register = 和第 { $line } 行是戶冊裡的同一個人，沒有匯入。是兩個人，請寫上身分證號或出生日期。
import-changes-relation = 與戶主關係：{ $was ->
    [none] 空
   *[other] { $was }
} → { $new }
import-changes-registration = 戶籍：{ $was ->
    [registered] 本村
    [lodging] 租住
   *[none] 空
} → { $new ->
    [registered] 本村
    [lodging] 租住
   *[none] 空
}
import-changes-presence = 在家外出：{ $was ->
    [away] 在外
   *[present] 在家
} → { $new ->
    [away] 在外
   *[present] 在家
}
import-changes-whereabouts = 在外地點：{ $was ->
    [none] 空
   *[other] { $was }
} → { $new }
import-changes-away-since = 從哪天起在外：{ $was ->
    [none] 空
   *[other] { $was }
} → { $new }
import-differs-house = 門牌和戶冊不同，請到那一戶改
export-title = 匯出戶冊
export-what = 每人一行，存成 Excel 檔案，欄名和匯入的一樣：改好人的資料，可以再匯入。戶的電話、住址、標籤，請在那一戶的頁面上改。不再登記的戶不在裡面。
export-care = 表裡的身分證號、手機號是完整的。只給要用的人，用完刪掉，不要發到群裡。
export-where = 匯出哪裡的
export-everywhere = 歸我管的全部
export-purpose = 用途
export-purpose-hint = 會寫在表上，也會留痕
export-purpose-missing = 請寫明用途，不超過 200 個字
export-nobody = 這裡還沒有登記的戶
export-take = 匯出
export-name = { $place } 戶冊
export-file = 戶冊_{ $code }_{ $day }
export-taken = { $name } 於 { $at } 匯出，用途：{ $purpose }
import-returned = 沒匯入的行
import-returned-of = 沒匯入的行：{ $file }
import-returned-purpose = 改正後再匯入
import-returned-beside = 這行沒有問題，和要改的人是一戶，一起放在這裡
import-returned-take = 下載不能匯的 { $n } 行，改好再傳
import-returned-left = 沒有匯入的，連同一戶的，共 { $n } 行。下載下來，照“不能导的原因”改好，再上傳一次；已匯入的不會重複。留一天，或到您再傳一份為止。
import-returned-have = 下載沒匯入的行
import-doubles = 可能是同一個人的：{ $open } 對沒定，{ $later } 對先放著，{ $decided } 對定了。
import-doubles-decide = 一對一對定
import-doubles-see = 看這些對
import-double-row = 和第 { $line } 行的{ $name }可能是同一個人（{ double-why }），沒有匯入
import-double-known = 和{ $place }家登記的{ $name }可能是同一個人（{ double-why }），沒有匯入
import-double-unseen = 鎮裡別處登記的人裡，有一位可能是他（{ double-why }），沒有匯入，請問鎮裡
import-double-same-row = 和第 { $line } 行的{ $name }是同一個人，按那一行匯入
import-double-same = 定過了，就是{ $place }家登記的{ $name }
import-double-same-unseen = 鎮裡定過了，已登記在鎮裡別處，不重複
import-double-two-row = 定過了，和第 { $line } 行的{ $name }是兩個人
import-double-two = 定過了，和{ $place }家登記的{ $name }是兩個人
import-double-later = 是不是戶冊裡的那個人，先放著，沒有匯入
import-identity-is-others = 表上的身分證號已經是另一個人的，沒有記
double-why = { $named ->
    [same] 同名
    [sound] 名字讀音相近
    [shape] 名字寫法相近
   *[otherwise] 名字不同
}，{ $by ->
    [number] 身分證號一樣
    [birth] 同一天出生
    [phone] 同一個電話
    [house] 同一戶
   *[village] 同一個村
}
doubles-title = 可能重複的人
doubles-open = 還有 { $n } 對沒定
doubles-none-open = 沒有要定的了
doubles-how = 兩邊對著看，不一樣的標出來了。點「是同一個人」，按表改戶冊裡的資料（都在表裡的，只匯前一行）；點「是兩個人」，當新的加；點「先放著」，這次不匯入。定過的會記住，再匯同樣的表不再問。
doubles-back = 返回核對
doubles-done = 回去核對、匯入
doubles-tab-open = 沒定的
doubles-tab-later = 放著的
doubles-tab-decided = 定了的
doubles-none-here = 這裡沒有。
doubles-next = 後面的對
doubles-everywhere = 歸我管的全部
doubles-registered = 戶冊裡的這些人，可能一個人登記了兩次。點「是兩個人」，以後不再列出來；是同一個人的，打開那兩戶改對。
double-same = 是同一個人
double-two = 是兩個人
double-later = 先放著
double-again = 收回，再看
double-decided = { $who } { $when } 定的：{ $what ->
    [same] 是同一個人
    [two] 是兩個人
   *[later] 先放著
}
double-not-said = 沒寫
double-in-list = 表裡第 { $line } 行
double-in-register = 戶冊裡
double-differs = 不一樣
import-village-other = 住址寫的是{ $village }，不是選的村：請核對
import-returned-now = 沒有查出問題，可以匯入
