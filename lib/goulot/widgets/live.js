// A panel in JupyterLab: the kernel answers, the page draws.
export default {
  async render({ model, el }) {
    const { element, embed, knobs, write, push } = goulotPanel;
    const content = model.get("content");
    const part = (name, className) => element(name, { className });
    const root = element("section", { className: "goulot-panel", ariaLabel: content.title });
    const box = part("div", "knobs");
    // Keys move the knobs; Lab neither runs its shortcuts nor takes the focus to another cell.
    box.dataset.lmSuppressShortcuts = "true";
    box.addEventListener("keydown", (event) => event.stopPropagation());
    const pictures = content.charts.map(() => part("div", "chart"));
    const readouts = element("dl", { className: "readouts", ariaLive: "polite" });
    const sentence = element("p", { className: "panel-sentence", ariaLive: "polite" });
    const failed = part("p", "panel-error");
    failed.setAttribute("role", "alert");
    root.append(element("h3", { className: "panel-title", textContent: content.title }), box);
    root.append(readouts, sentence, failed, ...pictures);
    root.append(element("p", { className: "panel-note", textContent: content.note }));
    root.append(part("p", "panel-shown"));
    el.append(root);

    const place = knobs(box, content, (at) => {
      model.set("at", { ...at });
      model.save_changes();
    });
    const views = [];
    const follow = async () => {
      const shown = model.get("shown");
      failed.textContent = shown.error ?? "";
      if (shown.error) return;
      write(root, content, shown);
      await push(views, shown);
      root.dataset.milliseconds = shown.milliseconds ?? 0; // that the kernel took
      root.dataset.shown = JSON.stringify(shown.at);
    };
    const placed = () => place(model.get("at"));
    model.on("change:shown", follow);
    model.on("change:at", placed);
    placed();

    await new Promise((ready) => requestAnimationFrame(ready)); // the box has its width by then
    for (const [n, { spec, names }] of content.charts.entries()) {
      const copy = JSON.parse(JSON.stringify(spec));
      views.push({ view: await embed(window.vegaEmbed, pictures[n], copy, content.locale), names });
    }
    await follow();
    return () => {
      model.off("change:shown", follow);
      model.off("change:at", placed);
      views.forEach(({ view }) => view.finalize());
    };
  },
};
