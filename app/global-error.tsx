'use client';

/** Only when the frame of all pages itself failed: no messages, no styles are there to rely on, so both languages are said. */
export default function GlobalError({ reset }: { reset: () => void }) {
  return (
    <html lang="en">
      <body
        style={{ fontFamily: 'system-ui, sans-serif', maxWidth: '34rem', margin: '15vh auto', padding: '0 1.25rem' }}
      >
        <h1 style={{ fontSize: '1.375rem' }}>Something went wrong</h1>
        <p>Your work is kept. The terminal that runs Drydock has the details.</p>
        <p lang="ko">문제가 발생했습니다. 작업은 보존됩니다. 자세한 내용은 Drydock을 실행한 터미널에 있습니다.</p>
        <button type="button" onClick={reset}>
          Try again · 다시 시도
        </button>
      </body>
    </html>
  );
}
