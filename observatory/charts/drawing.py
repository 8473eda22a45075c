"""Charts as SVG, for reports and mail: drawn in the worker, by the same Vega as in the browser."""

from observatory.charts import colours
from observatory.charts.chart import Chart


def svg(chart: Chart, *, width: int) -> str:
    """Return the chart as an SVG of `width` pixels. It is drawn without network: the data are in the specification."""
    import vl_convert  # 90 MB of library: in the worker only

    parameters = [*chart.spec.get("params", []), *colours.parameters(width=width)]
    spec = {**chart.spec, "width": width, "params": parameters}
    return vl_convert.vegalite_to_svg(spec, config=colours.config(), allowed_base_urls=[])
