/** Finds the image that a container names, as containerd does. */
import { hash } from 'node:crypto';
import type { Image, ImageSpec } from './image.ts';
import { of } from './image.ts';
import { IMAGES } from './index.ts';

export type Lookup =
  | { kind: 'found'; image: Image }
  /** Not a name of an image at all. */
  | { kind: 'invalid'; message: string }
  /** The registry has no such image. */
  | { kind: 'missing'; message: string };

const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const DOMAIN = /^(localhost|[a-zA-Z0-9.-]+\.[a-zA-Z0-9.-]+)(:\d+)?$|^[a-zA-Z0-9.-]+:\d+$/;

interface Reference {
  domain: string;
  path: string;
  tag: string;
  digest: string;
}

/** The parts of `[domain/]path[:tag][@digest]` with Docker's defaults filled in, or what is wrong with it. */
function parse(name: string): Reference | string {
  const [named = '', digest = ''] = name.split('@');
  const slash = named.lastIndexOf('/');
  const colon = named.indexOf(':', slash + 1);
  const repository = colon === -1 ? named : named.slice(0, colon);
  const tag = colon === -1 ? '' : named.slice(colon + 1);
  const [first = '', ...others] = repository.split('/');
  const hasDomain = others.length > 0 && (DOMAIN.test(first) || first === 'localhost');
  const parts = hasDomain ? others : [first, ...others];
  const isHub = !hasDomain || first === 'docker.io' || first === 'index.docker.io';
  const path = isHub && parts.length === 1 ? `library/${parts[0]}` : parts.join('/');
  if (parts.some((part) => COMPONENT.test(part.toLowerCase()) && part !== part.toLowerCase())) {
    return `invalid reference format: repository name (${path}) must be lowercase`;
  }
  const valid =
    parts.every((part) => COMPONENT.test(part)) &&
    (colon === -1 || /^\w[\w.-]{0,127}$/.test(tag)) &&
    (digest === '' ? !name.includes('@') : /^[a-z0-9]+:[0-9a-f]{32,}$/.test(digest));
  if (!valid) return 'invalid reference format';
  return { domain: isHub ? 'docker.io' : first, path, tag: tag === '' && digest === '' ? 'latest' : tag, digest };
}

const sha256 = (text: string): string => hash('sha256', text);

/** With what Docker leaves out. */
function fullName(name: string): string {
  const [first = ''] = name.split('/');
  if (!name.includes('/')) return `docker.io/library/${name}`;
  return first.includes('.') ? name : `docker.io/${name}`;
}
const byRepository = new Map<string, ImageSpec>(
  IMAGES.flatMap((spec) => spec.repositories.map((name): [string, ImageSpec] => [fullName(name), spec])),
);

/** What was found once by a name is found again: images are immutable. */
const known = new Map<string, Lookup>();
const MOST_KNOWN = 1000;

export function lookUpImage(name: string): Lookup {
  const before = known.get(name);
  if (before !== undefined) return before;
  const found = find(name);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(name, found);
  return found;
}

function find(name: string): Lookup {
  const parsed = parse(name);
  if (typeof parsed === 'string') {
    const message = `Failed to apply default image tag "${name}": couldn't parse image name "${name}": ${parsed}`;
    return { kind: 'invalid', message };
  }
  const { domain, path, tag, digest } = parsed;
  const repository = `${domain}/${path}`;
  const reference = `${repository}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
  const spec = byRepository.get(repository);
  if (spec === undefined || (digest === '' && !spec.tags.test(tag))) {
    const why = `failed to pull and unpack image "${reference}": failed to resolve reference "${reference}": ${reference}: not found`;
    return { kind: 'missing', message: `rpc error: code = NotFound desc = ${why}` };
  }
  const digits = sha256(reference);
  return {
    kind: 'found',
    image: {
      repository,
      reference,
      tag,
      digest: digest === '' ? `sha256:${digits}` : digest,
      bytes: Math.round(of(spec.size, tag) * 1_000_000) + (Number.parseInt(digits.slice(0, 4), 16) % 9000),
      entrypoint: of(spec.entrypoint, tag) ?? [],
      cmd: of(spec.cmd, tag) ?? [],
      programs: Object.keys(of(spec.programs, tag) ?? {}).map((full) => full.slice(full.lastIndexOf('/') + 1)),
      listens: spec.ports ?? [],
      user: spec.user ?? 0,
      env: of(spec.env, tag) ?? {},
      workdir: spec.workdir ?? '/',
      spec,
    },
  };
}

/** Milliseconds a pull takes here: quick enough for a learner, long enough to be seen. */
export const pullTime = (image: Image): number => 250 + Math.round(image.bytes / 200_000);

/** 64 hexadecimal digits that stay the same for the same parts. */
export const idOf = (...parts: readonly (string | number)[]): string => sha256(parts.join('\n'));
