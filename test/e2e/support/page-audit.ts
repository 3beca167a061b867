/** What a page must have for those who do not see it well, or at all; runs in the page. */
import type { Page } from 'playwright-core';

/** The contrast that text must have against what is behind it (WCAG 2.2, 1.4.3). */
const LEAST_CONTRAST = 4.5;

/** The problems of a page as sentences; none is good. */
export async function audit(page: Page): Promise<string[]> {
  const [names, contrasts] = [await page.evaluate(missingNames), await page.evaluate(lowContrasts, LEAST_CONTRAST)];
  return [...names, ...contrasts, ...(await page.evaluate(overflow))];
}

function missingNames(): string[] {
  const problems: string[] = [];
  const show = (element: Element): string => element.outerHTML.slice(0, 120);
  const hidden = (element: Element): boolean => element.closest('[aria-hidden=true], [hidden]') !== null;
  const nameOf = (element: Element): string => {
    const labelled = element.getAttribute('aria-labelledby');
    const parts = [
      element.getAttribute('aria-label'),
      ...(labelled ?? '').split(' ').map((id) => (id === '' ? '' : document.getElementById(id)?.textContent)),
      element.getAttribute('title'),
      element.textContent,
    ];
    return parts.map((part) => part?.trim() ?? '').join('');
  };
  for (const image of document.querySelectorAll('img:not([alt]), svg:not([aria-hidden=true]):not([role=img])')) {
    if (!hidden(image)) problems.push(`an image without a name: ${show(image)}`);
  }
  for (const control of document.querySelectorAll('button, a[href], [role=button], summary, textarea, input, nav')) {
    if (!hidden(control) && nameOf(control) === '') problems.push(`a control without a name: ${show(control)}`);
  }
  for (const table of document.querySelectorAll('th')) {
    if (nameOf(table) === '') problems.push(`a heading of a table without words: ${show(table)}`);
  }
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of new Set(ids.filter((item, index) => ids.indexOf(item) !== index))) problems.push(`two of id ${id}`);
  const headings = document.querySelectorAll('h1').length;
  if (headings !== 1) problems.push(`${headings} headings of the first level`);
  if (document.documentElement.lang === '') problems.push('no language');
  if (document.title === '') problems.push('no title');
  return problems;
}

function lowContrasts(least: number): string[] {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (canvas === null) return ['no canvas to read colours with'];
  type Colour = [number, number, number, number];
  const known = new Map<string, Colour>();
  /** Red, green, blue and opacity, each 0 to 1, of any colour that CSS can write. */
  const parse = (text: string): Colour => {
    let colour = known.get(text);
    if (colour === undefined) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
      colour = [red / 255, green / 255, blue / 255, alpha / 255];
      known.set(text, colour);
    }
    return colour;
  };
  const over = (top: Colour, below: Colour): Colour => {
    const mix = (index: 0 | 1 | 2): number => top[index] * top[3] + below[index] * (1 - top[3]);
    return [mix(0), mix(1), mix(2), 1];
  };
  const luminance = ([red, green, blue]: Colour): number => {
    const linear = (value: number): number => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const backgroundOf = (element: Element): Colour => {
    const layers: Colour[] = [];
    for (let current: Element | null = element; current !== null; current = current.parentElement) {
      const colour = parse(getComputedStyle(current).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reduceRight((below, top) => over(top, below), [1, 1, 1, 1]);
  };
  const problems = new Set<string>();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent?.trim() ?? '';
    const element = walker.currentNode.parentElement;
    if (text === '' || element === null || !element.checkVisibility({ visibilityProperty: true })) continue;
    // What cannot be used now may be faint; what only screen readers are told has no colour.
    if (element.closest('[aria-disabled=true], .sr-only, script, style') !== null) continue;
    const behind = backgroundOf(element);
    const ink = over(parse(getComputedStyle(element).color), behind);
    const [bright = 0, dark = 0] = [luminance(ink), luminance(behind)].sort((a, b) => b - a);
    const contrast = (bright + 0.05) / (dark + 0.05);
    if (contrast < least) problems.add(`a contrast of ${contrast.toFixed(2)}: ${text.slice(0, 60)}`);
  }
  return [...problems];
}

/** Sideways scrolling of the page itself, and text that sticks out of the window. */
function overflow(): string[] {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide in a window of ${clientWidth}`] : [];
}
