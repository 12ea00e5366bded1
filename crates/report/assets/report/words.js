"use strict";
// Words of the page itself, beside those of the report.

const WORDS = {
  download: { en: "Download", zh: "下载" },
  numbers: { en: "Numbers", zh: "数值" },
  series: { en: "What is shown", zh: "显示内容" },
  keys: {
    en: "Arrow keys go through the values, Escape leaves them.",
    zh: "方向键逐个查看数值，Esc 键退出。",
  },
  interval: { en: "95 % interval", zh: "95% 置信区间" },
  to: { en: "to", zh: "至" },
  none: { en: "no value", zh: "无数值" },
  shown: { en: "series", zh: "系列" },
  where: { en: "where", zh: "位置" },
  panel: { en: "chart", zh: "分图" },
  value: { en: "value", zh: "数值" },
  begins: { en: "; axis from ", zh: "；起点为 " },
  choice: { en: "Which is shown", zh: "显示哪一项" },
  unclear: { en: "not significant", zh: "不显著" },
  colon: { en: ": ", zh: "：" },
  change: { en: "Change of policy", zh: "政策变化" },
};
