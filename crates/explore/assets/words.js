"use strict";
// Words of this page that are made while it is used; those that stand on it are in its frame.

const OWN_WORDS = {
  asking: { en: "Asking…", zh: "正在计算…" },
  small: { en: "a small city for a first answer", zh: "先以小城市作初步回答" },
  asked: { en: "the city of the scenario", zh: "情景所设的城市" },
  adults: { en: "adults", zh: "位成年居民" },
  communities: { en: "communities", zh: "个社区" },
  pairs: { en: "pairs of replicates", zh: "对重复" },
  of: { en: "of", zh: "/" },
  none: {
    en: "Move a lever: the answer appears here.",
    zh: "请移动一项手段，答案将显示在此。",
  },
  narrowing: {
    en: "The difference as replicates come in, with its 95 % interval.",
    zh: "随重复增加的差异及其 95% 区间。",
  },
  now: { en: "this policy", zh: "当前政策" },
  policy: { en: "Policy", zh: "政策" },
  pinned: { en: "Pinned policies", zh: "已固定的政策" },
  nameOf: { en: "Name of policy", zh: "政策名称" },
  clear: { en: "Remove all pins", zh: "移除全部固定的政策" },
  beside: { en: "Differences from the base, with 95 % intervals", zh: "与基准的差异及 95% 区间" },
  outcome: { en: "outcome", zh: "结果" },
  remove: { en: "Remove", zh: "移除" },
  show: { en: "Set these levers", zh: "采用此设置" },
  from: { en: "from", zh: "自" },
  lookedAt: { en: "months looked at", zh: "所看的月份" },
  elections: { en: "elections", zh: "选举" },
  burnIn: { en: "months before the first, in which the city comes to rest", zh: "起始之前的趋稳月数" },
  start: { en: "the start", zh: "期初" },
  default: { en: "base", zh: "基准" },
  range: { en: "range", zh: "范围" },
  known: { en: "default", zh: "默认值" },
  source: { en: "source", zh: "来源" },
  about: { en: "About this lever", zh: "关于此手段" },
  undo: { en: "Back to the base", zh: "恢复基准" },
  moved: { en: "Moved", zh: "已移动" },
  found: { en: "found", zh: "项匹配" },
  more: { en: "Write more to see fewer.", zh: "请输入更多文字以缩小范围。" },
  everywhere: { en: "everywhere", zh: "所有社区" },
  half: { en: "half of the communities, by lot", zh: "随机一半社区" },
  onMap: { en: "communities chosen on the map", zh: "在地图上选择的社区" },
  onTiles: { en: "communities chosen by name", zh: "按名称选择的社区" },
  chooseHelp: {
    en: "Press communities to add or remove them; arrow keys go from one to the next, Space chooses.",
    zh: "点按社区可选入或移出；方向键移动，空格键选择。",
  },
  all: { en: "All", zh: "全选" },
  noneOfThem: { en: "None", zh: "全不选" },
  holds: { en: "A heavy edge: the policy holds there.", zh: "粗边框：政策在此实施。" },
  kind: { en: "communities of the kind", zh: "社区类型" },
  lastYear: { en: "the last year", zh: "最后一年" },
  firstYear: { en: "the first year", zh: "第一年" },
  whole: { en: "all months", zh: "全部月份" },
  ofBase: { en: "that of the base", zh: "与基准相同" },
  lost: {
    en: "The program behind this page has ended. Start it again and open the new address.",
    zh: "本页背后的程序已结束，请重新启动并打开新的地址。",
  },
  without: { en: "without", zh: "无此政策" },
  with: { en: "with", zh: "有此政策" },
  differs: { en: "difference", zh: "差异" },
  copied: { en: "Copied", zh: "已复制" },
  tour: { en: "A first hour in five questions", zh: "五个问题，入门一小时" },
  question: { en: "Question", zh: "问题" },
  next: { en: "Next question", zh: "下一个问题" },
  end: { en: "End the tour", zh: "结束导览" },
  set: { en: "Set the levers", zh: "设置手段" },
};

/** The guided tour: a question, what to do, what to look at. */
const TOUR = [
  {
    ask: { en: "Who hears of what is open to them?", zh: "居民能否得知可参与的事务？" },
    text: {
      en: "Staff have no WeChat groups in the base. Give every residents' group one. Before you look: will more take part, and by how many points? Then look at 'Who gains'.",
      zh: "基准中没有微信群。请为每个居民小组建群。先猜一猜：参与率会提高多少个百分点？再看“谁受益”。",
    },
    levers: { "outreach.wechat_group": "1" },
  },
  {
    ask: { en: "Does it matter who decides?", zh: "由谁决定资金，重要吗？" },
    text: {
      en: "Let a council decide the community fund in place of the street. Compare participation with trust in the committee in 'All outcomes': not everything that is fair is also busy.",
      zh: "让议事会代替街道决定专项资金。请在“各项结果”中比较参与率与对居委会的信任：公平未必带来更多参与。",
    },
    levers: { "council.enabled": "true", "funding.decider": "council" },
  },
  {
    ask: { en: "What does being asked in person cost?", zh: "当面邀请要付出什么代价？" },
    text: {
      en: "Visit a fifth of all homes each month. Read the cost, then the load of staff: hours spent on the doorstep are missing at the desk.",
      zh: "每月走访五分之一的家庭。先看成本，再看工作人员负荷：走访的时间就不能用于办事。",
    },
    levers: { "outreach.home_visits": "0.2" },
  },
  {
    ask: { en: "Would you say so under every theory?", zh: "换一种理论，结论还成立吗？" },
    text: {
      en: "Keep the visits. Scroll to 'Under every theory': where theories disagree on the sign, say so to whoever asks you.",
      zh: "保留走访，再看“在各参与理论下”：若各理论对方向的判断不一，请如实告知提问者。",
    },
    levers: { "outreach.home_visits": "0.2" },
  },
  {
    ask: { en: "When does a policy act, and where?", zh: "政策何时、何处见效？" },
    text: {
      en: "Begin the grants to organisations in the fifth year by its date, let them hold in half of the communities, and look at 'When' and 'Where'.",
      zh: "请将对社会组织的资助改为自第五年起，并只在一半社区实施，再看“何时”与“何处”。",
    },
    levers: { "organisations.grants": "30000" },
    where: "share=0.5",
  },
];
