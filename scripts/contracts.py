"""A contract for import-linter about the endings of module names."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output

#: Endings of module names in tiers, from the edge of a domain down to its tables.
TIERS = (
    ("views", "api", "live", "jobs", "cli"),
    ("actions", "queries", "forms"),
    ("permissions",),
    ("models",),
)
#: Modules with an ending of the edge that other domains may import nevertheless.
SHARED_MODULES = {"dialog.work.jobs"}


def tier_of(module: str) -> int | None:
    """Return the tier that *module* belongs to by its ending, 0 at the edge; None for any other noun."""
    ending = module.rpartition(".")[2].rpartition("_")[2]
    return next((place for place, endings in enumerate(TIERS) if ending in endings), None)


def domain_of(module: str) -> str:
    """Return the package below ``dialog`` that holds *module*, or the module itself at the top."""
    return ".".join(module.split(".")[:2])


class EndingsContract(Contract):  # type: ignore[misc]  # the library ships no types
    """The contract that tiers import downwards inside a domain, and only the factory imports an edge.

    A module with another ending may be imported from above. It may not import an edge, and no lower tier may
    reach a higher one through it.
    """

    type_name = "endings"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        faults = sorted({*self._edges(graph), *self._tiers(graph)})
        return ContractCheck(kept=not faults, metadata={"faults": faults})

    def _edges(self, graph: ImportGraph) -> list[str]:
        found = []
        for module in graph.modules:
            if tier_of(module) != 0 or module.count(".") < 2 or module in SHARED_MODULES:
                continue
            for importer in graph.find_modules_that_directly_import(module):
                same = domain_of(importer) == domain_of(module) and tier_of(importer) == 0
                if importer != "dialog" and not same:
                    found.append(f"{importer} imports {module}: only the factory imports an edge")
        return found

    def _tiers(self, graph: ImportGraph) -> list[str]:
        found = []
        for module in graph.modules:
            tier = tier_of(module)
            if not tier:
                continue
            for reached in self._within(graph, module):
                other = tier_of(reached)
                if other is not None and other < tier:
                    found.append(f"{module} reaches {reached}, which stands above it")
        return found

    def _within(self, graph: ImportGraph, module: str) -> set[str]:
        """Return the modules of the same domain that *module* imports, directly or through nouns."""
        seen: set[str] = set()
        waiting = [module]
        while waiting:
            for imported in graph.find_modules_directly_imported_by(waiting.pop()):
                if domain_of(imported) == domain_of(module) and imported not in seen:
                    seen.add(imported)
                    waiting.append(imported)
        return seen

    def render_broken_contract(self, check: ContractCheck) -> None:
        for fault in check.metadata["faults"]:
            output.print_error(fault)
