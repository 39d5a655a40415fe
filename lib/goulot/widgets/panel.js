// A panel on a page: its knobs, its readouts, and the Vega views that every move pushes rows into.
// The report and JupyterLab differ only in who answers: a grid computed beforehand, or a kernel.
const goulotPanel = (() => {
  "use strict";
  const NARROW = 480; // pixels
  let count = 0;

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // On a phone labels of rows and titles of axes wrap, instead of being cut.
  const LABEL = 17; // characters of a line
  const TITLE = 36;
  const LINE = 13; // pixels
  const wrapped = (text, most) =>
    text.split(" ").reduce((lines, word) => {
      const last = lines.at(-1);
      if (last !== undefined && `${last} ${word}`.length <= most) lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
      return lines;
    }, []);

  const labelsOf = (spec, field) => {
    const rows = Object.values(spec.datasets ?? {}).flat();
    return [...new Set(rows.map((row) => row[field]).filter((text) => typeof text === "string"))];
  };

  const wrapRows = (y, spec, host) => {
    const labels = labelsOf(spec, y.field);
    const long = labels.filter((label) => label.length > LABEL);
    if (!long.length || y.axis === null || y.axis?.labelExpr || y.timeUnit) return;
    const lines = Object.fromEntries(long.map((label) => [label, wrapped(label, LABEL)]));
    y.axis = { ...y.axis, labelExpr: `${JSON.stringify(lines)}[datum.label] || datum.label`, labelLimit: 140 };
    const step = LINE * Math.max(...Object.values(lines).map((each) => each.length)) + 4;
    if (typeof host.height === "object") host.height = { step: Math.max(host.height.step ?? 0, step) };
    else host.height = Math.max(host.height ?? 0, labels.length * step);
  };

  const wrapAxes = (part, spec, host) => {
    if (part === null || typeof part !== "object") return;
    const { x, y } = part.encoding ?? {};
    if (y?.field && ["nominal", "ordinal"].includes(y.type)) wrapRows(y, spec, host);
    if (typeof x?.title === "string" && x.title.length > TITLE) x.title = wrapped(x.title, TITLE);
    for (const one of part.layer ?? []) wrapAxes(one, spec, host);
    for (const key of ["hconcat", "vconcat", "concat"]) {
      for (const one of part[key] ?? []) wrapAxes(one, spec, one);
    }
    if (part.spec) wrapAxes(part.spec, spec, part.spec);
  };

  // What does not fit a telephone: fewer legend columns, shorter labels and steps, no wide padding.
  const narrowed = (spec) => {
    const config = (spec.config ??= {});
    config.legend = { ...config.legend, columns: 1, labelLimit: 190 };
    config.padding = { ...config.padding, right: 26 };
    config.axis = { ...config.axis, labelFontSize: 11, labelLimit: 104 };
    config.axisQuantitative = { ...config.axisQuantitative, tickCount: 4 };
    wrapAxes(spec, spec, spec);
    return spec;
  };

  const embed = async (embedder, box, spec, locale, bind) => {
    const drawn = box.clientWidth < NARROW ? narrowed(spec) : spec;
    const { view } = await embedder(box, drawn, {
      mode: "vega-lite",
      actions: false,
      renderer: "svg",
      defaultStyle: false,
      bind,
      formatLocale: locale.number,
      timeFormatLocale: locale.time,
    });
    return view;
  };

  // Columns as rows; times as the milliseconds that Vega counts in.
  const rows = ({ columns, times }) => {
    const names = Object.keys(columns);
    const isTime = new Set(times);
    const length = names.length ? columns[names[0]].length : 0;
    return Array.from({ length }, (_, n) =>
      Object.fromEntries(
        names.map((name) => {
          const value = columns[name][n];
          return [name, isTime.has(name) && value !== null ? Date.parse(value) : value];
        }),
      ),
    );
  };

  // The answer of a precomputed grid where the knobs stand: the last knob moves fastest.
  const fromGrid = (content, at) => {
    const { tables, labels, texts, says } = content.grid;
    const place = content.knobs.reduce((sum, k) => sum * k.texts.length + at[k.name], 0);
    const said = says[place].map((text) => texts[text]);
    const readouts = labels.map((label, n) => [label, said[n]]);
    const answer = { at, readouts, sentence: said.at(-1), tables: {} };
    for (const [name, { columns, moving, blocks, at: numbers, times }] of Object.entries(tables)) {
      const block = blocks[numbers[place]];
      const moved = Object.fromEntries(moving.map((column, n) => [column, block[n]]));
      answer.tables[name] = { columns: { ...columns, ...moved }, times };
    }
    return answer;
  };

  const slider = (knob, id, moved) => {
    const input = element("input", { type: "range", id, min: 0, max: knob.texts.length - 1 });
    const value = element("span", { className: "knob-value", ariaHidden: "true" });
    input.addEventListener("input", () => moved(Number(input.value)));
    const stand = (n) => {
      input.value = n;
      value.textContent = knob.texts[n];
      input.setAttribute("aria-valuetext", knob.texts[n]);
      input.style.setProperty("--filled", `${(100 * n) / (knob.texts.length - 1)}%`);
    };
    const label = element("label", { htmlFor: id, textContent: knob.label });
    const ends = element("span", { className: "knob-ends", ariaHidden: "true" });
    ends.append(element("span", { textContent: knob.texts[0] }));
    ends.append(element("span", { textContent: knob.texts.at(-1) }));
    return { nodes: [element("div", { className: "knob-head" }, label, value), input, ends], stand };
  };

  const toggle = (knob, id, moved) => {
    const input = element("input", { type: "checkbox", id });
    input.setAttribute("role", "switch");
    input.addEventListener("change", () => moved(input.checked ? 1 : 0));
    const label = element("label", { htmlFor: id, textContent: knob.label });
    return { nodes: [input, label], stand: (n) => (input.checked = n === 1) };
  };

  const choice = (knob, id, moved) => {
    const input = element("select", { id });
    knob.texts.forEach((text, n) => input.append(element("option", { value: n, textContent: text })));
    input.addEventListener("change", () => moved(Number(input.value)));
    const label = element("label", { htmlFor: id, textContent: knob.label });
    return { nodes: [label, input], stand: (n) => (input.value = n) };
  };

  const KINDS = { slider, switch: toggle, choice };

  // Build the knobs in `box`; `moved` is told where all of them stand. Returns how to place them.
  const knobs = (box, content, moved) => {
    const start = Object.fromEntries(content.knobs.map((knob) => [knob.name, knob.start]));
    let at = { ...start };
    const made = content.knobs.map((knob) => {
      const id = `knob-${content.name}-${knob.name}-${(count += 1)}`;
      const { nodes, stand } = KINDS[knob.kind](knob, id, (n) => go({ ...at, [knob.name]: n }));
      box.append(element("div", { className: `knob ${knob.kind}` }, ...nodes));
      return { name: knob.name, stand };
    });
    const back = element("button", { type: "button", className: "knob-reset" });
    back.textContent = content.words.reset;
    back.addEventListener("click", () => go(start));
    box.append(back);
    const place = (there) => {
      at = { ...there };
      made.forEach(({ name, stand }) => stand(at[name]));
      back.disabled = content.knobs.every(({ name }) => at[name] === start[name]);
    };
    const go = (there) => {
      place(there);
      moved(at);
    };
    place(start);
    return place;
  };

  const values = (content, at) =>
    content.knobs.map((knob) => `${knob.label} ${knob.texts[at[knob.name]]}`).join(" · ");

  // Write the readouts that changed and the sentence; on paper, also where the knobs stand.
  const write = (root, content, answer) => {
    const list = root.querySelector(".readouts");
    if (list.children.length !== answer.readouts.length) {
      list.replaceChildren(
        ...answer.readouts.map(() => element("div", { ariaAtomic: "true" }, element("dt"), element("dd"))),
      );
    }
    answer.readouts.forEach((texts, n) =>
      texts.forEach((text, part) => {
        const place = list.children[n].children[part];
        if (place.textContent !== text) place.textContent = text;
      }),
    );
    root.querySelector(".panel-sentence").textContent = answer.sentence;
    const shown = content.words.shown.replace("{values}", values(content, answer.at));
    root.querySelector(".panel-shown").textContent = shown;
  };

  // Push rows into every view that follows them; all views are drawn before this resolves.
  const push = (views, answer) =>
    Promise.all(
      views.map(({ view, names }) => {
        for (const name of names) view.data(name, rows(answer.tables[name]));
        return view.resize().runAsync();
      }),
    );

  return { element, embed, fromGrid, knobs, write, push };
})();
