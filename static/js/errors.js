// Where the person starts reading again: after a refused form, its summary of errors [data-coop-focus]; after an act, what is
// told of it, or of what it would do [data-coop-focus="told"], unless the address leads to a part of the page. The next press of Tab goes on from there.
(document.querySelector('[data-coop-focus=""]') ?? (location.hash ? null : document.querySelector('[data-coop-focus="told"]')))?.focus();
