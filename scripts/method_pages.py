"""Generate the reference page of each method: ``docs/reference/methods/<key>.md``."""

from __future__ import annotations

from dialog.dialogues import method_library
from dialog.dialogues.method_library import MethodTemplate
from dialog.dialogues.stage_rules import stage_permissions, stage_prompts

#: Permissions in a stage, in the pages' Swedish.
PERMISSION_TEXTS = {
    "write": "skriva kort",
    "see": "se varandras kort",
    "move": "flytta kort",
    "vote": "ge pluppar",
    "chat": "chatta och fråga",
}


def pages() -> dict[str, str]:
    """Return the text of each page by its path below ``docs/reference/``, the list of methods first."""
    templates = method_library.templates()
    listed = ["# Metoderna", "", "Gjorda av `dialog/dialogues/data/methods.json`.", ""]
    listed += [f"- [{each.name_sv}]({each.key}.md): {each.purpose}" for each in templates]
    return {
        "methods/README.md": "\n".join(listed) + "\n",
        **{f"methods/{each.key}.md": page(each) for each in templates},
    }


def page(template: MethodTemplate) -> str:
    """Return the page of a method: purpose, roles, stages and results."""
    labels = {kind["code"]: kind["label_sv"] for kind in method_library.card_kinds()}
    ladder = {level["code"]: level["label_sv"] for level in method_library.levels()}
    lines = [f"# {template.name_sv}", "", template.purpose, "", "| | |", "|---|---|"]
    lines += [f"| Storlek | {_size(template)} |"]
    lines += [f"| Delaktighet | {', '.join(ladder[code] for code in template.levels)} |"]
    lines += [f"| Roller | {', '.join(template.roles)} |"]
    lines += [f"| Sorters kort | {', '.join(labels[code] for code in template.kinds)} |"]
    lines += ["", "## Momenten", "", "| moment | minuter | frågan | deltagarna får |", "|---|---|---|---|"]
    steps = zip(template.stages, stage_prompts(template.stages, template.prompts), strict=True)
    for step, (prompt, follow_ups) in steps:
        question = "<br>".join(each for each in (prompt, *follow_ups.splitlines()) if each)
        may = ", ".join(PERMISSION_TEXTS[name] for name in stage_permissions(step))
        hidden = "; korten är dolda tills de visas" if step.get("holds") else ""
        lines.append(f"| {step['name']} | {step['minutes'] or 'egna datum'} | {question} | {may}{hidden} |")
    minutes = sum(step["minutes"] or 0 for step in template.stages)
    if minutes:
        lines += ["", f"Sammanlagt {minutes} minuter."]
    lines += ["", "## Vad det leder till", "", template.harvest]
    lines += ["", "## Vad det bygger på", "", template.basis, ""]
    return "\n".join(lines)


def _size(template: MethodTemplate) -> str:
    minimum, ideal, maximum = (template.size[name] for name in ("min", "ideal", "max"))
    text = f"{minimum}–{maximum} personer" if maximum else f"från {minimum} personer"
    if ideal:
        text += f", bäst med {ideal}"
    if template.size.get("per_table"):
        smallest, largest = template.size["per_table"]
        text += f"; {smallest}–{largest} vid varje bord"
    return text
