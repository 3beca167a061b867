/** The tag of an image's name, as far as the pull policy depends on it. */

const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const HOST = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `(?:${HOST}(?:\\.${HOST})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const REFERENCE = new RegExp(
  `^(?:${DOMAIN}/)?${COMPONENT}(?:/${COMPONENT})*(?::([\\w][\\w.-]{0,127}))?(@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$`,
);

const LONGEST_PATH = 255;

/** Without the registry; what has none is Docker's own, and there in its library. */
function repositoryPath(image: string, tag: string | undefined, digest: string | undefined): string {
  const end = image.length - (digest?.length ?? 0) - (tag === undefined ? 0 : tag.length + 1);
  const name = image.slice(0, end);
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const isRegistry = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  if (isRegistry) return name.slice(slash + 1);
  return slash === -1 ? `library/${name}` : name;
}

/** `latest` where neither tag nor digest is given; '' for a digest alone and for what is not an image's name. */
export function imageTag(image: string): string {
  const match = REFERENCE.exec(image);
  if (!match || /^[a-f0-9]{64}$/.test(image)) return '';
  const [, tag, digest] = match;
  if (repositoryPath(image, tag, digest).length > LONGEST_PATH) return '';
  return tag ?? (digest === undefined ? 'latest' : '');
}

export const defaultPullPolicy = (image: string): string => (imageTag(image) === 'latest' ? 'Always' : 'IfNotPresent');
