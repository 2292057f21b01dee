import { Link } from '@tanstack/react-router';
import { ErrorPanel } from '../parts/error-panel.js';

export function NotFound() {
  return (
    <main className="mx-auto max-w-[760px] px-4 py-12">
      <h1 className="text-lg">No page has this address</h1>
      <p className="mt-1 mb-4 text-soft">It may have been mistyped, or name a page of another version.</p>
      <Link to="/" className="link">
        To the front page
      </Link>
    </main>
  );
}

/** A page that threw: a fault of ours, said plainly. */
export function Failed({ error }: { error: unknown }) {
  return (
    <main className="mx-auto max-w-[760px] px-4 py-12">
      <ErrorPanel
        error={error instanceof Error ? error : new Error(String(error))}
        retry={() => window.location.reload()}
      />
    </main>
  );
}
