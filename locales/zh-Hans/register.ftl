households-title = 户册
households-count = 户册共 { $n } 户
households-found = 找到 { $n } 户
households-find = 找户、找人
households-find-hint = 姓名、拼音首字母、门牌，或整个电话、身份证号
households-find-button = 找
households-all = 看全部
households-everywhere = 各村各组
households-any-occupancy = 在住的和没人的
households-any-tag = 不分情况
households-any-contact = 有没有包户人都看
households-without-contact = 没有包户人的
households-none-found = 没有找到这样的户
households-number-in-address = 电话号码和身份证号不能写在网址里：请用这一页的“查找”框。
households-none = 这里会列出各村各户
households-none-hint = 现在一户也没有。把村里现成的表格导进来，每人一行，大约十分钟。
households-pages = 翻页
households-next = 后面的户
households-back = 返回户册
households-printed = 户册 · { $when } · { $who }打印
households-filter-wrong = 筛选条件写错了。请照接口说明填，或去掉它。
household-head = 户主
household-no-head = 没登户主
household-of = { $head }家
household-place = 村、组
household-house = 门牌
household-house-hint = 如 12号、东巷114号附2
household-people = 人数
household-away = 在外
household-know = 标签
household-contact = 包户人
household-back = 返回
household-add = 加一户
household-edit = 改门牌、电话、标签
household-turn = 搬走、空了、回来住
household-turn-of = { $head }家从哪天起变了
household-turn-hint = 应查户数从这天起跟着变；这天以前的记录不动。
household-close = 销户（这户没有了）
household-closed-since = 这户从 { $day } 起已销户
household-address = 住址
household-address-hint = 和村、组、门牌不一样时才填
household-address-long = 太长，请写在 200 字以内
household-phone = 电话
household-no-phone = 没有电话
household-no-tags = 没有标签
household-since = 从哪天起
household-occupancy = 住没住人
household-from = 从哪天起
household-from-hint = 不能晚于今天
household-residents = 家里 { $n } 人
household-no-residents = 还没有登人
household-past = 最近 14 天
household-no-past = 还没开始每日排查
household-head-missing = 请填户主姓名；空户可以不填
household-house-missing = 门牌和住址至少填一样，好找到这户
household-too-long = 太长，请写在 50 字以内
household-day-wrong = 日期不对，或晚于今天。请填 2020-02-03 这样的日期。
household-division-missing = 请选村、组
household-occupancy-missing = 请选住没住人
household-there-already = 这个门牌下已有同名户主的户，不用再加
household-later-change = 这户后来又变过，不能改到那之前。请选那天或更晚的日期。
household-closed-at-once = 登记当天不能销户，请选第二天
household-no-span = 这户的记录不全，请告诉系统管理员
occupancy-lived-in = 有人住
occupancy-vacant = 空户
occupancy-away = 全家在外
tag-living-alone = 独居
tag-elderly = 老年户
tag-no-phone = 无电话
tag-disabled = 残疾
tag-chronic = 慢性病
tag-infant = 婴幼儿
tag-pregnant = 孕妇
tag-left-behind = 留守儿童
tag-low-income = 低保
tag-lodgers = 有租户
answers-household = 分包
answers-household-role = 包户人
answers-group = 负责
answers-group-role = 街长
answers-village = 监管
answers-village-role = 包村干部
answers-stand-in = 代{ $name }
check-state-done = 已查
check-state-late = 补录
check-state-unreachable = 联系不上
check-state-silent = 没查
check-state-not-due = 当天不用查
check-well-short = 都好
check-measured = { $n } 人量了体温
check-feverish = { $n } 人发热
identity-title = { $name }的身份证号
identity-button = 看全号
phone-why = 每天排查时联系用
phone-wrong = 号码不对。手机 11 位，座机带区号，只填数字。
register-form-wrong = 还有地方没填对
register-form-kept = 其他内容都留着，不用重填。
register-form-stale = 您填写时，别人改了这份资料
register-form-stale-kept = 您填的都留着。看看标出的几处，确认后再按“保存”。
form-now = { $what }：户册里现在是“{ $now }”
form-now-empty = 空
form-now-same = 别人刚改过这里没有显示的内容（电话或身份证号）
form-choose = 请选
form-unknown = 不清楚
form-hidden = 现在是 { $now }，不改就空着
form-phone-remove = 去掉这个电话
form-identity-remove = 去掉这个身份证号
form-save = 保存
form-cancel = 不改了
resident-add = 加一人
resident-edit = 改{ $name }的情况
resident-name = 姓名
resident-name-wrong = 请填姓名，50 字以内
resident-relation = 与户主关系
resident-sex = 性别
resident-sex-contradicts = 和身份证号上的性别对不上，请对照身份证
resident-age = 年龄
resident-birth = 出生日期
resident-birth-wrong = 日期不对，或晚于今天
resident-birth-contradicts = 和身份证号上的出生日期对不上，请对照身份证
resident-identity = 身份证号
resident-identity-why = 只用来核对是不是同一个人
resident-identity-taken = 镇里已有人登记这个身份证号。请先找到那一户。
resident-phone = 电话
resident-registration = 户籍
resident-presence = 在不在家
resident-whereabouts = 在外地点
resident-whereabouts-hint = 在外的才填，写到县
resident-since = 从哪天起
resident-since-day = { $day }起
resident-since-wrong = 日期不对，或晚于今天
resident-key-person = 重点人员
resident-key-from = 从哪天起列入
resident-key-from-hint = 不是重点人员的不填。列入后每天量体温。
resident-key-from-wrong = 请选列入的日期，不晚于今天；不是重点人员的，三栏都空着
resident-key-until = 从哪天起不再列入
resident-key-until-hint = 没定的不填
resident-key-until-wrong = 日期不对，或早于列入那天
resident-key-reason = 为什么列入
resident-key-reason-wrong = 请写为什么列入，200 字以内
resident-lodging = 寄住
registration-registered = 本村户口
registration-lodging = 寄住
sex-male = 男
sex-female = 女
presence-present = 在家
presence-away = 在外
import-title = 导入户册
import-step-file = 选文件
import-step-look = 核对
import-step-take = 导入
import-columns = 每人一行，第一行是列名。认得：户号、门牌号、户主、与户主关系、姓名、性别、出生日期、身份证号、联系电话、村、组、现住址、是否本村、在家/外出、外出地点、备注、重点人员（写为什么）、包户人。有姓名（或户主）和门牌（或户号、关系）就能导。
import-file = 文件
import-file-hint = .xlsx、.xls、.ods 或 .csv，20 MB 以内；可以有标题行、合并的格子、一街一张表
import-village = 哪个村的
import-village-in-list = 表里有“村”这一列
import-look = 上传，先核对
import-choose-village = 表里没有“村”这一列，请选是哪个村的
import-no-name = 找不到姓名这一列（“姓名”或“户主”）。现有的列：{ $found }
import-no-household = 看不出谁和谁是一户：没有“户号”“与户主关系”“户主”或“门牌号”这样的列。现有的列：{ $found }
import-no-rows = 列名下面一行也没有。请看是不是选错了文件。
import-nothing-kept = 什么也没有保存。
import-nothing-yet = 现在什么也没写进户册，按下面的按钮才导入。上传的表格加密存放，一天后自动销毁。
import-looked = 表里 { $n } 行，请核对
import-changed = 您核对的时候户册有了变动，结果不一样了。请再看一遍，再导入。
import-ignored = 这些列没用上：{ $columns }
import-columns-title = 各列是什么
import-columns-see = 列不对？看各列是什么
import-columns-back = 回到核对
import-columns-wrong = 还读不出这份名单
import-columns-say = 请在下面选各列是什么，不用改表。
import-columns-why = 每列下面是前几个内容，号码遮住中间。选的这一份照着读；下次列名一样的表，也照着读。
import-columns-elsewhere = 列名不在这一行，或要换一张表
import-columns-head = 列名在哪一行
import-columns-line = 第 { $line } 行
import-columns-sheets = 读哪几张表
import-columns-sheet = { $name }（{ $n } 行）
import-columns-turn = 换成这样看
import-columns-one = { $letter } 列
import-columns-take = 照这样读，并记住
import-column-twice = 有两列都选了“{ $found }”，只能选一列。
import-remembered = 列名一样的表以前改过各列是什么，这份照着读的。
import-forget = 不照以前的，按列名认
import-column-none = 不取这一列
import-column-number = 户号
import-column-house = 门牌号
import-column-head = 户主姓名
import-column-relation = 与户主关系
import-column-name = 姓名
import-column-sex = 性别
import-column-birth = 出生日期
import-column-identity = 身份证号
import-column-phone = 联系电话
import-column-house-phone = 户联系电话
import-column-village = 村
import-column-group = 组、街
import-column-address = 住址
import-column-registration = 是否本村户籍
import-column-presence = 在家/外出
import-column-away = 是否外出
import-column-whereabouts = 外出地点
import-column-away-since = 外出时间
import-column-tags = 备注、标签
import-column-contact = 包户人
import-column-key-person = 重点人员，为什么
import-unread = 这些表的列不一样，没有读，要用请分开存：{ $sheets }
import-passed = 这些行不是人，没有读（行号和内容）：{ $lines }
import-outcomes = 结果
import-rows = 各行结果
import-line = 行号
import-outcome = 结果
import-next = 后面的行
import-take = 导入没问题的：{ $what }
import-take-changes = 同时按表改户册里 { $n } 人的资料
import-take-only-changes = 按表改这 { $n } 人的资料
import-take-doubts = 连有疑问的一起导入：{ $what }
import-discard = 不导了，销毁这份表
import-taken = 导入好了：{ $what }
import-changes = 改了 { $n } 人的资料
import-part-groups = 新设 { $n } 个组、街
import-made = 会新设 { $n } 个组、街：{ $names }。是写错的，请先改表，再导。
import-group-new = “{ $group }”是新的，导入时设
import-part-households = { $n } 户新户
import-part-people = { $n } 人
import-part-contacts = { $n } 户定包户人
import-part-changes = 改 { $n } 人的资料
import-part-listings = { $n } 人列入重点人员
import-part-none = 没有新的
import-part-and = ，
import-given = 会给 { $n } 户定包户人，例如：{ $examples }
import-strangers = 这些包户人还没登记：{ $names }。这些户照样导入，先没有包户人；在包联里加上人，再导一遍就定上。
import-contact-given = 包户人定为{ $name }
import-sample = 下载样表（编的人，照着填）
import-sample-name = 户册样表
import-see = 去看户册
import-another = 再导一份
outcome-new = 新增
outcome-changed = 有变化
outcome-same = 已有
outcome-doubt = 有疑问
outcome-rejected = 不能导
outcome-new-hint = 户册里还没有，会加进去。
outcome-changed-hint = 户册里有，说法不一样。确认后改成表上的，改前改后都记入日志。
outcome-same-hint = 户册里已有，一样，不会重复。
outcome-doubt-hint = 要人看一眼。一起导入时，有疑问的那一项空着。
outcome-rejected-hint = 照原因改表，再上传一次；已导入的不会重复。
import-cell-too-long = “{ $column }”太长，{ $limit } 字以内
import-cell-error = “{ $column }”是公式错误，请改成实际内容
import-name-missing = 没有姓名。空户请在备注写“空户”。
import-sex-unreadable = 性别“{ $value }”看不懂，应是男或女
import-sex-contradicts = 性别和身份证号对不上，请对照身份证
import-phone-unreadable = 电话“{ $value }”不像号码；一起导入时电话空着
import-phone-digits = 电话写了 { $digits } 位数字，不像号码：手机 11 位，座机带区号；一起导入时电话空着
import-phone-first = 写了几个电话，只留第一个
import-identity-digits-lost = 身份证号末几位被表格软件变成了 0。请把这列设成“文本”，重新填。
import-identity-fifteen = 15 位旧号已补成 18 位
import-identity-length = 身份证号应是 18 位（旧号 15 位）
import-identity-characters = 身份证号里有不该有的字符
import-identity-birth = 身份证号里的出生日期不存在
import-identity-check-digit = 身份证号最后一位对不上，有一位写错了，请对照身份证
import-birth-month = 出生日期只有年月，没有记
import-birth-short-year = “{ $value }”的年份只有两位：按不晚于今天的最近一个理解
import-birth-unreadable = 出生日期“{ $value }”看不懂，请写成 1980-02-09
import-birth-contradicts = 出生日期和身份证号对不上；一起导入时按身份证号
import-birth-impossible = 出生日期“{ $value }”不可能
import-registration-unreadable = 户籍“{ $value }”看不懂，应是“本村”或“外来”；一起导入时按本村
import-presence-unreadable = 在家外出“{ $value }”看不懂，应是“在家”或“外出”；一起导入时按在家
import-away-since-unreadable = 外出时间“{ $value }”看不懂，或者还没到，没有记
import-remark-not-kept = 备注“{ $value }”不进户册
import-village-missing = 没写是哪个村
import-village-unknown = 没有“{ $village }”这个村、组，或不归您管
import-group-missing = { $village }分了组，这户没写组
import-group-unknown = { $village }没有“{ $group }”。先在行政区划里加上，或改表里的组名。
import-place-ending = { $place }就要撤并：请等撤并那天过后再导
import-listed-now = 从今天起列入重点人员
import-listed-before = 以前列入过重点人员，已不再列入：要再列入，请在本人页面上改
import-contact-unknown = “{ $name }”还不是包户人：照样导入，这户先没有包户人
import-contact-ambiguous = 村里有几个“{ $name }”，导入后请到包联里选
import-contact-differs = 包户人：现在是{ $was }，表上是{ $name }，没有换。换人请到包联里改。
import-changes-name = 姓名：{ $was ->
    [none] 空
   *[other] { $was }
} → { $new }
import-changes-sex = 性别：{ $was ->
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
import-changes-identity = 身份证号：{ $was ->
    [none] 空
   *[other] { $was }
} → { $new }
import-changes-phone = 电话：{ $was ->
    [none] 空
   *[other] { $was }
} → { $new }
import-changes-phone-hidden = 电话：换成另一个号码，开头和末四位一样，请对照表格
import-twice-in-register = 和第 { $line } 行是户册里的同一个人，没有导入。是两个人，请写上身份证号或出生日期。
import-changes-relation = 与户主关系：{ $was ->
    [none] 空
   *[other] { $was }
} → { $new }
import-changes-registration = 户籍：{ $was ->
    [registered] 本村户口
    [lodging] 寄住
   *[none] 空
} → { $new ->
    [registered] 本村户口
    [lodging] 寄住
   *[none] 空
}
import-changes-presence = 在家外出：{ $was ->
    [away] 在外
   *[present] 在家
} → { $new ->
    [away] 在外
   *[present] 在家
}
import-changes-whereabouts = 在外地点：{ $was ->
    [none] 空
   *[other] { $was }
} → { $new }
import-changes-away-since = 从哪天起在外：{ $was ->
    [none] 空
   *[other] { $was }
} → { $new }
import-differs-house = 门牌和户册不同，请到那一户改
export-title = 导出户册
export-what = 每人一行，存成 Excel 文件，列名和导入的一样：改好人的资料，可以再导入。户的电话、住址、标签，请在那一户的页面上改。不再登记的户不在里面。
export-care = 表里的身份证号、手机号是完整的。只给要用的人，用完删掉，不要发到群里。
export-where = 导出哪里的
export-everywhere = 归我管的全部
export-purpose = 用途
export-purpose-hint = 会写在表上，也会留痕
export-purpose-missing = 请写明用途，不超过 200 个字
export-nobody = 这里还没有登记的户
export-take = 导出
export-name = { $place } 户册
export-file = 户册_{ $code }_{ $day }
export-taken = { $name } 于 { $at } 导出，用途：{ $purpose }
import-returned = 没导入的行
import-returned-of = 没导入的行：{ $file }
import-returned-purpose = 改正后再导入
import-returned-beside = 这行没有问题，和要改的人是一户，一起放在这里
import-returned-take = 下载不能导的 { $n } 行，改好再传
import-returned-left = 没有导入的，连同一户的，共 { $n } 行。下载下来，照“不能导的原因”改好，再上传一次；已导入的不会重复。留一天，或到您再传一份为止。
import-returned-have = 下载没导入的行
import-doubles = 可能是同一个人的：{ $open } 对没定，{ $later } 对先放着，{ $decided } 对定了。
import-doubles-decide = 一对一对定
import-doubles-see = 看这些对
import-double-row = 和第 { $line } 行的{ $name }可能是同一个人（{ double-why }），没有导入
import-double-known = 和{ $place }家登记的{ $name }可能是同一个人（{ double-why }），没有导入
import-double-unseen = 镇里别处登记的人里，有一位可能是他（{ double-why }），没有导入，请问镇里
import-double-same-row = 和第 { $line } 行的{ $name }是同一个人，按那一行导入
import-double-same = 定过了，就是{ $place }家登记的{ $name }
import-double-same-unseen = 镇里定过了，已登记在镇里别处，不重复
import-double-two-row = 定过了，和第 { $line } 行的{ $name }是两个人
import-double-two = 定过了，和{ $place }家登记的{ $name }是两个人
import-double-later = 是不是户册里的那个人，先放着，没有导入
import-identity-is-others = 表上的身份证号已经是另一个人的，没有记
double-why = { $named ->
    [same] 同名
    [sound] 名字读音相近
    [shape] 名字写法相近
   *[otherwise] 名字不同
}，{ $by ->
    [number] 身份证号一样
    [birth] 同一天出生
    [phone] 同一个电话
    [house] 同一户
   *[village] 同一个村
}
doubles-title = 可能重复的人
doubles-open = 还有 { $n } 对没定
doubles-none-open = 没有要定的了
doubles-how = 两边对着看，不一样的标出来了。点“是同一个人”，按表改户册里的资料（都在表里的，只导前一行）；点“是两个人”，当新的加；点“先放着”，这次不导入。定过的会记住，再导同样的表不再问。
doubles-back = 返回核对
doubles-done = 回去核对、导入
doubles-tab-open = 没定的
doubles-tab-later = 放着的
doubles-tab-decided = 定了的
doubles-none-here = 这里没有。
doubles-next = 后面的对
doubles-everywhere = 归我管的全部
doubles-registered = 户册里的这些人，可能一个人登记了两次。点“是两个人”，以后不再列出来；是同一个人的，打开那两户改对。
double-same = 是同一个人
double-two = 是两个人
double-later = 先放着
double-again = 收回，再看
double-decided = { $who } { $when } 定的：{ $what ->
    [same] 是同一个人
    [two] 是两个人
   *[later] 先放着
}
double-not-said = 没写
double-in-list = 表里第 { $line } 行
double-in-register = 户册里
double-differs = 不一样
import-village-other = 住址写的是{ $village }，不是选的村：请核对
import-returned-now = 没有查出问题，可以导入
