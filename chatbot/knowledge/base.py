"""What all models of files have in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Frozen(BaseModel):
    """Immutable, and strict about unknown fields: a mistyped field must not be ignored.

    What checks a model is built when the first value is checked: a start with kept knowledge checks none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Described(Frozen):
    """A model whose fields are described in the JSON Schema, by the docstrings under them."""

    model_config = ConfigDict(use_attribute_docstrings=True)
