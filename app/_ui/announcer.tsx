'use client';

const ID = 'announcer';

/** One place on the page for what only screen readers need to be told. */
export function Announcer() {
  return <div id={ID} role="status" className="sr-only" />;
}

export function announce(text: string): void {
  const place = document.getElementById(ID);
  if (place === null) return;
  // The same words twice are announced only if they went away in between.
  place.textContent = '';
  requestAnimationFrame(() => {
    place.textContent = text;
  });
}
