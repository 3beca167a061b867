import Markdown, { type Components, type ExtraProps } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { CodeBlock, CopyName } from './copy-code.tsx';

type Element = NonNullable<ExtraProps['node']>;

const COMPONENTS: Components = {
  // A block is a `code` inside a `pre`; its text goes to one component, and what is left as `code` is inline.
  pre: ({ node }) => <CodeBlock text={textOf(node)} />,
  code: ({ node }) => <CopyName text={textOf(node)} />,
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  ),
  img: () => null,
};

/** Markdown of a task, hint or solution; anything that could run or load something is taken out. */
export function Prose({ text }: { text: string }) {
  return (
    <div className="prose">
      <Markdown remarkPlugins={[remarkGfm]} rehypePlugins={[rehypeSanitize]} components={COMPONENTS}>
        {text}
      </Markdown>
    </div>
  );
}

function textOf(node: Element | Element['children'][number] | undefined): string {
  if (node === undefined) return '';
  if (node.type === 'text') return node.value;
  if (node.type === 'element') return node.children.map(textOf).join('').replace(/\n$/, '');
  return '';
}
