// The look of the form for messages: as the widget's own form, by the same tokens.

/**
 * Writes the style sheet.
 * @param {MessageValues} values
 * @param {string} scheme The scheme: `auto`, `light` or `dark`.
 */
export function messageStyle({ light, dark, place }, scheme) {
  const inDark = `.leave{${dark};color-scheme:dark}`;
  const more = { auto: `@media(prefers-color-scheme:dark){${inDark}}`, dark: inDark }[scheme] || "";
  return `.leave{${light};color-scheme:light}${more}.leave{${place}}${SHEET}`;
}

const SHEET = `
.leave,.leave *{box-sizing:border-box;min-inline-size:0;margin:0;padding:0;border:0;background:none;color:inherit;
font:inherit;letter-spacing:inherit;text-align:inherit;text-decoration:none;-webkit-tap-highlight-color:#0000}
.leave{position:fixed;z-index:2147483645;display:flex;flex-direction:column;max-inline-size:none;max-block-size:none;
border-radius:var(--radius);background:var(--surface);box-shadow:var(--shadow);color:var(--on-surface);overflow:hidden;
font:400 var(--text-size)/1.45 var(--font);text-align:start;overflow-wrap:anywhere;-webkit-font-smoothing:antialiased;
-webkit-text-size-adjust:100%;text-size-adjust:100%}
.leave:not([open]){display:none}
.leave::backdrop{display:none}
.leave:focus{outline:none}
.leave :focus{outline:none}
.leave :focus-visible{outline:2px solid var(--accent-line);outline-offset:2px}
.leave button{cursor:pointer;touch-action:manipulation}
.leave header{display:flex;flex:none;align-items:center;gap:4px;min-block-size:64px;padding-block:10px;
padding-inline:20px 10px;border-block-end:1px solid var(--line);background:var(--header);color:var(--on-header)}
.leave h2{flex:1;font-size:16px;font-weight:650;letter-spacing:-.01em;line-height:1.3}
.leave .close{display:grid;flex:none;place-items:center;inline-size:40px;block-size:40px;border-radius:50%}
.leave .close:hover{background:rgb(128 128 128 / 20%)}
.leave .close:focus-visible{outline-color:currentcolor}
.leave svg{display:block;inline-size:20px;block-size:20px;fill:none;stroke:currentcolor;stroke-width:1.8;
stroke-linecap:round;stroke-linejoin:round}
.leave form{display:flex;flex:1;flex-direction:column;min-block-size:0}
.leave .body{position:relative;display:flex;flex:1;flex-direction:column;gap:16px;padding:20px;overflow-y:auto;
overscroll-behavior:contain;scrollbar-color:var(--field-line) #0000;scrollbar-width:thin}
.leave[data-state=sending] .body{opacity:.6}
.leave .alerts:empty{margin-block-end:-16px}
.leave .intro{color:var(--on-surface-variant)}
.leave .notice{padding:12px 14px;border-radius:calc(var(--radius)*.625);background:var(--notice);color:var(--on-notice)}
.leave .alert{display:flex;gap:10px}
.leave .alert svg{flex:none}
.leave .notice a{display:block;inline-size:fit-content;padding-block:4px;text-decoration:underline;
text-underline-offset:2px}
.leave .notice a:focus-visible{outline-color:currentcolor}
.leave .field{display:flex;flex-direction:column;gap:6px}
.leave label{font-weight:550;font-size:14px}
.leave .optional{display:inline-block;margin-inline-start:6px;color:var(--on-surface-variant);font-size:13px;
font-weight:400}
.leave input,.leave textarea{inline-size:100%;min-block-size:44px;padding:10px 12px;border:1px solid var(--field-line);
border-radius:calc(var(--radius)*.625);background:var(--field);color:var(--on-field)}
.leave textarea{min-block-size:112px;resize:vertical}
.leave[dir=rtl] :placeholder-shown{direction:rtl}
.leave input:hover,.leave textarea:hover{border-color:var(--on-surface-variant)}
.leave input:focus,.leave textarea:focus{border-color:var(--accent-line);outline:2px solid var(--accent-line);
outline-offset:-1px}
.leave [aria-invalid=true]{border-color:var(--danger-text)}
.leave [aria-invalid=true]:focus{outline-color:var(--danger-text)}
.leave .error{color:var(--danger-text);font-size:13px;font-weight:500}
.leave .error:empty{display:none}
.leave .mask-note{color:var(--on-surface-variant);font-size:13px}
.leave .mask-note:empty{margin-block-start:-16px}
.leave .trap{position:absolute;inset-block-start:0;inset-inline-start:0;inline-size:1px;min-block-size:1px;
block-size:1px;padding:0;border:0;clip-path:inset(50%)}
.leave .foot{flex:none;padding:12px 20px 20px}
.leave .submit{display:inline-flex;align-items:center;justify-content:center;gap:8px;inline-size:100%;
min-block-size:44px;padding:8px 16px;border-radius:calc(var(--radius)*.625);background:var(--accent);
color:var(--on-accent);font-weight:550;text-align:center}
.leave .submit:hover{filter:brightness(1.08)}
.leave .submit[aria-disabled]{cursor:default}
.leave .spinner{inline-size:16px;block-size:16px;border:2px solid;border-inline-end-color:#0000;border-radius:50%;
animation:spin .8s linear infinite}
.leave .done{display:flex;flex:1;flex-direction:column;align-items:center;justify-content:center;gap:20px;padding:20px;
text-align:center}
.leave .done svg{inline-size:56px;block-size:56px;padding:14px;border-radius:50%;background:var(--accent);
color:var(--on-accent);stroke-width:2.4}
.leave .done .submit{inline-size:auto;min-inline-size:140px}
@media(max-height:560px){.leave{inset-block:0 auto;block-size:100dvh}}
@media(max-width:480px){.leave{inset:0;inline-size:100%;block-size:100dvh}}
@media(max-height:560px),(max-width:480px){.leave{border-radius:0;
padding-block:env(safe-area-inset-top,0px) env(safe-area-inset-bottom,0px)}}
@media(max-width:480px),(any-pointer:coarse){.leave input,.leave textarea{font-size:max(16px,1em)}}
@media(prefers-reduced-motion:reduce){.leave .spinner{animation-duration:4s}}
@media(forced-colors:active){.leave,.leave .submit,.leave .close{border:1px solid CanvasText}}
@media print{.leave{display:none}}
.leave [hidden]{display:none}
`;
