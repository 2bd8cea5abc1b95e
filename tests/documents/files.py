"""Files to try the checks with, each built here from its parts: good ones, and harmful ones."""

import io
import struct
import warnings
import zipfile
import zlib

import pikepdf
from PIL import Image

OFFICE = "http://schemas.openxmlformats.org"
WORD = f"{OFFICE}/wordprocessingml/2006/main"
SHEET = f"{OFFICE}/spreadsheetml/2006/main"
RELS = f"{OFFICE}/package/2006/relationships"
TYPE = f"{OFFICE}/officeDocument/2006/relationships"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
ODT_TYPE = "application/vnd.oasis.opendocument.text"
XML = '<?xml version="1.0" encoding="UTF-8"?>'
ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]>"
)


def archive(members, *, method=zipfile.ZIP_DEFLATED):
    """members: (name or ZipInfo, content) in order; a name may come twice."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that comes twice
        for name, content in members:
            made.writestr(name, content)
    return target.getvalue()


def types(*content_types, default=""):
    overrides = "".join(
        f'<Override PartName="/p{n}.xml" ContentType="{t}"/>' for n, t in enumerate(content_types)
    )
    return f'{XML}<Types xmlns="{OFFICE}/package/2006/content-types">{default}{overrides}</Types>'


def links(*rows):
    """rows: (type, target, mode)"""
    inside = "".join(
        f'<Relationship Id="r{n}" Type="{TYPE}/{kind}" Target="{target}"'
        + (f' TargetMode="{mode}"' if mode else "")
        + "/>"
        for n, (kind, target, mode) in enumerate(rows)
    )
    return f'{XML}<Relationships xmlns="{RELS}">{inside}</Relationships>'


def word(body="<w:p><w:r><w:t>Hei</w:t></w:r></w:p>", prolog=XML):
    return f'{prolog}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'


def docx_members(**changes):
    """The parts of a small Word file, by their names' last words; a change replaces one."""
    parts = {
        "types": ("[Content_Types].xml", types(DOCX_TYPE)),
        "rels": ("_rels/.rels", links(("officeDocument", "word/document.xml", ""))),
        "document": ("word/document.xml", word()),
        "document_rels": ("word/_rels/document.xml.rels", links(("styles", "styles.xml", ""))),
    }
    return [(name, changes.get(key, content)) for key, (name, content) in parts.items()]


def docx(*more, **changes):
    return archive([*docx_members(**changes), *more])


def sheet(before="", rows='<row r="1"><c r="A1"><v>1</v></c></row>'):
    return f'{XML}<worksheet xmlns="{SHEET}">{before}<sheetData>{rows}</sheetData></worksheet>'


def xlsx(*more, page=None, content_types=(XLSX_TYPE,)):
    return archive(
        [
            ("[Content_Types].xml", types(*content_types)),
            ("_rels/.rels", links(("officeDocument", "xl/workbook.xml", ""))),
            ("xl/workbook.xml", f'{XML}<workbook xmlns="{SHEET}"><sheets/></workbook>'),
            ("xl/worksheets/sheet1.xml", page or sheet()),
            *more,
        ]
    )


def odt(*more, content="<office:text/>", manifest="", mimetype=ODT_TYPE):
    office = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = (
        f'xmlns:office="{office}:office:1.0" xmlns:draw="{office}:drawing:1.0" '
        f'xmlns:script="{office}:script:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'xmlns:text="{office}:text:1.0" xmlns:manifest="{office}:manifest:1.0"'
    )
    first = zipfile.ZipInfo("mimetype")
    return archive(
        [
            (first, mimetype),
            (
                "content.xml",
                f"{XML}<office:document-content {spaces}>{content}</office:document-content>",
            ),
            (
                "META-INF/manifest.xml",
                f"{XML}<manifest:manifest {spaces}>{manifest}</manifest:manifest>",
            ),
            *more,
        ]
    )


def png(width=40, height=30):
    target = io.BytesIO()
    Image.effect_noise((width, height), 90).save(target, "PNG")
    return target.getvalue()


def jpg(width=40, height=30, **options):
    target = io.BytesIO()
    Image.effect_noise((width, height), 90).save(target, "JPEG", **options)
    return target.getvalue()


def png_of_size(width, height):
    """A PNG of one colour, one bit a pixel: many pixels in few bytes."""
    row = b"\0" + b"\0" * ((width + 7) // 8)
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, content) for name, content in parts)


def chunk(name, content):
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


