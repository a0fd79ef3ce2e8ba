extension Chart {
  /// The rules for charts in a page that defines the variables of `palette`.
  public static let styleSheet = """
    .chart{display:block;width:100%;height:auto;overflow:hidden;font-family:var(--sans);font-size:12px}
    .chart text{fill:var(--ink);font-variant-numeric:tabular-nums;unicode-bidi:isolate}
    .chart .title{font-size:15px;font-weight:600}
    .chart .tick,.chart .label{fill:var(--muted)}
    .chart .middle{text-anchor:middle}
    .chart .end{text-anchor:end}
    .chart .grid{stroke:var(--grid);fill:none;stroke-width:1}
    .chart .base{stroke:var(--axis);fill:none;stroke-width:1}
    .chart .line{fill:none;stroke:var(--c);stroke-linejoin:round;stroke-linecap:round}
    .chart .dashed{stroke-dasharray:6 4}
    .chart .dotted{stroke-dasharray:1.5 4}
    .chart .fill{fill:var(--c)}
    .chart .hollow{fill:none;stroke:var(--c)}
    .chart .area{fill:var(--c);fill-opacity:.22}
    .chart .band{fill:var(--c);fill-opacity:.15}
    .chart .box{fill:var(--c);fill-opacity:.25;stroke:var(--c)}
    .chart .whisker{stroke:var(--c);stroke-width:1.5;fill:none}
    .chart .median{stroke:var(--c);stroke-width:2.5;fill:none}
    .chart .interval{stroke:var(--ink);stroke-width:1.25;fill:none}
    .chart .rim{stroke:var(--paper);stroke-width:3.5;stroke-opacity:.6;fill:none}
    .chart .rule{stroke:var(--c);stroke-width:1.25;stroke-dasharray:4 3;fill:none}
    .chart .direct{fill:var(--c);font-weight:600}
    .chart .note{fill:var(--c);stroke:var(--paper);stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
    .chart .on-color{fill:var(--paper)}
    .chart .c1{--c:var(--series-1)}.chart .c2{--c:var(--series-2)}.chart .c3{--c:var(--series-3)}
    .chart .c4{--c:var(--series-4)}.chart .c5{--c:var(--series-5)}.chart .c6{--c:var(--series-6)}
    .chart .c-ink{--c:var(--ink)}.chart .c-muted{--c:var(--muted)}
    .chart .c-good{--c:var(--good)}.chart .c-bad{--c:var(--bad)}
    """

  /// The colours on light and on dark ground, as CSS variables.
  public static let palette = (
    light: """
    --paper:#ffffff;--ink:#17202b;--muted:#5a6675;--grid:#e8ebef;--axis:#9aa5b1;\
    --series-1:#1b6ca8;--series-2:#c4540c;--series-3:#0b8265;--series-4:#8250b4;--series-5:#8a6a00;\
    --series-6:#b3386a;--good:#0b8265;--bad:#b42318
    """,
    dark: """
    --paper:#12171d;--ink:#e8ecf1;--muted:#9fabb8;--grid:#27303a;--axis:#5c6875;\
    --series-1:#6db5ef;--series-2:#f59a57;--series-3:#4fc9a4;--series-4:#c3a1f0;--series-5:#dcbc52;\
    --series-6:#f08fb5;--good:#4fc9a4;--bad:#ff8f83
    """
  )

  /// The fonts of charts and pages: those that the reader's system uses itself.
  public static let fonts = """
    --sans:-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif
    """

  static let standaloneStyleSheet = """
    svg{\(palette.light);\(fonts);background:var(--paper)}
    @media (prefers-color-scheme:dark){svg{\(palette.dark)}}
    \(styleSheet)
    """
}
