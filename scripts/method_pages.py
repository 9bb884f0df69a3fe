"""The reference page of each method, made from its data: ``docs/reference/methods/<key>.md``."""

from __future__ import annotations

from dialog.dialogues import method_library
from dialog.dialogues.method_library import MethodTemplate
from dialog.dialogues.stage_rules import stage_permissions, stage_prompts

#: What participants may do in a stage, as the page says it in Swedish.
MAY = {
    "write": "skriva kort",
    "see": "se varandras kort",
    "move": "flytta kort",
    "vote": "ge pluppar",
    "chat": "chatta och fråga",
}


def pages() -> dict[str, str]:
    """File name under ``docs/reference/`` to what stands in it; the list of all first."""
    templates = method_library.templates()
    listed = ["# Metoderna", "", "Gjorda av `dialog/dialogues/data/methods.json`.", ""]
    listed += [f"- [{each.name_sv}]({each.key}.md): {each.purpose}" for each in templates]
    return {
        "methods/README.md": "\n".join(listed) + "\n",
        **{f"methods/{each.key}.md": page(each) for each in templates},
    }


def page(template: MethodTemplate) -> str:
    """One method as a page: what it is good for, who does what, its stages, what comes out of it."""
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
        may = ", ".join(MAY[name] for name in stage_permissions(step))
        hidden = "; korten är dolda tills de visas" if step.get("holds") else ""
        lines.append(f"| {step['name']} | {step['minutes'] or 'egna datum'} | {question} | {may}{hidden} |")
    minutes = sum(step["minutes"] or 0 for step in template.stages)
    if minutes:
        lines += ["", f"Sammanlagt {minutes} minuter."]
    lines += ["", "## Vad det leder till", "", template.harvest]
    lines += ["", "## Vad det bygger på", "", template.basis, ""]
    return "\n".join(lines)


def _size(template: MethodTemplate) -> str:
    least, ideal, most = (template.size[name] for name in ("min", "ideal", "max"))
    said = f"{least}–{most} personer" if most else f"från {least} personer"
    if ideal:
        said += f", bäst med {ideal}"
    if template.size.get("per_table"):
        few, many = template.size["per_table"]
        said += f"; {few}–{many} vid varje bord"
    return said
