#!/usr/bin/env python3
"""Makes the workbooks of this folder: by openpyxl, LibreOffice (soffice) and gnumeric (ssconvert).

Needs python3-openpyxl, libreoffice-calc and gnumeric; the tests need none of them, since what it
makes is kept beside it. Everybody in it is made up.
"""

import csv
import datetime
import pathlib
import subprocess
import tempfile
import zipfile

import openpyxl

HERE = pathlib.Path(__file__).parent


def titled(sheets):
    """Title lines, merged cells of a household, a total line; one sheet for each street."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for street, households in sheets:
        sheet = book.create_sheet(street)
        sheet.append(["东街村入户排查登记表"])
        sheet.merge_cells("A1:G1")
        sheet.append(["填报单位：", "东街村", None, "填报日期：", "2月3日"])
        sheet.append(["户号", "门牌号", "姓名", "与户主关系", "性别", "出生日期", "联系电话"])
        line = 4
        for number, house, people in households:
            for at, person in enumerate(people):
                sheet.append([number if at == 0 else None, house if at == 0 else None, *person])
            if len(people) > 1:
                last = line + len(people) - 1
                sheet.merge_cells(f"A{line}:A{last}")
                sheet.merge_cells(f"B{line}:B{last}")
            line += len(people)
        sheet.append(["合计", None, f"{sum(len(p) for _, _, p in households)} 人"])
    return book


def two_lines():
    """A header of two lines, the upper of which groups columns."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "花名册"
    sheet.append(["东街村一组花名册"])
    sheet.append(["户号", "住址", None, "家庭成员", None, None, "备注"])
    sheet.append([None, "组", "门牌号", "姓名", "关系", "性别", None])
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("D2:F2")
    sheet.append([1, "一组", "61号", "钱大", "户主", "男", "独居"])
    sheet.append([2, "一组", "62号", "钱二", "户主", "女", None])
    sheet.append([2, "一组", "62号", "钱三", "子", "男", None])
    return book


STREETS = [
    ("一组", [(1, "41号", [("赵一", "户主", "男", "1962/3/5", "12900000441"), ("赵二", "妻", "女", "1963年8月9日", None)]),
             (2, "42号", [("赵三", "户主", "男", "19710203", None)])]),
    ("二组", [(1, "51号", [("孙一", "户主", "女", "1955.1.2", None), ("孙二", "孙", "男", "2010-06-01", None), ("孙三", "孙", "女", "2012-07-01", None)])]),
]


def by_soffice(source, kind):
    subprocess.run(["soffice", "--headless", "--convert-to", kind, "--outdir", str(HERE), str(source)], check=True)


def bomb():
    """A kilobyte that says it holds a text in each of 90 million cells, below what the reader itself refuses."""
    content = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:spreadsheet><table:table table:name="A">
