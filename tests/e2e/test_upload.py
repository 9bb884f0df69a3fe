"""The page refuses a file that is too large before it is sent."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import OpenPage
from tests.e2e.conftest import Hall
from tests.e2e.staff import StaffMember

SEND = re.compile("^(Gå igenom först|Titta vad som finns i den)$")


@pytest.mark.parametrize(
    ("path", "most", "words"),
    [
        ("/meetings/{meeting}/paper", 2 * 1024 * 1024, "Filen är större än 2 MB."),
        ("/methods/import", 256 * 1024, "Filen är större än 256 KiB."),
    ],
)
def test_a_file_is_measured_before_it_is_sent(
    hall: Hall, open_page: OpenPage, path: str, most: int, words: str
) -> None:
    member = StaffMember.of(open_page, hall.url)
    member.signs_in(hall.town.moderator)
    member.goes(path.format(meeting=hall.meeting))
    page = member.page
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    chooser = page.locator('input[type="file"]')
    chooser.set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a" * (most + 1)})
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(chooser).to_have_attribute("aria-invalid", "true")
    expect(chooser).to_have_accessible_description(re.compile(words))
    page.get_by_role("button", name=re.compile("^(Gå igenom först|Titta vad som finns i den)$")).first.click()
    expect(chooser).to_be_focused()
    assert posts == []
    chooser.set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"Fler lampor"})
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(chooser).not_to_have_attribute("aria-invalid", "true")
