#!/usr/bin/env python3
"""Makes the workbooks of this folder: by openpyxl, LibreOffice (soffice) and gnumeric (ssconvert).

Needs python3-openpyxl, libreoffice-calc and gnumeric; the tests need none of them, since what it
makes is kept beside it. Everybody in it is made up.
"""

import csv
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


def main():
    bomb()
    titled(STREETS).save(HERE / "streets.xlsx")
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


main()
