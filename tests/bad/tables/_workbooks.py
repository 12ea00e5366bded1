"""Writes the workbooks among these tables: python3 _workbooks.py

They are what a spreadsheet could have saved, without what a reader does not need.
"""

import zipfile
from pathlib import Path

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def text(cell, what):
    return f'<c r="{cell}" t="inlineStr"><is><t>{what}</t></is></c>'


def number(cell, what, style=0):
    return f'<c r="{cell}" s="{style}"><v>{what}</v></c>'


def relation(kind, target):
    inner = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def write(name, rows, before="", after=""):
    body = "".join(f'<row r="{at}">{"".join(cells)}</row>' for at, cells in rows)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": relation("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": relation("worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        # The second style shows dates.
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{before}<sheetData>{body}</sheetData>{after}</worksheet>',
    }
    with zipfile.ZipFile(Path(__file__).with_name(name), "w", zipfile.ZIP_DEFLATED) as book:
        for part, content in parts.items():
            book.writestr(zipfile.ZipInfo(part), content, zipfile.ZIP_DEFLATED)


HEAD = (1, [text("A1", "社区"), text("B1", "成年居民")])
FIRST = (2, [text("A2", "东门"), number("B2", 3000)])

write("workbook_date_for_a_number.xlsx", [HEAD, FIRST, (3, [text("A3", "西门"), number("B3", 42798, 1)])])
write("workbook_formula_not_calculated.xlsx", [HEAD, FIRST, (3, [text("A3", "西门"), '<c r="B3"><f>B2*2</f></c>'])])
write(
    "workbook_merged_cells.xlsx",
    [HEAD, FIRST, (3, [text("A3", "西门")])],
    after='<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>',
)
write(
    "workbook_cell_far_away.xlsx",
    [HEAD, FIRST, (1048576, [text("XFD1048576", "x")])],
    before='<dimension ref="A1:XFD1048576"/>',
)
write("workbook_error_value.xlsx", [HEAD, (2, [text("A2", "东门"), '<c r="B2" t="e"><v>#REF!</v></c>'])])
write("workbook_heading_misspelt.xlsx", [(1, [text("A1", "name"), text("B1", "adutls")]), FIRST])
write("workbook_empty.xlsx", [])
