"""Other people's browser code and fonts, copied from node_modules to where they are used; never committed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from scripts.steps import ROOT, fail, once, say

MODULES = ROOT / "node_modules"
#: Served to browsers.
STATIC = ROOT / "static" / "vendor"
#: Read by typst only.
FONTS = ROOT / "vendor" / "fonts"

BROWSER = {
    "socket.io.js": "socket.io-client/dist/socket.io.esm.min.js",
    "sortable.js": "sortablejs/modular/sortable.esm.js",
    "idb-keyval.js": "idb-keyval/dist/index.js",
    "bootstrap.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
}
NOTO = "@expo-google-fonts"
PRINT = {
    "NotoSans-Regular.ttf": f"{NOTO}/noto-sans/400Regular/NotoSans_400Regular.ttf",
    "NotoSans-Italic.ttf": f"{NOTO}/noto-sans/400Regular_Italic/NotoSans_400Regular_Italic.ttf",
    "NotoSans-Bold.ttf": f"{NOTO}/noto-sans/700Bold/NotoSans_700Bold.ttf",
    "NotoSansArabic-Regular.ttf": f"{NOTO}/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf",
    "NotoSansArabic-Bold.ttf": f"{NOTO}/noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf",
    "NotoEmoji-Regular.ttf": f"{NOTO}/noto-emoji/400Regular/NotoEmoji_400Regular.ttf",
}
#: A browser with its tools open would ask for a source map that we do not serve.
SOURCE_MAP = re.compile(r"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$")


def install() -> None:
    key = [ROOT / "package-lock.json", Path(__file__)]
    once("vendor-browser", key, STATIC / "socket.io.js", copy_browser)
    once("vendor-fonts", key, FONTS / "NotoSans-Regular.ttf", copy_fonts)


def copy_browser() -> None:
    say("copying browser libraries to static/vendor")
    fresh(STATIC)
    for name, source in BROWSER.items():
        text = found(source).read_text(encoding="utf-8")
        (STATIC / name).write_text(SOURCE_MAP.sub("\n", text), encoding="utf-8")


def copy_fonts() -> None:
    say("copying fonts to vendor/fonts")
    fresh(FONTS)
    for name, source in PRINT.items():
        shutil.copyfile(found(source), FONTS / name)


def fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def found(source: str) -> Path:
    path = MODULES / source
    return path if path.exists() else fail(f"{path} is missing: remove node_modules and run make setup.")
