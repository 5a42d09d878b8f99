// The style sheet of the developer page.

export const STYLE = `
:root { color-scheme: light dark; --back: #faf9f7; --card: #fff; --text: #22252b; --soft: #676d78; --line: #e4e1db;
  --red: #c0262d; --mark: #fdecec; --link: #1f5fbf; --tip: #f3f0e4 }
@media (prefers-color-scheme: dark) { :root { --back: #17181c; --card: #1f2126; --text: #e6e7ea; --soft: #989da8;
  --line: #33363d; --red: #ff7b7b; --mark: #3a2326; --link: #8bb8ff; --tip: #2a2a22 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.55 system-ui, sans-serif; border-top: 4px solid var(--red) }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem }
code, .code, .stack, td, th, details div { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .875rem }
.line { margin: 0 0 1.5rem; color: var(--soft); overflow-wrap: anywhere }
.status { color: var(--red); font-weight: 600; margin-right: .5rem }
.name, .label { margin: 0; color: var(--red); font-weight: 600 }
h1 { margin: .2rem 0 .8rem; font-size: 1.45rem; line-height: 1.35; font-weight: 650; overflow-wrap: anywhere; white-space: pre-wrap }
h2, summary { font-size: 1rem; font-weight: 600 }
h2 { margin: 1.75rem 0 .5rem }
.remedy { margin: 0 0 1rem; padding: .6rem .9rem; background: var(--tip); border-radius: .4rem }
.where { margin: 0 0 .4rem }
a { color: var(--link); text-underline-offset: .15em }
.code { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .6rem 0; overflow-x: auto; tab-size: 4 }
.row { display: flex; width: max-content; min-width: 100% }
.row code { white-space: pre; padding-right: 1rem }
.number { flex: none; width: 3.5rem; padding-right: 1rem; text-align: right; color: var(--soft); user-select: none }
.here { background: var(--mark) }
.here .number, .here b { color: var(--red); font-weight: 700 }
.stack { margin: 0; padding: 0; list-style: none }
.stack li { padding: .15rem 0; overflow-wrap: anywhere }
.caller, .foreign, footer { color: var(--soft) }
.foreign div { padding-left: 1.1rem; overflow-wrap: anywhere }
.foreign summary { font-weight: 400; font-size: .875rem }
summary { cursor: pointer }
.section { margin-top: 1rem; border-top: 1px solid var(--line); padding-top: .75rem }
.section > summary { padding: .1rem 0 }
.cause { margin-top: 2rem; padding-left: 1rem; border-left: 3px solid var(--line) }
.cause h1 { font-size: 1.15rem }
table { width: 100%; border-collapse: collapse; margin-top: .4rem }
th, td { padding: .25rem .5rem .25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line) }
th { width: 14rem; font-weight: 500; color: var(--soft); overflow-wrap: anywhere }
td { white-space: pre-wrap; overflow-wrap: anywhere }
tr:last-child > * { border-bottom: 0 }
footer { margin-top: 2.5rem; font-size: .9rem }
.send-again { margin-top: 1.5rem } .send-again p { margin: .4rem 0 } .send-again button { font: inherit; padding: .3rem .9rem }
@media (max-width: 40rem) { th { width: 8rem } main { padding-top: 1.25rem } }
`;