<table:table-row table:number-rows-repeated="90000">
<table:table-cell office:value-type="string" table:number-columns-repeated="1000"><text:p>x</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""
    with zipfile.ZipFile(HERE / "bomb.ods", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", kind, zipfile.ZIP_STORED)
        # The reader takes no blanks between elements.
        file.writestr("content.xml", content.replace(">\n<", "><"))
        file.writestr("META-INF/manifest.xml", manifest)


def identity(area, born, sequence="000"):
    """A made-up identity number: its sequence is 000, which nobody has."""
    digits = f"{area}{born}{sequence}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights)) % 11]


def book_of(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return book


def numbers():
    """What a spreadsheet makes of numbers: identity numbers that lost digits, phones and house numbers
    that are numbers, dates as dates, as counted days, and as texts of both."""
    header = ["序号", "小组", "门牌", "家庭成员姓名", "关系", "身份证号码", "生日", "手机号"]
    lost = int(identity("141023", "19620305"))
    book = book_of(("Sheet1", [
        header,
        [1, "一组", 61, "周一", "本人", lost, None, 12900000661],
        [2, "一组", 61, "周二", "配偶", None, 29260, "12900000662.0"],
        [3, "一组", 62, "周三", "本人", None, datetime.date(1971, 2, 3), None],
        [4, "一组", 62, "周四", "女儿", None, "36526", None],
        [5, "二组", 63, "周五", "本人", None, 1955, 129000],
    ]))
    book["Sheet1"]["G3"].number_format = "General"
    return book


def by_head():
    """Households told by their heads, with an empty row between; village and street in one cell; a
    second sheet that is no list of people; a formula and a hidden row."""
    book = book_of(
        ("人员", [
            ["东街村疫情防控人员底册", None, None, None, None, None],
            [None, None, None, None, None, None],
            ["户主姓名", "姓名", "与户主的关系", "性别", "住址", "人在哪里"],
            ["吴一", "吴一", "户主", "男", "东街村一组71号", "在村"],
            ["吴一", "吴二", "之妻", "女", "东街村一组71号", "在村"],
            [None, None, None, None, None, None],
            ["吴三", "吴三", "户主", "女", "东街村二组72号", "外出"],
            ["吴三", "吴四", "之子", "男", "东街村二组72号", "未知"],
            ["=\"吴\"&\"五\"", "=\"吴\"&\"五\"", "户主", "男", "东街村二组73号", "在村"],
        ]),
        ("物资", [["品名", "数量"], ["口罩", 300], ["消毒液", 20]]),
    )
    book["人员"].row_dimensions[5].hidden = True
    return book


def written_by_hand():
    """Full-width letters and digits, blanks within names, identity numbers of fifteen digits and with a
    lower-case x, years of two digits, what contradicts the identity number, and what is impossible."""
    small = next(number for day in range(1, 29)
                 if (number := identity("141023", f"196203{day:02}")).endswith("X")).lower()
    wrong = identity("141023", "19700102")
    wrong = wrong[:-1] + ("0" if wrong[-1] != "0" else "1")
    return book_of(("花名册", [
        ["户编号", "姓 名", "与户主关系", "性　别", "出生年月日", "公民身份号码", "组别", "门牌号码", "联系方式"],
        ["１", "郑　一", "户主", "女", "", small, "１组", "８１号", "１２９００００００６８１"],
        ["１", "郑 二", "长女", "女", "８０．２．９", "", "１组", "８１号", ""],
        ["２", "郑三", "户主", "男", "", identity("141023", "19710203"), "第一组", "82号", "129-0000-0682"],
        ["２", "郑四", "孙女", "女", "2012-13-45", "", "第一组", "82号", "1290000068"],
        ["３", "郑五", "户主", "女", "1988-08-08", identity("141023", "19880809"), "一小组", "83号", "无"],
        ["４", "郑六", "户主", "女", "", wrong, "九组", "84号", ""],
        ["５", "郑七", "户主", "女", "", "141023620305000", "二组", "85号", "12900000685"],
        ["５", "", "妻", "女", "", "", "二组", "85号", ""],
    ]))


def doubles():
    """The same people twice, in the list and in the register; one row copied whole."""
    known = identity("141023", "19550601")
    return book_of(("名单", [
        ["组", "门牌号", "姓名", "与户主关系", "身份证", "备注"],
        ["一组", "1号", "居民1", "户主", None, None],
        ["一组", "1号", "居民2", "配偶", None, None],
        ["一组", "91号", "冯一", "户主", known, "独居老人"],
        ["一组", "91号", "冯一", "户主", known, "独居老人"],
        ["二组", "92号", "冯二", "户主", known, None],
        ["二组", "93号", "冯三", "户主", None, "残疾、爱下棋"],
        ["二组", "93号", "冯三", "子", None, None],
    ]))


def troubles():
    """Each trouble in a workbook of its own, in the formats that villages have."""
    numbers().save(HERE / "numbers.xlsx")
    doubles().save(HERE / "doubles.xlsx")
    with tempfile.TemporaryDirectory() as folder:
        for name, book, kind in [("by-head", by_head(), "xls"), ("by-head-open", by_head(), "ods"),
                                 ("written-by-hand", written_by_hand(), "xlsx"),
                                 ("written-by-hand-open", written_by_hand(), "ods"), ("numbers-old", numbers(), "xls")]:
            (pathlib.Path(folder) / "in").mkdir(exist_ok=True)
            source = pathlib.Path(folder) / "in" / f"{name}.xlsx"
            book.save(source)
            by_soffice(source, kind)
        source = pathlib.Path(folder) / "doubles.xlsx"
        doubles().save(source)
        subprocess.run(["ssconvert", str(source), str(HERE / "doubles-gnumeric.xls")], check=True)
    with open(HERE / "by-hand-gb18030.csv", "w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(written_by_hand()["花名册"].values)


def main():
    bomb()
    troubles()
    titled(STREETS).save(HERE / "streets.xlsx")
    locked()
    accounts()
    two_lines().save(HERE / "two-lines.xlsx")
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "streets-old.xlsx"
        titled(STREETS).save(source)
        by_soffice(source, "xls")
        source = pathlib.Path(folder) / "streets-open.xlsx"
        titled(STREETS).save(source)
        by_soffice(source, "ods")
        source = pathlib.Path(folder) / "two-lines.xlsx"
        two_lines().save(source)
        subprocess.run(["ssconvert", str(source), str(HERE / "two-lines-gnumeric.xls")], check=True)
    rows = [["姓名", "与户主关系", "性别", "组", "门牌号", "联系电话"],
            ["李一", "户主", "男", "一组", "７１号", "129-0000-0471"], ["李二", "妻", "女", "一组", "７１号", ""]]
    for name, encoding in [("windows-gb18030.csv", "gb18030"), ("unicode-text.csv", "utf-16")]:
        with open(HERE / name, "w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)


LOCK = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Lock" script:language="StarBasic">
Sub Save
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  document = StarDesktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, hidden())
  document.Sheets(0).getCellByPosition(0, 0).String = "name"
  document.Sheets(0).getCellByPosition(1, 0).String = "number"
  Dim how(1) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName"
  how(1).Name = "Password"
  how(1).Value = "123456"
  how(0).Value = "MS Excel 97"
  document.storeToURL("OUT/password.xls", how())
  how(0).Value = "calc8"
  document.storeToURL("OUT/password.ods", how())
  document.close(True)
End Sub
</script:module>"""

LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Lock"/></library:library>"""


def locked():
    """Workbooks with a password, which LibreOffice sets by a macro alone; password.xlsx is that of office's fixtures."""
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}"
        subprocess.run(["soffice", profile, "--headless", "--terminate_after_init"], check=True)
        library = pathlib.Path(folder) / "user/basic/Standard"
        library.mkdir(parents=True, exist_ok=True)
        (library / "Lock.xba").write_text(LOCK.replace("OUT", HERE.as_uri()))
        (library / "script.xlb").write_text(LIBRARY)
        subprocess.run(["soffice", profile, "--headless", "macro:///Standard.Lock.Save"], check=True)


def accounts():
    """One list of accounts in every format that is read."""
    rows = [["东街村账号"], ["姓名", "账号", "电话", "岗位", "区划"],
            ["张文秀", None, "12900000001", "包户人", "东街村一组"], ["李建民", "ljm", None, "卫生院", "襄陵镇"]]
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "accounts.xlsx"
        book_of(("Sheet1", rows)).save(source)
        for kind in ("xls", "ods"):
            by_soffice(source, kind)
    with open(HERE / "accounts-gb18030.csv", "w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)


if __name__ == "__main__":
    main()
