"""Prometheus's text format 0.0.4 and OpenMetrics 1.0.

https://prometheus.io/docs/instrumenting/exposition_formats/ and https://prometheus.io/docs/specs/om/open_metrics_spec/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observatory.metrics.exposition.samples import Histogram, Sample

Labels = tuple[str, ...]
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A trace with a value that was counted. `at` is in Unix seconds."""

    trace_id: str
    value: float
    at: float


Exemplars = Mapping[Labels, Mapping[int, Exemplar]]  # by label values, by the place of the histogram's bucket


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes families. Both formats get the same samples; OpenMetrics also exemplars and an end."""

    is_openmetrics: bool

    def head(self, name: str, kind: str, text: str) -> list[str]:
        if self.is_openmetrics:
            name = name.removesuffix("_total") if kind == "counter" else name
            text = text.translate(_ESCAPED)
        return [f"# HELP {name} {text.replace(chr(10), ' ')}", f"# TYPE {name} {kind}"]

    def scalars(self, name: str, labels: Labels, samples: Sequence[Sample]) -> list[str]:
        return [f"{name}{braced(pairs(labels, one.labels))} {number(one.value)}" for one in samples]

    def histograms(
        self, name: str, labels: Labels, boundaries: Sequence[float], samples: Sequence[Histogram], exemplars: Exemplars
    ) -> list[str]:
        # The same text of a boundary in both formats, since it is part of the series' name.
        edges = [*(repr(float(boundary)) for boundary in boundaries), "+Inf"]
        lines = []
        for one in samples:
            shown = pairs(labels, one.labels)
            start = f"{name}_bucket{{{shown}," if shown else f"{name}_bucket{{"
            found = exemplars.get(one.labels, {}) if self.is_openmetrics else {}
            for place, (edge, count) in enumerate(zip(edges, (*one.counts, one.n), strict=True)):
                line = f'{start}le="{edge}"}} {count}'
                lines.append(f"{line}{exemplar(found[place])}" if place in found else line)
            lines += [f"{name}_sum{braced(shown)} {number(one.total)}", f"{name}_count{braced(shown)} {one.n}"]
        return lines

    def end(self) -> list[str]:
        return ["# EOF"] if self.is_openmetrics else []


def pairs(names: Labels, values: Labels) -> str:
    return ",".join([f'{name}="{value.translate(_ESCAPED)}"' for name, value in zip(names, values, strict=True)])


def braced(shown: str) -> str:
    return f"{{{shown}}}" if shown else ""


def number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def exemplar(one: Exemplar) -> str:
    return f' # {{trace_id="{one.trace_id.translate(_ESCAPED)}"}} {number(one.value)} {one.at:.3f}'
