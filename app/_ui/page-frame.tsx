import type { ReactNode } from 'react';
import { type Area, SiteBar } from './top-bar.tsx';

/** The frame of pages one reads: bar, width, heading. */
export function Page({ area, title, children }: { area?: Area; title: string; children: ReactNode }) {
  return (
    <>
      <SiteBar {...(area === undefined ? {} : { area })} />
      <main id="content" tabIndex={-1} className="mx-auto max-w-5xl px-3 pt-6 pb-16 outline-none sm:px-6 sm:pt-8">
        <h1 className="mb-5 text-xl font-semibold">{title}</h1>
        {children}
      </main>
    </>
  );
}
