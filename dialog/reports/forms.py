"""The form with which a report is withdrawn."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.widgets import TextArea

from ..forms import PageForm, Text

#: The longest reason, in code points.
REASON_MAX = 500


class WithdrawForm(PageForm):
    """The reason why a published version is taken back."""

    reason = Text(_l("Why is it withdrawn?"), min=1, max=REASON_MAX, multiline=True, widget=TextArea())
