'use client';

import { BookOpen } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { DropdownMenu } from 'radix-ui';
import { buttonClass } from '#app/_ui/button.tsx';

/** What a candidate may read during the real exam (docs.linuxfoundation.org, "Resources allowed: CKA"). */
const ALLOWED = [
  { title: 'Kubernetes Documentation', url: 'https://kubernetes.io/docs/' },
  { title: 'Kubernetes Blog', url: 'https://kubernetes.io/blog/' },
  { title: 'Helm Documentation', url: 'https://helm.sh/docs/' },
  { title: 'Gateway API', url: 'https://gateway-api.sigs.k8s.io/' },
] as const;

export function AllowedDocs() {
  const t = useTranslations('exam');
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger aria-label={t('docs')} title={t('docs')} className={`${buttonClass('secondary')} px-2.5!`}>
        <BookOpen aria-hidden size={15} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          side="top"
          sideOffset={4}
          className="bg-raised border-line-strong rounded-control z-40 min-w-56 border p-1 text-sm shadow-sm"
        >
          {ALLOWED.map(({ title, url }) => (
            <DropdownMenu.Item key={url} asChild>
              <a
                href={url}
                target="_blank"
                rel="noreferrer"
                className="data-highlighted:bg-surface rounded-control flex h-8 items-center px-3 outline-none"
              >
                {title}
              </a>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
