"""Where the fields and items of a YAML text stand, and changing one of them without touching another line.

A round trip through ruamel.yaml would lose the comments that it hangs on the value before them; here every line
that is not meant stays as it is, whatever its layout.
"""

from collections.abc import Sequence

import yaml

from chatbot.knowledge.lines import ValuePath

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlLines:
    """A YAML text as lines; each change reads the new text anew. Paths are those of `LineIndex`."""

    def __init__(self, text: str) -> None:
        self.mark = "\ufeff" if text.startswith("\ufeff") else ""
        self.line_end = "\r\n" if "\r\n" in text else "\n"
        self._take(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"))

    def __str__(self) -> str:
        return self.mark + self.line_end.join(self.lines)

    def _take(self, lines: Sequence[str]) -> None:
        self.lines = list(lines)
        self.root = yaml.compose("\n".join(self.lines), Loader=_LOADER)

    def is_block(self, *path: str | int) -> bool:
        """Whether the list or the fields there stand on lines of their own, and not in brackets."""
        node = self._find(path)
        return isinstance(node, yaml.CollectionNode) and not node.flow_style and bool(node.value)

    def count(self, *path: str | int) -> int:
        """How many items a list has; 0 where there is none."""
        return len(self._items(path))

    def texts(self, *path: str | int) -> list[str]:
        """The texts of a list; empty where there is none."""
        return [str(item.value) for item in self._items(path)]

    def fields(self, *path: str | int) -> list[str]:
        """The names of the fields there, in their order."""
        node = self._find(path)
        return [str(key.value) for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []

    def set_field(self, path: ValuePath, field: str, lines: Sequence[str], order: Sequence[str]) -> None:
        """Write the lines (at the left margin) as a field; a new one stands behind those before it in the order."""
        pair = self._pair(path, field)
        if pair is None:
            self._insert_field(path, field, lines, order)
            return
        key, value = pair
        first, last, column = key.start_mark.line, self._last_line(value), key.start_mark.column
        head = self.lines[first][:column]
        shifted = _shifted(lines, column)
        comment = self.lines[last][value.end_mark.column :] if value.end_mark.line == last else ""
        if len(shifted) == 1 and comment.lstrip().startswith("#"):
            shifted[0] += comment
        shifted[:1] = [head + line.lstrip() for line in shifted[:1]]
        self._replace(first, last, shifted)

    def remove_field(self, path: ValuePath, field: str) -> None:
        """Remove a field with its value, unless it is not there."""
        if pair := self._pair(path, field):
            self._replace(pair[0].start_mark.line, self._last_line(pair[1]), [])

    def insert_items(self, path: ValuePath, place: int, lines: Sequence[str], *, apart: bool = False) -> None:
        """Insert lines (at the left margin, with their dashes) before item `place`, or behind the last one.

        apart: with an empty line between items.
        """
        items = self._items(path)
        shifted = _shifted(lines, self._dash(items[0]))
        if place < len(items):
            at = items[place].start_mark.line
            self._replace(at, at - 1, [*shifted, ""] if apart else shifted)
        else:
            at = self._last_line(items[-1]) + 1
            ends = at >= len(self.lines)  # the last line has no line end yet
            self._replace(at, at - 1, [*([""] if apart else []), *shifted, *([""] if ends else [])])

    def replace_item(self, path: ValuePath, place: int, lines: Sequence[str]) -> None:
        """Write the lines in the place of an item."""
        item = self._items(path)[place]
        self._replace(item.start_mark.line, self._last_line(item), _shifted(lines, self._dash(item)))

    def remove_item(self, path: ValuePath, place: int, *, apart: bool = False) -> None:
        """Remove an item; comments stay. apart: with the empty line that set it apart from the next or the last."""
        item = self._items(path)[place]
        first, last = item.start_mark.line, self._last_line(item)
        if apart and last + 1 < len(self.lines) - 1 and not self.lines[last + 1].strip():
            last += 1
        elif apart and first and not self.lines[first - 1].strip():
            first -= 1
        self._replace(first, last, [])

    def _insert_field(self, path: ValuePath, field: str, lines: Sequence[str], order: Sequence[str]) -> None:
        before = [name for name in order[: order.index(field)] if self._pair(path, name)]
        pair = self._pair(path, before[-1])
        if pair is None:
            raise KeyError(field)
        at = self._last_line(pair[1]) + 1
        self._replace(at, at - 1, _shifted(lines, pair[0].start_mark.column))

    def _replace(self, first: int, last: int, lines: Sequence[str]) -> None:
        self._take([*self.lines[:first], *lines, *self.lines[last + 1 :]])

    def _dash(self, item: yaml.Node) -> int:
        """The column of the dash before an item."""
        line = self.lines[item.start_mark.line]
        return len(line) - len(line.lstrip())

    def _last_line(self, node: yaml.Node) -> int:
        """The last line of a value; libyaml's end of a block is where the next thing starts."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._last_line(last[1] if isinstance(last, tuple) else last)
        end = int(node.end_mark.line)
        if isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
            end -= node.end_mark.column == 0
            while not self.lines[end].strip():
                end -= 1
        return end

    def _items(self, path: ValuePath) -> list[yaml.Node]:
        node = self._find(path)
        return list(node.value) if isinstance(node, yaml.SequenceNode) else []

    def _pair(self, path: ValuePath, field: str) -> tuple[yaml.Node, yaml.Node] | None:
        node = self._find(path)
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        return next(((key, value) for key, value in pairs if key.value == field), None)

    def _find(self, path: ValuePath) -> yaml.Node | None:
        node: yaml.Node | None = self.root
        for step in path:
            if isinstance(node, yaml.MappingNode):
                node = next((value for key, value in node.value if key.value == step), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            else:
                return None
        return node


def _shifted(lines: Sequence[str], column: int) -> list[str]:
    return [" " * column + line if line else "" for line in lines]
