// Draw every chart in its figure; on paper, open what is folded away.
(() => {
  "use strict";
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const locale = read("locale");
  const words = read("words");
  const NARROW = 480; // pixels

  // What does not fit a telephone: fewer legend columns, shorter labels and steps, no wide padding.
  const narrowed = (spec) => {
    const config = (spec.config ??= {});
    config.legend = { ...config.legend, columns: 2, labelLimit: 130 };
    config.axis = { ...config.axis, labelFontSize: 11, labelLimit: 104 };
    config.axisQuantitative = { ...config.axisQuantitative, tickCount: 4 };
    return spec;
  };

  const draw = async (figure) => {
    const box = figure.querySelector(".chart");
    const spec = read(figure.dataset.chart);
    const options = {
      mode: "vega-lite",
      actions: false,
      renderer: "svg",
      defaultStyle: false,
      bind: figure.querySelector(".controls"),
      formatLocale: locale.number,
      timeFormatLocale: locale.time,
    };
    try {
      box.textContent = "";
      const drawn = box.clientWidth < NARROW ? narrowed(spec) : spec;
      await window.vegaEmbed(box, drawn, options);
      figure.dataset.drawn = "yes";
    } catch (error) {
      box.textContent = words.failed;
      figure.dataset.drawn = "no";
      console.error(error);
    }
  };

  const drawAll = async () => {
    for (const figure of document.querySelectorAll("[data-chart]")) await draw(figure);
    document.documentElement.dataset.drawn = "yes";
  };

  const folded = () => document.querySelectorAll("details.figures");
  window.addEventListener("beforeprint", () => folded().forEach((it) => it.setAttribute("open", "")));
  window.addEventListener("afterprint", () => folded().forEach((it) => it.removeAttribute("open")));

  drawAll();
})();
