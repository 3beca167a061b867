import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  turbopack: { root: import.meta.dirname },
  // `npm run types` checks all code at once; doing it again here would only make the first start slower.
  // Next writes into the configuration it is given: it gets one of its own.
  typescript: { ignoreBuildErrors: true, tsconfigPath: 'app/next.tsconfig.json' },
};

export default createNextIntlPlugin('./app/_messages/request.ts')(config);
