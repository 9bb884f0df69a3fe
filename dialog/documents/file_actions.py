"""Have the files of a document made by the worker, each once, and store them as rows.

Reports and minutes differ in the kind of job, in its key and in the row; the rest is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from ..db import Base, db, write
from ..work import jobs as work
from ..work.models import Job
from .formats import Format

#: A version that files are made of, such as a report.
Document = TypeVar("Document")


@dataclass(frozen=True)
class FileJobs(Generic[Document]):
    """The jobs that make the files of one kind of document."""

    #: The kind of job, and the name under which its arguments hold the document's id.
    kind: str
    id_argument: str
    formats: Mapping[str, Format]
    document_id: Callable[[Document], int]
    #: Returns the key of the job for a document and a format: the same key gives the same job.
    job_key: Callable[[Document, str], str]

    def enqueue_all_in(self, session: Session, document: Document) -> list[Job]:
        """Enqueue every file of *document* in the caller's transaction; wake the worker after its commit."""
        return [
            work.enqueue_in(session, self.job_key(document, code), self.kind, self._arguments(document, code))
            for code in self.formats
        ]

    def find_or_enqueue(self, document: Document, code: str) -> Job:
        """Return the job that makes this file; enqueue it unless it is waiting, running or has failed."""
        job = work.find_job(self.job_key(document, code))
        return job if job is not None and job.state != "done" else self.enqueue(document, code)

    def enqueue(self, document: Document, code: str) -> Job:
        """Enqueue the file, also after a failure."""
        return work.enqueue(self.job_key(document, code), self.kind, self._arguments(document, code))

    def _arguments(self, document: Document, code: str) -> dict[str, object]:
        return {self.id_argument: self.document_id(document), "format": code}


def store_file(render: Callable[[], bytes], new_row: Callable[[Session, bytes], Base | None]) -> None:
    """Store what *render* returns in the row from *new_row*; store nothing when *new_row* returns None.

    *new_row* decides inside the transaction, because another worker may have stored the file meanwhile.
    """
    db.session.rollback()  # no transaction stays open while the file is made
    content = render()
    with write() as session:
        row = new_row(session, content)
        if row is not None:
            session.add(row)
