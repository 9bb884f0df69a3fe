"""The part of Flask-WTF that Dialog uses; the library ships no types."""

from typing import Any

from wtforms import Form
from wtforms.meta import DefaultMeta

from .csrf import CSRFProtect as CSRFProtect

class FlaskForm(Form):
    class Meta(DefaultMeta):
        csrf: bool
        csrf_field_name: str
        csrf_secret: Any
        csrf_time_limit: int | None

    def __init__(self, formdata: Any = ..., **kwargs: Any) -> None: ...
    def is_submitted(self) -> bool: ...
    def validate_on_submit(self, extra_validators: Any = None) -> bool: ...
    def hidden_tag(self, *fields: Any) -> str: ...
