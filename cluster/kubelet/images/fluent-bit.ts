/** Fluent Bit. */
import { someServer } from '../daemons/small-web.ts';
import { ANY_VERSION, type ImageSpec } from './image.ts';

export const fluentBit: ImageSpec = {
  repositories: ['fluent/fluent-bit', 'cr.fluentbit.io/fluent/fluent-bit', 'amazon/aws-for-fluent-bit'],
  tags: ANY_VERSION,
  size: 30,
  base: 'distroless',
  cmd: ['/fluent-bit/bin/fluent-bit', '-c', '/fluent-bit/etc/fluent-bit.conf'],
  programs: {
    '/fluent-bit/bin/fluent-bit': someServer([2020], () => [
      'Fluent Bit v4.1.1',
      '* Copyright (C) 2015-2025 The Fluent Bit Authors',
    ]),
  },
  ports: [2020],
};
