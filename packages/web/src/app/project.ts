import { useParams } from '@tanstack/react-router';

/** The project named in the address. */
export function useProject(): string {
  return useParams({ from: '/p/$project' }).project;
}
