/// The look of a page: light, dark, narrow, wide and on paper.
enum PageStyle {
  private static let light = """
    \(Chart.palette.light);--ground:#f6f7f9;--line:#dde2e8;--tint:#eef4fa;--caution:#8a5a00;--caution-tint:#fdf5e3;\
    --danger-tint:#fdecea;--good-tint:#e9f6f1
    """
  private static let dark = """
    \(Chart.palette.dark);--ground:#0c1014;--line:#2a343f;--tint:#16222e;--caution:#e8b955;--caution-tint:#251e0f;\
    --danger-tint:#2b1614;--good-tint:#10251f
    """

  static let text = """
    :root{\(light);\(Chart.fonts);--serif:"Iowan Old Style",Charter,Georgia,"Liberation Serif",serif;\
    --mono:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;color-scheme:light dark}
    @media (prefers-color-scheme:dark){:root:not([data-theme=light]){\(dark)}}
    :root[data-theme=dark]{\(dark);color-scheme:dark}
    :root[data-theme=light]{color-scheme:light}
    \(screen)
    \(Chart.styleSheet)
    @media screen and (max-width:719.9px){\(narrow)}
    @media (min-width:720px){\(medium)}
    @media (min-width:1080px){\(wide)}
    @media print{:root,:root[data-theme=dark],:root:not([data-theme=light]){\(light);--ground:#fff}\(print)}
    """

