"""`/docs`: the reference as one page without scripts, so that it works on a machine with no internet."""

from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
details { border: 1px solid #8884; border-radius: 6px; margin: .4rem 0; padding: .4rem .8rem; }
summary { cursor: pointer; } code, pre { font-family: ui-monospace, monospace; font-size: .92em; }
.verb { display: inline-block; min-width: 4.2em; font-weight: 600; } td, th { padding: .15rem .8rem .15rem 0;
text-align: left; vertical-align: top; } .muted { opacity: .7; }
"""


def docs_page(reference: dict[str, Any]) -> bytes:
    """Write the OpenAPI document as HTML."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Holdfast API</title>',
        f"<style>{_STYLE}</style></head><body><h1>Holdfast API {escape(reference['info']['version'])}</h1>",
        f"<p>{escape(reference['info']['description'])}</p>",
        '<p>For programs: <a href="/openapi.json">/openapi.json</a>. ',
        "Send <code>Authorization: Bearer KEY</code>.</p><h2>Operations</h2>",
    ]
    for path, methods in reference["paths"].items():
        parts += [_operation(path, method, item) for method, item in methods.items()]
    parts.append("<h2>Documents</h2>")
    for name, schema in sorted(reference["components"]["schemas"].items()):
        parts.append(_schema(name, schema))
    return "".join([*parts, "</body></html>"]).encode()


def _operation(path: str, method: str, item: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(parameter['name'])}</code></td><td>{escape(parameter['in'])}</td>"
        f"<td>{escape(parameter.get('description', ''))}</td></tr>"
        for parameter in item.get("parameters", [])
    )
    answers = "".join(
        f"<tr><td><code>{escape(status)}</code></td><td>{escape(answer['description'])}</td>"
        f"<td>{_content(answer)}</td></tr>"
        for status, answer in item["responses"].items()
    )
    body = _content(item["requestBody"]) if "requestBody" in item else ""
    return (
        f'<details><summary><span class="verb">{escape(method.upper())}</span> <code>{escape(path)}</code> '
        f"{escape(item['summary'])}</summary><p class=muted>{escape(item.get('description', ''))}</p>"
        + (f"<p>Body: {body}</p>" if body else "")
        + (f"<table>{rows}</table>" if rows else "")
        + f"<table>{answers}</table></details>"
    )


def _content(holder: dict[str, Any]) -> str:
    names = [_name(content["schema"]) for content in holder.get("content", {}).values()]
    return ", ".join(names)


def _name(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rsplit("/", 1)[1])
        return f'<a href="#{name}">{name}</a>'
    if schema.get("type") == "array":
        return f"list of {_name(schema['items'])}"
    if "anyOf" in schema:
        return " or ".join(_name(part) for part in schema["anyOf"])
    return escape(str(schema.get("type", "any")))


def _schema(name: str, schema: dict[str, Any]) -> str:
    required = set(schema.get("required", []))
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code>{'' if field in required else ' (optional)'}</td>"
        f"<td>{_name(part)}</td><td>{escape(part.get('description', ''))}</td></tr>"
        for field, part in schema.get("properties", {}).items()
    )
    text = escape(schema.get("description", ""))
    return f'<h3 id="{escape(name)}">{escape(name)}</h3><p>{text}</p><table>{rows}</table>'