def pdf(change=None, **options):
    """A PDF of one empty page; `change` gets it before it is written."""
    target = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        if change:
            change(made)
        made.save(target, **options)
    return target.getvalue()


def acting(**action):
    """What makes a PDF do this when it is opened."""
    words = {f"/{key}": value for key, value in action.items()}

    def change(made):
        made.Root.OpenAction = pikepdf.Dictionary({"/Type": pikepdf.Name.Action} | words)

    return change


def with_file_inside(made):
    made.attachments["inner.txt"] = pikepdf.AttachedFileSpec(made, b"inner", filename="inner.txt")


def turned_to_its_page(made):
    made.Root.OpenAction = pikepdf.Array([made.pages[0].obj, pikepdf.Name.Fit])


def with_script_on_page(made):
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    made.pages[0].obj.AA = pikepdf.Dictionary(O=script)


def deep(made):
    inner = pikepdf.Dictionary(End=1)
    for _ in range(60):
        inner = pikepdf.Dictionary(Down=inner)
    made.Root.Deep = inner


def pdf_bomb():
    """A stream of objects that unpacks to 256 megabytes; the catalogue is in it."""
    packer = zlib.compressobj(1)
    packed = packer.compress(b"2 0 <</Type/Catalog/Pages<</Type/Pages/Count 1/Kids[4 0 R]>>>>")
    packed += b"".join(packer.compress(b" " * (1 << 20)) for _ in range(256)) + packer.flush()
    parts = [
        b"%PDF-1.5\n",
        b"1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed),
        packed,
        b"\nendstream\nendobj\n",
    ]
    start = len(b"".join(parts))
    places = [(0, 0, 0), (1, 9, 0), (2, 1, 0), (1, start, 0)]  # of the objects 0 to 3
    table = b"".join(struct.pack(">BIB", *place) for place in places)
    head = b"3 0 obj\n<</Type/XRef/Size 4/W[1 4 1]/Root 2 0 R/Length %d>>stream\n" % len(table)
    end = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
    return b"".join([*parts, head, table, end])


def link_member(name="word/link"):
    """A symbolic link, as an archive holds it."""
    member = zipfile.ZipInfo(name)
    member.create_system, member.external_attr = 3, 0o120777 << 16
    return member, "/etc/passwd"


def locked():
    """A member marked as encrypted, in its own header and in the directory."""
    return flagged_member(docx(), 0x1)


def flagged_member(content, flag):
    """Set a flag on every member, in both places."""
    changed = bytearray(content)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = changed.find(signature)
        while position >= 0:
            changed[position + at] |= flag
            position = changed.find(signature, position + 4)
    return bytes(changed)


def lying_directory(size):
    """A directory that says another size of its last member than its own header says."""
    content = bytearray(docx())
    at = content.rfind(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", size)
    return bytes(content)


def lying_header():
    """A member whose own header has another name than the directory."""
    return docx().replace(b"word/document.xml", b"word/Document.xml", 1)


def many_members(count):
    return archive([*docx_members(), *((f"word/{n}.txt", "") for n in range(count))])


def overlapping():
    """A second entry of the directory for the bytes of its last member, under another name."""
    content = docx()
    end = content.rfind(b"PK\x05\x06")
    last = content[content.rfind(b"PK\x01\x02") : end]
    again = last.replace(b"word/_rels/document.xml.rels", b"word/_rels/another1.xml.rels")
    count, length, start = struct.unpack("<HII", content[end + 10 : end + 20])
    record = struct.pack("<HHII", count + 1, count + 1, length + len(again), start)
    return content[:end] + again + content[end : end + 8] + record + content[end + 20 :]


def zip64():
    """An archive that ends with the record for very large ones."""
    content = docx()
    end = content.rfind(b"PK\x05\x06")
    return content[:end] + b"PK\x06\x07" + bytes(16) + content[end:]


def with_gap():
    """Bytes between two members, which no entry of the directory owns."""
    content = docx()
    second, end = content.find(b"PK\x03\x04", 4), content.rfind(b"PK\x05\x06")
    (start,) = struct.unpack("<I", content[end + 16 : end + 20])
    moved = bytearray(content[:second] + b"x" * 200 + content[second:])
    struct.pack_into("<I", moved, end + 200 + 16, start + 200)
    position = start + 200
    for number in range(4):
        (offset,) = struct.unpack_from("<I", moved, position + 42)
        struct.pack_into("<I", moved, position + 42, offset + (200 if number else 0))
        position = moved.find(b"PK\x01\x02", position + 4)
    return bytes(moved)