  private static let screen = """
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-behavior:smooth}
    body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 var(--sans);overflow-wrap:break-word}
    a{color:var(--series-1);text-underline-offset:2px}
    h1,h2,h3,p,dl,figure,ul,ol,pre{margin:0}
    .masthead{display:flex;flex-wrap:wrap;justify-content:space-between;gap:2px 24px;max-width:1180px;margin:0 auto;
    padding:18px 20px 14px;font-size:13px;color:var(--muted)}
    .masthead p{min-width:0}
    .kicker{font-weight:600;color:var(--ink)}
    .frame{max-width:1180px;margin:0 auto}
    .opening,.parts{min-width:0;background:var(--paper);padding:0 20px}
    .opening{padding-top:30px;padding-bottom:34px;border-top:3px solid var(--series-1)}
    h1{font:600 27px/1.24 var(--serif);letter-spacing:-.005em;text-wrap:balance;max-width:34em}
    .lead{font-size:18px;line-height:1.5;margin-top:16px;max-width:44em}
    h2{font:600 22px/1.3 var(--serif);margin-bottom:12px;display:flex;gap:.55em}
    h2 span{color:var(--muted);font-weight:400}
    h3{font-size:16px;line-height:1.4;font-weight:600;margin:30px 0 8px}
    section{padding:34px 0 38px;border-top:1px solid var(--line)}
    section>p,section>ul,.details>p{max-width:46em}
    section>p+p,.details>p+p,.callout p+p{margin-top:10px}
    ul{padding-left:1.2em}
    li+li{margin-top:5px}
    nav{padding:18px 20px;font-size:14px}
    .nav-title{font-size:13px;font-weight:600;color:var(--muted);margin-bottom:6px}
    nav ol{list-style:none;padding:0;columns:2;column-gap:20px}
    nav li{break-inside:avoid;margin:0}
    nav a{display:flex;gap:.6em;padding:4px 0;color:var(--ink);text-decoration:none;line-height:1.35}
    nav a:hover{color:var(--series-1);text-decoration:underline}
    nav span{color:var(--muted);min-width:1.3em;text-align:right;font-variant-numeric:tabular-nums}
    .brief{margin-top:20px;max-width:48em}
    .brief>div{padding:8px 0;border-top:1px solid var(--line)}
    .brief>div:last-child{border-bottom:1px solid var(--line)}
    .brief dt{font-size:14px;font-weight:600;color:var(--muted)}
    .brief dd{margin:0;min-width:0;overflow-wrap:anywhere;font-size:17px;line-height:1.5}
    .keys{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(150px,100%),1fr));gap:0;margin:10px 0 0}
    .key{display:flex;flex-direction:column;padding:14px 16px 12px 0;border-bottom:1px solid var(--line)}
    .key dt{order:1;font-size:14px;font-weight:600;line-height:1.35;margin-top:2px}
    .key dd{margin:0}
    .key{min-width:0}
    .key-value{font:600 26px/1.3 var(--sans);letter-spacing:-.01em;font-variant-numeric:tabular-nums;
    overflow-wrap:anywhere}
    .key-note{order:2;font-size:13px;line-height:1.4;color:var(--muted);margin-top:2px}
    .interval{display:block;font-size:12.5px;color:var(--muted);font-weight:400;white-space:nowrap}
    .callout{margin-top:22px;padding:13px 16px;border-left:4px solid var(--series-1);background:var(--tint);
    font-size:15px;max-width:56em}
    .callout+.callout{margin-top:10px}
    .callout-title{font-weight:600}
    .callout.caution{border-color:var(--caution);background:var(--caution-tint)}
    .callout.danger{border-color:var(--bad);background:var(--danger-tint)}
    .callout.success{border-color:var(--good);background:var(--good-tint)}
    .figures{display:grid;grid-template-columns:minmax(0,1fr);gap:10px 36px;margin-top:24px}
    .figure{min-width:0;break-inside:avoid;margin-bottom:16px}
    .figures>.figure{display:grid;grid-template-columns:minmax(0,1fr);grid-template-rows:subgrid;grid-row:span 2}
    section>.figure{margin-top:24px}
    figcaption{overflow-wrap:anywhere;font-weight:600;font-size:15px;line-height:1.4;max-width:52em}
    section>.figure figcaption{margin-bottom:10px}
    .caption{display:block;font-weight:400;font-size:13.5px;color:var(--muted);margin-top:2px}
    .on-wide{display:none}
    .on-narrow{max-width:420px}
    .scroll{overflow-x:auto;margin-top:18px;border-bottom:1px solid var(--line);max-width:100%;\
    background:linear-gradient(90deg,var(--paper),var(--paper)) left/20px 100% no-repeat local,\
    linear-gradient(90deg,var(--paper),var(--paper)) right/20px 100% no-repeat local,\
    linear-gradient(90deg,var(--grid),transparent) left/14px 100% no-repeat scroll,\
    linear-gradient(270deg,var(--grid),transparent) right/14px 100% no-repeat scroll}
    .scroll:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--series-1);outline-offset:2px}
    table{border-collapse:collapse;width:100%;font-size:14px;line-height:1.4;font-variant-numeric:tabular-nums}
    th,td{text-align:left;vertical-align:top;padding:8px 14px 8px 0;border-top:1px solid var(--line);font-weight:400}
    th:last-child,td:last-child{padding-right:2px}
    thead th{border-top:0;border-bottom:1px solid var(--axis);font-size:13px;color:var(--muted);vertical-align:bottom;
    padding-top:0}
    tbody tr:first-child>*{border-top:0}
    tbody th{min-width:8em;max-width:20em}
    td:not(.number){min-width:8em}
    .sub{min-width:10em}
    .number{text-align:right;white-space:nowrap}
    th.moment,td.moment{white-space:nowrap;min-width:0}
    .chosen>*{background:var(--tint)}
    .chosen>th{font-weight:600;box-shadow:inset 3px 0 var(--series-1);padding-left:10px}
    .meaning.sub{display:none}
    .sub{display:block;font-size:13px;color:var(--muted);font-weight:400}
    .good{color:var(--good)}.bad{color:var(--bad)}
    .sub.inline{display:inline}
    section>p.after{margin-top:16px}
    details{margin-top:18px;border:1px solid var(--line);border-radius:4px}
    details+details{margin-top:8px}
    summary{padding:9px 14px;cursor:pointer;font-size:14.5px;font-weight:600;color:var(--series-1)}
    .details{padding:0 14px 16px;font-size:14.5px}
    .facts{margin-top:14px;border-top:1px solid var(--line)}
    .facts>div{padding:8px 0;border-bottom:1px solid var(--line)}
    .facts dt{font-size:13px;color:var(--muted)}
    .facts dd{margin:0;min-width:0;overflow-wrap:anywhere}
    code,pre{font-family:var(--mono);font-size:.875em}
    pre{background:var(--ground);border:1px solid var(--line);border-radius:4px;padding:12px 14px;margin-top:12px;
    white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.5}
    .source{margin-top:22px;font-size:12.5px;color:var(--muted)}
    .spark{display:block;width:84px;height:22px}
    .spark rect{fill:var(--series-1);fill-opacity:.55}
    .grid-of-counts{border-collapse:separate;border-spacing:4px;max-width:34em;margin-top:14px}
    .grid-of-counts th,.grid-of-counts td{border:0;padding:10px 12px}
    .grid-of-counts thead th{padding:0 12px 4px;text-align:center}
    .grid-of-counts td{min-width:0!important}
    .grid-of-counts tbody th{min-width:0;padding-left:0;vertical-align:middle}
    .grid-of-counts tbody td{text-align:center;border-radius:3px;background:var(--ground)}
    .grid-of-counts td.right{background:var(--good-tint)}
    .grid-of-counts td.wrong{background:var(--danger-tint)}
    .grid-of-counts b{display:block;font-size:20px;font-weight:600}
    .reason{padding:12px 0;border-bottom:1px solid var(--line)}
    .reason b{font-weight:600}
    .reasons{margin-top:12px;border-top:1px solid var(--line)}
    footer{max-width:1180px;margin:0 auto;padding:16px 20px 40px;font-size:13px;color:var(--muted)}
    """

