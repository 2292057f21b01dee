import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorPanel } from './error-panel.js';

/** What a query brought; the error when it brought nothing; both when an older answer may stay. */
export function Loaded<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}) {
  const { data, error } = query;
  return (
    <>
      {error !== null && <ErrorPanel error={error} retry={() => void query.refetch()} />}
      {data !== undefined && children(data)}
      {data === undefined && error === null && <p className="py-4 text-soft">Loading …</p>}
    </>
  );
}
