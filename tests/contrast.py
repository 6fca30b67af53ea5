"""Contrast as axe judges it, once for each pair of a text and of what is painted behind it.

Three quarters of what axe costs goes into contrast, for it judges each word of each page; yet it computes it from few
things: the colour, size and weight of the text, and the backgrounds from there to the root. A text whose pair passed in
this run is not judged again. What is placed elsewhere than where it is written, drawn, or left undecided is judged on
every page: a pair counts as known only when axe said that it passes.
"""

from __future__ import annotations

JUDGE = """async known => {
    const TEXT = ['color', 'fontSize', 'fontWeight', 'textShadow', 'webkitTextStroke'];
    const BEHIND = ['backgroundColor', 'backgroundImage', 'backgroundClip', 'opacity', 'filter', 'mixBlendMode'];
    const NOTHING = 'rgba(0, 0, 0, 0) none border-box 1 none normal';
    const told = (style, names) => names.map(name => style[name]).join(' ');
    const seen = new Map(), passedBefore = new Set(known);

    // All that is painted behind what an element holds; null where it does not stand where it is written.
    function behind(element) {
        if (!element) return '';
        if (!seen.has(element)) {
            const style = getComputedStyle(element), below = behind(element.parentElement), own = told(style, BEHIND);
            const isPlaced = ['absolute', 'fixed', 'sticky'].includes(style.position) || style.transform !== 'none';
            const isAlone = below === null || isPlaced || element instanceof SVGElement;
            seen.set(element, isAlone ? null : own === NOTHING ? below : `${below}|${own}`);
        }
        return seen.get(element);
    }

    // Nobody sees, and axe does not judge, what is hidden, clipped away or left of the page for whoever listens to it.
    const isShown = element => element.checkVisibility() && element.getBoundingClientRect().right > 0
        && getComputedStyle(element).clipPath !== 'inset(50%)';
    const says = element => element.matches('input, select, textarea')
        || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const pairs = new Map(), alone = [];
    for (const element of document.querySelectorAll('body, body *')) {
        if (!says(element) || !isShown(element)) continue;
        const ground = behind(element);
        const pair = `${told(getComputedStyle(element), TEXT)}|${ground}`;
        if (ground === null) alone.push(element);
        else if (!passedBefore.has(pair)) pairs.set(pair, [...(pairs.get(pair) ?? []), element]);
    }

    const broken = [], passed = new Set();
    async function judge(elements) {
        if (!elements.length) return;
        const found = await axe.run({include: elements}, {
            runOnly: ['color-contrast'], resultTypes: ['violations', 'passes'], elementRef: true, selectors: false,
        });
        for (const {nodes} of found.passes) nodes.forEach(node => passed.add(node.element));
        for (const {id, nodes} of found.violations) broken.push(...nodes.map(node => [id, node.html.slice(0, 120)]));
    }
    await judge([...alone, ...[...pairs.values()].map(shown => shown[0])]);
    const passing = [...pairs].filter(([pair, shown]) => passed.has(shown[0])).map(([pair]) => pair);
    await judge([...pairs].filter(([pair]) => !passing.includes(pair)).flatMap(([pair, shown]) => shown.slice(1)));
    return [broken, passing, alone.length + pairs.size];
}"""
_known: dict[str, None] = {}


def faults(page):
    """The texts of a page, open with axe in it, that are too pale or too dark for what is behind them."""
    broken, _ = look(page)
    return broken


def look(page):
    """The same, with the number of texts that had to be judged."""
    broken, passing, judged = page.evaluate(JUDGE, list(_known))
    _known.update(dict.fromkeys(passing))
    return broken, judged
