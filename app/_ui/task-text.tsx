import { ExternalLink } from 'lucide-react';
import { getTranslations } from 'next-intl/server';
import { Prose } from './markdown.tsx';

/** A task's text with its links into the documentation. */
export async function TaskText({ text, links }: { text: string; links: readonly { title: string; url: string }[] }) {
  const t = await getTranslations('task');
  return (
    <>
      <Prose text={text} />
      {links.length > 0 && (
        <section className="mt-6">
          <h2 className="text-muted text-sm">{t('links')}</h2>
          <ul className="mt-1 space-y-1 text-sm">
            {links.map((link) => (
              <li key={link.url}>
                <a
                  href={link.url}
                  target="_blank"
                  rel="noreferrer"
                  className="text-accent underline underline-offset-2"
                >
                  {link.title}
                  <ExternalLink aria-hidden size={12} className="ml-1 inline align-baseline" />
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
