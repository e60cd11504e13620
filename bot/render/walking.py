"""A tree of CommonMark written down again, block by block: as plain words here, in a platform's own form below."""

from collections.abc import Iterable
from textwrap import indent

from markdown_it.tree import SyntaxTreeNode


class Plain:
    """Without markup: emphasis loses its stars, code keeps its ticks. A platform overrides some of it."""

    def blocks(self, nodes: Iterable[SyntaxTreeNode], between: str = "\n\n") -> str:
        """Paragraphs, lists, quotes and code."""
        return between.join(self._block(node) for node in nodes)

    def code(self, text: str) -> str:
        """Lines of code."""
        return text

    def heading(self, level: int, text: str) -> str:
        """A heading of a level from 1."""
        return text

    def strong(self, text: str) -> str:
        """What is stressed."""
        return text

    def emphasis(self, text: str) -> str:
        """What is stressed a little."""
        return text

    def span(self, text: str) -> str:
        """Code in a line."""
        return f"`{text}`"

    def text(self, text: str) -> str:
        """Plain words."""
        return text

    def link(self, said: str, target: str, plain: str) -> str:
        """A link; `said` is its text as written by this, `plain` its words alone."""
        return said if said == target else f"{said} ({target})"

    def _block(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "fence" | "code_block":
                return self.code(node.content.rstrip("\n"))
            case "bullet_list" | "ordered_list":
                first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
                return "\n".join(
                    self._item(f"{first + number}. " if first is not None else "- ", each)
                    for number, each in enumerate(node.children)
                )
            case "blockquote":
                return indent(self.blocks(node.children), "> ", lambda _line: True)
            case "hr":
                return "---"
            case "heading":
                return self.heading(int(node.tag[1]), self._inside(node))
            case _:
                return self._inline(node)

    def _item(self, mark: str, node: SyntaxTreeNode) -> str:
        return mark + indent(self.blocks(node.children, "\n"), " " * len(mark)).lstrip()

    def _inline(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "softbreak" | "hardbreak":
                return "\n"
            case "code_inline":
                return self.span(node.content)
            case "strong":
                return self.strong(self._inside(node))
            case "em":
                return self.emphasis(self._inside(node))
            case "link":
                words = "".join(each.content for each in node.walk() if each.type == "text")
                return self.link(self._inside(node), str(node.attrs["href"]), words)
            case "text":
                return self.text(node.content)
            case _:
                return self._inside(node)

    def _inside(self, node: SyntaxTreeNode) -> str:
        return "".join(self._inline(child) for child in node.children)
