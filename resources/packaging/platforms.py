"""What the bundle needs on one kind of system only: a version resource, an Info.plist, stripped libraries."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from resources.packaging.contents import Entry

IDENTIFIER = "io.github.gumbelviz.GumbelViz"
SUMMARY = "See the Gumbel-Softmax trick happen"

_VERSION_RESOURCE = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0, OS=0x40004, fileType=1, subtype=0),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", "GumbelViz developers"),
      StringStruct("FileDescription", "GumbelViz"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "gumbelviz"),
      StringStruct("LegalCopyright", "MIT licence; Qt under the LGPL"),
      StringStruct("OriginalFilename", "gumbelviz.exe"),
      StringStruct("ProductName", "GumbelViz"),
      StringStruct("ProductVersion", "{version}"),
      StringStruct("Comments", "{summary}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x0409, 0x04B0])]),
  ],
)
"""


def version_resource(version: str) -> str:
    """Return the version resource of Windows in the words of PyInstaller."""
    numbers = tuple([*map(int, re.findall(r"\d+", version)), 0, 0, 0, 0][:4])
    return _VERSION_RESOURCE.format(numbers=numbers, version=version, summary=SUMMARY)


def mac_settings(version: str) -> dict[str, object]:
    """Return what Info.plist says beside what PyInstaller puts there: who we are and which files are ours."""
    kinds = (("gumbel", "scene", "GumbelViz scene"), ("lecture", "lecture", "GumbelViz lecture"))
    return {
        "CFBundleDisplayName": "GumbelViz",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "NSHumanReadableCopyright": "MIT licence; Qt under the LGPL",
        "NSHighResolutionCapable": True,
        "NSPrincipalClass": "NSApplication",
        "LSApplicationCategoryType": "public.app-category.education",
        "LSMinimumSystemVersion": "13.0",
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": title,
                "CFBundleTypeRole": "Editor",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [f"{IDENTIFIER}.{kind}"],
            }
            for _, kind, title in kinds
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": f"{IDENTIFIER}.{kind}",
                "UTTypeDescription": title,
                "UTTypeConformsTo": ["public.json"],
                "UTTypeTagSpecification": {"public.filename-extension": [suffix]},
            }
            for suffix, kind, title in kinds
        ],
    }


def stripped(entries: list[Entry], work: Path) -> list[Entry]:
    """Return the entries with Python's own libraries without their symbols; those of wheels stay as they came.

    A Python made from source may carry 20 MB of symbols. Stripping the libraries of wheels breaks some of them.
    """
    strip = shutil.which("strip")
    if sys.platform != "linux" or strip is None:
        return entries
    home = Path(sys.base_prefix).resolve()
    result = []
    for number, (name, source, kind) in enumerate(entries):
        of_python = kind in ("BINARY", "EXTENSION") and Path(source).resolve().is_relative_to(home)
        if of_python and "site-packages" not in source and re.search(r"\.so[.0-9]*$", name):
            work.mkdir(parents=True, exist_ok=True)
            copy = work / f"{number}-{Path(name).name}"
            shutil.copy(source, copy)
            subprocess.run([strip, "--strip-unneeded", str(copy)], check=True)
            result.append((name, str(copy), kind))
        else:
            result.append((name, source, kind))
    return result
