import unicodedata

from documents.checking.unfit import Unfit

LENGTH = 120  # characters of a stored name, with its ending
KINDS = {
    "pdf": "pdf", "docx": "docx", "xlsx": "xlsx", "odt": "odt",
    "png": "png", "jpg": "jpg", "jpeg": "jpg",
}  # fmt: skip
MACROS = {"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm"}
# An ending before the last one that would make some program run the file. "letter.docx.pdf" is not
# one of them: that is what printing to a file makes.
ACTIVE = {
    "app", "asp", "aspx", "bat", "cgi", "cmd", "com", "cpl", "dll", "exe", "hta", "htm", "html",
    "jar", "js", "jse", "jsp", "lnk", "mht", "msi", "php", "phar", "phtml", "pif", "pl", "ps1",
    "py", "rb", "reg", "scr", "sh", "shtml", "svg", "svgz", "vbe", "vbs", "wsf", "xhtml", "xml",
} | MACROS  # fmt: skip


def clean_name(name: str) -> str:
    """Return `name` as it is stored and shown: NFC, its last path part, nothing unseen, not long.

    Control characters, direction marks and lone surrogates go; runs of spaces become one.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    spaced = "".join(" " if unicodedata.category(c).startswith("Z") else c for c in last)
    seen = "".join(c for c in spaced if not unicodedata.category(c).startswith("C"))
    text = " ".join(unicodedata.normalize("NFC", seen).split())
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending) > 10:
        return text.lstrip(". ")[:LENGTH].rstrip() or "file"
    return f"{stem.lstrip('. ')[: LENGTH - len(ending) - 1].rstrip() or 'file'}.{ending}"


def kind_of(name: str) -> str:
    """Return the kind that the name's ending claims. Raises Unfit where it is not on the list."""
    endings = clean_name(name).casefold().split(".")[1:]
    if not endings:
        raise Unfit("kind")
    if endings[-1] in MACROS:
        raise Unfit("macros")
    if endings[-1] not in KINDS:
        raise Unfit("kind")
    if ACTIVE & {ending.strip() for ending in endings[:-1]}:
        raise Unfit("two_endings")
    return KINDS[endings[-1]]
