"""Validates Tandem's bills of materials in a directory of the lifecycle by the validators of their formats.

The second argument is a file for the package URLs that they read in each document, as JSON.
"""
import json
import pathlib
import sys

from cyclonedx.model.bom import Bom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

found = {}
for file in sorted(pathlib.Path(sys.argv[1]).glob("*/tandem_python-node/**/sbom.*.json")):
    name = file.relative_to(sys.argv[1]).as_posix()
    text = file.read_text()
    if name.endswith(".cdx.json"):
        error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
        if error:
            sys.exit(f"{name}: {error}")
        found[name] = sorted(str(c.purl) for c in Bom.from_json(json.loads(text)).components)
    elif name.endswith(".spdx.json"):
        document = parse_file(str(file))
        messages = validate_full_spdx_document(document)
        if messages:
            sys.exit(f"{name}: {messages[0].validation_message}")
        found[name] = sorted(
            r.locator for p in document.packages for r in p.external_references if r.reference_type == "purl"
        )
    else:
        found[name] = sorted(a["purl"] for a in json.loads(text)["artifacts"])
pathlib.Path(sys.argv[2]).write_text(json.dumps(found))