  private static let narrow = """
    table{font-size:13.5px}
    th,td{padding-right:11px}
    tbody th{min-width:5.5em;max-width:11em;position:sticky;left:0;z-index:1;background:var(--paper)}
    td:not(.number):not(.moment){min-width:6em}
    .chosen>th{background:var(--tint)}
    .stacks thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    .stacks,.stacks tbody,.stacks tr,.stacks th,.stacks td{display:block}
    .stacks tr{padding:9px 0;border-top:1px solid var(--line)}
    .stacks tbody tr:first-child{border-top:0}
    .stacks tbody th{position:static;max-width:none;padding:0 0 3px;border:0;text-align:left;font-weight:600;
    font-size:14.5px;background:none}
    .stacks tbody td{display:grid;grid-template-columns:8.5em minmax(0,1fr);gap:0 10px;padding:2px 0;border:0;
    text-align:left;min-width:0;white-space:normal;overflow-wrap:anywhere}
    .stacks tbody td:empty{display:none}
    .stacks td::before{content:attr(data-title);color:var(--muted);font-size:13px}
    .stacks td .sub{min-width:0!important}
    .stacks tr.chosen{background:var(--tint);box-shadow:inset 3px 0 var(--series-1);padding-left:10px}
    .stacks tr.chosen>*{background:none;box-shadow:none;padding-left:0}
    """

  private static let medium = """
    .figures{grid-template-columns:repeat(6,minmax(0,1fr))}
    .figure.half{grid-column:span 3}
    .figure.third{grid-column:span 2}
    .figure.wide{grid-column:1/-1}
    .on-wide{display:block}
    .on-narrow{display:none}
    h1{font-size:34px}
    h2{font-size:25px}
    .opening,.parts{padding-left:40px;padding-right:40px}
    .meaning.sub{display:block}
    .masthead,footer,nav{padding-left:40px;padding-right:40px}
    .facts>div{display:grid;grid-template-columns:12em minmax(0,1fr);gap:0 20px}
    .facts dt{font-size:14px;padding-top:1px}
    .brief>div{display:grid;grid-template-columns:8.5em minmax(0,1fr);gap:0 16px}
    .brief dt{padding-top:3px}
    nav ol{columns:3}
    """

  private static let wide = """
    .frame{display:grid;grid-template-columns:minmax(0,1fr) 216px;grid-template-rows:auto 1fr;gap:0 30px}
    .opening{grid-column:1;grid-row:1}
    .parts{grid-column:1;grid-row:2}
    nav{grid-column:2;grid-row:1/3;padding:30px 0;position:sticky;top:0;align-self:start;max-height:100vh;
    overflow-y:auto}
    .opening,.parts{padding-left:44px;padding-right:44px}
    nav ol{columns:1}
    .masthead,footer{padding-left:44px;padding-right:20px}
    """

  private static let print = """
    @page{size:A4;margin:16mm 15mm}
    body{background:#fff;font-size:10.5pt;line-height:1.45}
    .opening,.parts,.masthead,footer{padding-left:0;padding-right:0}
    .meaning.sub{display:block}
    nav{display:none}
    .frame{display:block}
    .opening{padding:16px 0 20px}
    .on-wide{display:block}.on-narrow{display:none}
    .figures{grid-template-columns:repeat(6,minmax(0,1fr));gap:20px 28px}
    .figure.half{grid-column:span 3}.figure.third{grid-column:span 2}.figure.wide{grid-column:1/-1}
    h1{font-size:22pt}h2{font-size:16pt}
    h2,h3,figcaption,thead{break-after:avoid}
    tr,.callout,.key,.reason,.facts>div{break-inside:avoid}
    section{padding:18px 0 20px}
    .scroll{overflow:visible}
    table{font-size:9pt}
    th,td{padding-right:9px}
    tbody th,td:not(.number){min-width:4em}
    .sub{min-width:0!important}
    details::details-content{content-visibility:visible;display:block;block-size:auto}
    details{border:0}summary{padding-left:0;list-style:none}.details{padding:0}
    a{color:inherit;text-decoration:none}
    *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
    """
}
