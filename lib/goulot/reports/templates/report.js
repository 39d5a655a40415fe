// Draw every chart in its figure; let panels be moved; on paper, open what is folded away.
(() => {
  "use strict";
  const { embed, fromGrid, knobs, write, push } = goulotPanel;
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const locale = read("locale");
  const words = read("words");

  const draw = async (figure, box, controls) => {
    const spec = read(box.dataset.chart);
    try {
      box.textContent = "";
      const view = await embed(window.vegaEmbed, box, spec, locale, controls);
      figure.dataset.drawn = "yes";
      return view;
    } catch (error) {
      box.textContent = words.failed;
      figure.dataset.drawn = "no";
      console.error(error);
      return null;
    }
  };

  const movable = (figure, views) => {
    const content = read(figure.dataset.panel);
    const drawn = views.map((view, n) => ({ view, names: content.charts[n].names }));
    const alive = drawn.filter(({ view }) => view !== null);
    knobs(figure.querySelector(".knobs"), content, async (at) => {
      const answer = fromGrid(content, at);
      write(figure, content, answer);
      await push(alive, answer);
    });
  };

  const drawAll = async () => {
    for (const figure of document.querySelectorAll("figure")) {
      const views = [];
      for (const box of figure.querySelectorAll("[data-chart]")) {
        views.push(await draw(figure, box, figure.querySelector(".controls")));
      }
      if (figure.dataset.panel) movable(figure, views);
    }
    document.documentElement.dataset.drawn = "yes";
  };

  const folded = () => document.querySelectorAll("details.figures");
  window.addEventListener("beforeprint", () => folded().forEach((it) => it.setAttribute("open", "")));
  window.addEventListener("afterprint", () => folded().forEach((it) => it.removeAttribute("open")));

  drawAll();
})();
