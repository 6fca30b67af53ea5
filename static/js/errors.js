// After a refused form, the summary of errors [data-coop-focus] is where the person starts reading again.
document.querySelector("[data-coop-focus]")?.focus();
